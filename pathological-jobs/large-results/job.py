"""Two exports; the second is larger than the first.

faulty    both are collected: the first is just below spark.driver.maxResultSize (256 MiB), the second above it: the application fails
clean     the executors write them
"""
from pathlib import Path

from pathological import describe, hashed, session, text, variant_and_arguments
from pyspark.sql import functions as F

ROWS = {"first": 800_000, "second": 1_400_000}


def main():
    variant, _ = variant_and_arguments()
    spark = session("large-results", variant)
    for name, rows in ROWS.items():
        describe(spark, f"the {name} export")
        export = spark.range(0, rows, 1, 16).select("id", hashed(1, 100).alias("kind"), text(2, 256).alias("body"))
        if variant == "faulty":
            print("answer:", len(export.collect()), flush=True)
        else:
            export.write.mode("overwrite").parquet(f"file://{Path.cwd()}/{name}")
            print("answer:", name, flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
