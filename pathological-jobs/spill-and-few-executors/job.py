"""The trips of each vehicle in the order of time, then a fingerprint of each trip: two problems at once.

faulty  one executor of one core and 600 MiB for all tasks, and 4 shuffle partitions, each more than a task can hold
clean   two executors and 40 shuffle partitions
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import Window
from pyspark.sql import functions as F

ROWS = 1_600_000


def main():
    variant, _ = variant_and_arguments()
    spark = session("spill-and-few-executors", variant)
    describe(spark, "trips in the order of time")
    trips = spark.range(0, ROWS, 1, 24).select(
        "id", hashed(1, 100_000).alias("vehicle"), hashed(2, 1 << 40).alias("at"),
        text(3, 256).alias("route"))
    by_vehicle = Window.partitionBy("vehicle").orderBy("at")
    run(trips.select("id", "vehicle", F.lag("at").over(by_vehicle).alias("before"),
                     F.sha2("route", 512).alias("fingerprint"), F.row_number().over(by_vehicle).alias("number")))
    spark.stop()


if __name__ == "__main__":
    main()
