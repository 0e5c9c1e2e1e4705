"""Payments get a running total.

faulty    the window has no partition: all rows go to one task, which sorts them
clean     the same window for each account: as many rows, sorted in 16 tasks
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import Window
from pyspark.sql import functions as F

ROWS = 500_000


def main():
    variant, _ = variant_and_arguments()
    spark = session("single-task-window", variant)
    describe(spark, "running total of the payments")
    payments = spark.range(0, ROWS, 1, 8).select(
        "id", hashed(1, 20_000).alias("account"), hashed(2, 10**9).alias("at"), hashed(3, 100_000).alias("cents"),
        text(4, 64).alias("purpose"))
    ordered = Window.orderBy("at", "id") if variant == "faulty" else Window.partitionBy("account").orderBy("at", "id")
    totals = payments.withColumn("total", F.sum("cents").over(ordered)).withColumn("before", F.lag("purpose").over(ordered))
    run(totals.select("id", "total", F.levenshtein(F.substring("purpose", 1, 32), F.substring("before", 1, 32)).alias("distance")))
    spark.stop()


if __name__ == "__main__":
    main()
