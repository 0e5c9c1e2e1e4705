"""HiBench's Sort: text lines in a random order, sorted whole and written as text.

clean     1.2 million lines of 100 characters in 8 files, sortByKey into 4 partitions
"""
from pathlib import Path

from pathological import describe, hashed, session, text, variant_and_arguments
from pyspark.sql import functions as F

LINES = 1_200_000
FILES = 8
PARTITIONS = 4


def main():
    variant, _ = variant_and_arguments()
    spark = session("hibench-sort", variant)
    folder = f"file://{Path.cwd()}/data"
    describe(spark, "write the lines")
    lines = spark.range(0, LINES, 1, FILES).select(F.concat(text(1, 64), F.lpad(hashed(2, 1 << 40).cast("string"), 36, "0")).alias("value"))
    lines.write.text(f"{folder}/input")
    describe(spark, "sort the lines")
    pairs = spark.sparkContext.textFile(f"{folder}/input", FILES).map(lambda line: (line, None))
    pairs.sortByKey(numPartitions=PARTITIONS).keys().saveAsTextFile(f"{folder}/output")
    spark.stop()
    written = sorted(Path.cwd().glob("data/output/part-*"))
    ordered = [file.open().readline() for file in written]
    print("answer:", sum(file.stat().st_size for file in written), "bytes,", len(written), "files,",
          "in order" if ordered == sorted(ordered) else "NOT in order")


if __name__ == "__main__":
    main()
