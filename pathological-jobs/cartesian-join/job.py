"""Intervals looked up by a condition without equality: every row is compared with every interval.

faulty    a range condition alone: BroadcastNestedLoopJoin
clean     the same rows looked up by an equality of the interval's number: BroadcastHashJoin
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F

EVENTS = 1_200_000
INTERVALS = 10_000
WIDTH = 1_000            # of an interval; the events' times are even in [0, INTERVALS * WIDTH)


def main():
    variant, _ = variant_and_arguments()
    spark = session("cartesian-join", variant)
    describe(spark, "find the interval of each event")
    events = spark.range(0, EVENTS, 1, 8).select("id", hashed(1, INTERVALS * WIDTH).alias("at"), text(2, 64).alias("what"))
    intervals = spark.range(0, INTERVALS, 1, 2).select(
        (F.col("id") * WIDTH).alias("from"), ((F.col("id") + 1) * WIDTH).alias("until"),
        F.col("id").alias("number"), text(3, 64).alias("label"))
    if variant == "faulty":
        condition = (F.col("at") >= F.col("from")) & (F.col("at") < F.col("until"))
    else:
        events = events.withColumn("in", F.floor(F.col("at") / WIDTH))
        condition = F.col("in") == F.col("number")
    run(events.join(intervals, condition, "inner" if variant == "clean" else "left").select("id", "at", "what", "label"))
    spark.stop()


if __name__ == "__main__":
    main()
