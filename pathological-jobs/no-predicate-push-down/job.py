"""The movements of a few accounts, out of files that are sorted by account.

faulty    the text of the account is cast to a number in the condition: every row group is read and unpacked
clean     the account is compared as the text that it is: the scan skips row groups by their statistics
"""
import numpy as np
import pyarrow as pa

import tables
from pathological import describe, run, session, variant_and_arguments
from pyspark.sql import functions as F

FILES = 8
ROWS = 500_000           # of a file
WIDTH = 12


def accounts(first, rows):
    """Ascending account numbers of 12 digits, four rows each."""
    number = np.arange(first, first + rows) // 4
    digits = np.stack([number // 10**place % 10 for place in range(WIDTH - 1, -1, -1)], axis=1).astype(np.uint8) + ord("0")
    offsets = np.arange(0, (rows + 1) * WIDTH, WIDTH, dtype=np.int32)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(digits.tobytes()))


def main():
    variant, _ = variant_and_arguments()
    path, url = tables.folder("movements")
    for part in range(FILES):
        first = part * ROWS
        tables.write_parquet(path / f"part-{part}.parquet", {
            "account": accounts(first, ROWS), "cents": tables.numbers(first, ROWS, 1, 100_000),
            "purpose": tables.text(first, ROWS, 2, 128)})
    spark = session("no-predicate-push-down", variant)
    movements = spark.read.schema("account string, cents long, purpose string").parquet(url)
    describe(spark, "movements of some accounts")
    low, high = 700_000, 700_999
    if variant == "faulty":
        chosen = movements.where(F.col("account").cast("long").between(low, high))
    else:
        chosen = movements.where(F.col("account").between(f"{low:0{WIDTH}}", f"{high:0{WIDTH}}"))
    run(chosen.select("account", "cents", F.length("purpose").alias("length")))
    spark.stop()


if __name__ == "__main__":
    main()
