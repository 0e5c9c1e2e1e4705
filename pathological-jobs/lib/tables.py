"""Tables that exist before the application starts: written with pyarrow, without Spark, so that its log shows the job alone.

Columns are functions of the row number, as in pathological.py.
"""
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq


def folder(name):
    """An empty folder beside the job, and its URL as executors need it."""
    path = Path.cwd() / "data" / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path, f"file://{path}"


def mixed(first, rows, seed):
    """64 mixed bits a row (splitmix64)."""
    bits = np.arange(first, first + rows, dtype=np.uint64) + np.uint64(seed * 0x9E3779B97F4A7C15 % 2**64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        bits = (bits ^ (bits >> np.uint64(shift))) * np.uint64(factor)
    return bits ^ (bits >> np.uint64(31))


def numbers(first, rows, seed, modulus):
    return pa.array((mixed(first, rows, seed) % np.uint64(modulus)).astype(np.int64))


def text(first, rows, seed, characters):
    """Hexadecimal text, a multiple of 16 characters long."""
    digits = np.frombuffer(b"".join(b"%02x" % value for value in range(256)), dtype=np.uint16)
    words = np.stack([mixed(first, rows, seed * 1000 + part) for part in range(characters // 16)], axis=1)
    data = digits[words.view(np.uint8)].tobytes()
    offsets = np.arange(0, (rows + 1) * characters, characters, dtype=np.int32)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(data))


def write_parquet(path, columns, rows_a_group=100_000):
    pq.write_table(pa.table(columns), path, row_group_size=rows_a_group, compression="snappy")
