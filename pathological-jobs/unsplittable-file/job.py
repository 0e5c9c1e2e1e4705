"""A CSV log of 3.2 million requests, packed with gzip, read and aggregated.

faulty  one file of 200 MB: gzip cannot be divided, so one task reads it alone
clean   the same rows and bytes in eight files

The files are written before Spark starts and kept below PATHOLOGICAL_ROOT.
"""
import gzip
import hashlib
import os
from pathlib import Path

from pathological import describe, run, session, variant_and_arguments
from pyspark.sql import functions as F

ROWS = 3_200_000
PARTS = 8


def written(files):
    folder = Path(os.environ["PATHOLOGICAL_ROOT"], "data", f"requests-{ROWS}-{files}")
    if not (folder / "complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(files):
            with gzip.open(folder / f"requests-{number}.csv.gz", "wb", compresslevel=1) as file:
                for start in range(number * ROWS // files, (number + 1) * ROWS // files, 10_000):
                    file.write(b"".join(line(row) for row in range(start, start + 10_000)))
        (folder / "complete").touch()
    return str(folder / "*.csv.gz")


def line(row):
    digest = hashlib.md5(str(row).encode()).hexdigest()
    return f"{row},{int(digest[:4], 16)},{int(digest[4:9], 16)},{digest}{digest[::-1]}{digest[8:24]}\n".encode()


def main():
    variant, _ = variant_and_arguments()
    path = written(1 if variant == "faulty" else PARTS)
    spark = session("unsplittable-file", variant)
    describe(spark, "time of each page")
    requests = spark.read.csv(path, schema="id long, page int, took long, trace string")
    run(requests.groupBy("page").agg(F.sum("took").alias("took"), F.max(F.xxhash64(F.sha2("trace", 256))).alias("mark")))
    spark.stop()


if __name__ == "__main__":
    main()
