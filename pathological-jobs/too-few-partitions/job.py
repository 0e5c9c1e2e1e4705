"""The trips of each vehicle in the order of time: a window over 1.4 million rows in a heap of 700 MiB.

faulty  2 shuffle partitions: each task sorts some 200 MiB, more than it can hold, and spills
clean   20 shuffle partitions: each task sorts some 50 MiB in memory
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import Window
from pyspark.sql import functions as F

ROWS = 1_400_000


def main():
    variant, _ = variant_and_arguments()
    spark = session("too-few-partitions", variant)
    describe(spark, "trips in the order of time")
    trips = spark.range(0, ROWS, 1, 8).select(
        "id", hashed(1, 100_000).alias("vehicle"), hashed(2, 1 << 40).alias("at"),
        text(3, 256).alias("route"))
    by_vehicle = Window.partitionBy("vehicle").orderBy("at")
    run(trips.select("id", "vehicle", "route", F.lag("at").over(by_vehicle).alias("before"),
                     F.row_number().over(by_vehicle).alias("number")))
    spark.stop()


if __name__ == "__main__":
    main()
