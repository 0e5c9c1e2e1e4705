"""A report is computed and written as one file.

faulty    coalesce(1) before the write: the heavy computation runs in one task
clean     the same rows, written as they come from eight tasks
remedied  repartition(1) before the write: eight tasks compute, one writes
"""
from pathlib import Path

from pathological import describe, hashed, session, text, variant_and_arguments
from pyspark.sql import functions as F

ROWS = 60_000


def main():
    variant, _ = variant_and_arguments()
    spark = session("coalesce-one", variant)
    describe(spark, "write the report")
    people = spark.range(0, ROWS, 1, 8).select("id", text(1, 128).alias("name"), text(2, 128).alias("address"))
    report = people.select("id", F.levenshtein("name", "address").alias("distance"), hashed(3, 1000).alias("group"))
    if variant == "faulty":
        report = report.coalesce(1)
    elif variant == "remedied":
        report = report.repartition(1)
    path = f"file://{Path.cwd()}/report"
    report.write.mode("overwrite").parquet(path)
    print("answer:", sum(1 for _ in Path("report").glob("part-*")), "files", flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
