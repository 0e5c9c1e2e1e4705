"""A window over 4 million wide rows: every task spills, and one executor of one core has them all.

faulty         one executor of one core and 512 MiB, 16 partitions of 150 MiB in memory
more-executors two executors, the partitions as large: it spills as before
clean          two executors of 1 GiB, 64 partitions: they fit
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import Window
from pyspark.sql import functions as F

ROWS = 4_000_000


def main():
    variant, _ = variant_and_arguments()
    spark = session("spill-and-few-executors", variant)
    describe(spark, "readings of each sensor in the order of time")
    readings = spark.range(0, ROWS, 1, 32).select(
        "id", hashed(1, 200_000).alias("sensor"), hashed(2, 1 << 40).alias("at"), text(3, 512).alias("payload"))
    by_sensor = Window.partitionBy("sensor").orderBy("at")
    before = F.lag("payload").over(by_sensor)
    run(readings.select("id", "sensor", F.levenshtein(F.substring("payload", 1, 72), F.substring(before, 1, 72)).alias("change")))
    spark.stop()


if __name__ == "__main__":
    main()
