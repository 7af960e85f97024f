"""The peer of the export measurement: onnx's own checker, on a file by its path, as large files and files with external data need it."""
import json
import os
import sys

import onnx
import onnx.checker
import onnx.shape_inference

print(json.dumps({"onnx": onnx.__version__}), flush=True)
for line in sys.stdin:
    path = line.rstrip("\n")
    inferred = path + ".inferred"
    try:
        onnx.checker.check_model(path)
        # The types and shapes that follow from the graph must be those that it states. Its output is one message, so it ends at 2 GiB.
        onnx.shape_inference.infer_shapes_path(path, inferred, check_type=True, strict_mode=True)
        answer = {"accepted": True}
    except Exception as refused:
        answer = {"accepted": False, "reason": str(refused).strip().splitlines()[0]}
    finally:
        if os.path.exists(inferred):
            os.remove(inferred)
    print(json.dumps(answer), flush=True)
