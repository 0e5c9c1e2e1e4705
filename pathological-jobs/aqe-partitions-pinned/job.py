"""Counts by shop over 200,000 rows with adaptive execution on, which may not join the small partitions.

faulty             the code asks for 500 partitions: adaptive execution leaves a number that the code states
faulty-setting     nothing in the code; 500 shuffle partitions and joining them switched off by a setting
clean              neither: 500 shuffle partitions, which adaptive execution joins to a few
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F

ROWS = 200_000


def main():
    variant, _ = variant_and_arguments()
    spark = session("aqe-partitions-pinned", variant)
    describe(spark, "sales of each shop")
    sales = spark.range(0, ROWS, 1, 4).select(
        hashed(1, 20_000).alias("shop"), hashed(2, 1000).alias("amount"), text(3, 64).alias("receipt"))
    if variant == "faulty":
        sales = sales.repartition(500, "shop")
    run(sales.groupBy("shop").agg(F.sum("amount").alias("amount"), F.max(F.xxhash64("receipt")).alias("mark")))
    spark.stop()


if __name__ == "__main__":
    main()
