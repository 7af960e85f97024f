"""The peer of NoiseKernels.cs: the same noises as whole-array operations of numpy, in place on 64 MiB of floats."""
import json
import sys
import time

import numpy

values = (numpy.arange(16384 * 1024) % 251).astype(numpy.float32).reshape(16384, 32, 32)
generator = numpy.random.default_rng(1)


def gaussian():
    values[...] += generator.standard_normal(values.shape, dtype=numpy.float32)


def saltpepper():
    u = generator.random(values.shape, dtype=numpy.float32)
    low, high = values.min(), values.max()
    values[u < 0.05] = high
    values[u > 0.95] = low


def linear():
    values[...] = 0.7 * values + 0.3 * numpy.roll(values, -1, axis=1)


operations = {"gaussian": gaussian, "saltpepper": saltpepper, "linear": linear}
print(json.dumps({"ready": numpy.__version__}), flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    operations[line.strip()]()
    print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)
