"""The different visitors of each shop, as sets.

faulty    executors of 512 MiB: little room beside the sets, twice as many collections
clean     the same with 1 GiB
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F

ROWS = 4_500_000
SHOPS = 40


def main():
    variant, _ = variant_and_arguments()
    spark = session("gc-small-heap", variant)
    describe(spark, "visitors of each shop")
    visits = spark.range(0, ROWS, 1, 4).select(hashed(1, SHOPS).alias("shop"), text(2, 64).alias("visitor"))
    run(visits.groupBy("shop").agg(F.size(F.collect_set("visitor")).alias("visitors"), F.count("*").alias("visits")))
    spark.stop()


if __name__ == "__main__":
    main()
