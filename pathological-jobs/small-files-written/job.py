"""Events written as Parquet, in a folder for each day.

faulty  every one of 24 tasks has rows of all 90 days and writes a file for each: 2160 files
clean   the rows of a day are brought together first (REBALANCE by day): about a file for each day
"""
from pathological import describe, hashed, session, text, variant_and_arguments

ROWS = 1_200_000
DAYS = 90


def main():
    variant, _ = variant_and_arguments()
    spark = session("small-files-written", variant)
    describe(spark, "write the events by day")
    events = spark.range(0, ROWS, 1, 24).select("id", hashed(1, DAYS).alias("day"), hashed(2, 10_000).alias("user"),
                                                text(3, 64).alias("what"))
    if variant == "clean":
        events.createOrReplaceTempView("events")
        events = spark.sql("SELECT /*+ REBALANCE(day) */ * FROM events")
    events.write.partitionBy("day").mode("overwrite").parquet("events")
    describe(spark, None)
    print("answer:", variant, "wrote", ROWS, flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
