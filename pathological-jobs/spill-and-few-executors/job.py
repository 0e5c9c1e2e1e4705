"""A window over 3 million wide rows: every task spills, and one executor of one core has them all.

faulty         one executor of one core and 512 MiB, 12 partitions of 150 MiB in memory
more-executors two executors, the partitions as large: it spills as before
clean          two executors of 1 GiB, 48 partitions: they fit
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import Window
from pyspark.sql import functions as F

ROWS = 3_000_000


def main():
    variant, _ = variant_and_arguments()
    spark = session("spill-and-few-executors", variant)
    describe(spark, "readings of each sensor in the order of time")
    readings = spark.range(0, ROWS, 1, 24).select(
        "id", hashed(1, 200_000).alias("sensor"), hashed(2, 1 << 40).alias("at"), text(3, 512).alias("payload"))
    by_sensor = Window.partitionBy("sensor").orderBy("at")
    run(readings.select("id", "sensor", F.lag("at").over(by_sensor).alias("before"),
                        F.sha2(F.concat("payload", F.lag("payload").over(by_sensor)), 512).alias("change")))
    spark.stop()


if __name__ == "__main__":
    main()
