"""HiBench's TeraSort: records of 100 bytes with keys of 10, range-partitioned and sorted, with DataFrames.

clean     2 million records (200 MB) in 8 files, sorted into 16 partitions
"""
from pathlib import Path

from pathological import describe, session, text, variant_and_arguments
from pyspark.sql import functions as F

RECORDS = 2_000_000
FILES = 8


def main():
    variant, _ = variant_and_arguments()
    spark = session("hibench-terasort", variant)
    folder = f"file://{Path.cwd()}/data"
    describe(spark, "write the records")
    spark.range(0, RECORDS, 1, FILES).select(
        F.substring(F.md5(F.col("id").cast("string")), 1, 10).alias("key"),
        F.concat(text(1, 64), F.lpad(F.col("id").cast("string"), 26, "0")).alias("value")).write.parquet(f"{folder}/input")
    describe(spark, "sort the records")
    records = spark.read.schema("key string, value string").parquet(f"{folder}/input")
    records.sort("key").write.parquet(f"{folder}/output")
    spark.stop()
    written = sorted(Path.cwd().glob("data/output/part-*"))
    print("answer:", sum(file.stat().st_size for file in written), "bytes,", len(written), "files")


if __name__ == "__main__":
    main()
