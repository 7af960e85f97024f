"""The peer of NoiseKernels.cs: the same noises as whole-array operations of numpy, in place on 64 MiB of floats."""
import json
import sys
import time

import numpy

start = (numpy.arange(16384 * 1024) % 251).astype(numpy.float32).reshape(16384, 32, 32)
values = start.copy()
generator = numpy.random.default_rng(1)
matrix = (0.68 * numpy.eye(32) + 0.01).astype(numpy.float32)


def gaussian():
    values[...] += generator.standard_normal(values.shape, dtype=numpy.float32)


def uniform():
    values[...] += 2 * generator.random(values.shape, dtype=numpy.float32) - 1


def laplace():
    values[...] += generator.laplace(size=values.shape)


def speckle():
    values[...] += values * (0.01 * generator.standard_normal(values.shape, dtype=numpy.float32))


def poisson():
    values[...] = generator.poisson(values)


def saltpepper():
    u = generator.random(values.shape, dtype=numpy.float32)
    low, high = values.min(), values.max()
    values[u < 0.05] = high
    values[u > 0.95] = low


def shift():
    values[...] = 0.7 * values + 0.3 * numpy.roll(values, -1, axis=1)


def mixing():
    values[...] = (values + values.sum(axis=1, keepdims=True)) * numpy.float32(1 / 33)


def product():
    values[...] = matrix @ values


operations = {"gaussian": gaussian, "uniform": uniform, "laplace": laplace, "speckle": speckle, "poisson": poisson,
              "saltpepper": saltpepper, "shift": shift, "mixing": mixing, "matrix": product}
print(json.dumps({"ready": numpy.__version__}), flush=True)
for line in sys.stdin:
    name, seconds = line.split()
    operation, count = operations[name], 0
    values[...] = start
    begin = time.perf_counter()
    while count == 0 or time.perf_counter() - begin < float(seconds):
        operation()
        count += 1
    print(json.dumps({"seconds": (time.perf_counter() - begin) / count}), flush=True)
