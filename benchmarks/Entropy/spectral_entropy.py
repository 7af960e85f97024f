"""The peer of SpectralEntropy.cs: the diffusion matrix and its eigenvalues by numpy, float64."""
import json
import sys
import time

import numpy

path, dimension = sys.argv[1], int(sys.argv[2])


def entropy(rows, sigma):
    lengths = (rows * rows).sum(axis=1)
    squared = numpy.maximum(lengths[:, None] + lengths[None, :] - 2 * (rows @ rows.T), 0)
    kernel = numpy.exp(squared / (-2 * sigma**2))
    scale = 1 / numpy.sqrt(kernel.sum(axis=1))
    kernel *= scale[:, None]
    kernel *= scale[None, :]
    values = numpy.abs(numpy.linalg.eigvalsh(kernel))
    shares = values / values.sum() + numpy.finfo(float).eps
    return -(shares * numpy.log2(shares)).sum()


print(json.dumps({"ready": numpy.__version__}), flush=True)
for line in sys.stdin:
    rows = numpy.fromfile(path).reshape(int(line), dimension)
    start = time.perf_counter()
    value = entropy(rows, dimension**0.5)
    print(json.dumps({"seconds": time.perf_counter() - start, "entropy": value}), flush=True)
