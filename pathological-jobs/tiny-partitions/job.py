"""Counts by shop and their order, over 60,000 rows, without adaptive execution.

faulty    each shuffle has 1000 partitions: a task gets some 60 rows
clean     the same with 4 partitions
remedied  1000 partitions with adaptive execution on: Spark joins them to a few
"""
from pathological import describe, hashed, run, session, variant_and_arguments
from pyspark.sql import functions as F

ROWS = 60_000


def main():
    variant, _ = variant_and_arguments()
    spark = session("tiny-partitions", variant)
    describe(spark, "customers of each shop")
    visits = spark.range(0, ROWS, 1, 4).select(hashed(1, 5_000).alias("shop"), hashed(2, 40_000).alias("customer"))
    run(visits.groupBy("shop").agg(F.countDistinct("customer").alias("customers")))
    spark.stop()


if __name__ == "__main__":
    main()
