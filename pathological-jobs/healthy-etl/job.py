"""A nightly load: raw events are landed as Parquet, read again, cleaned and written by day.

clean     the only variant: even tasks, files of a sensible size, only the columns that are needed
"""
from pathlib import Path

from pathological import describe, hashed, session, text, variant_and_arguments
from pyspark.sql import functions as F

EVENTS = 2_400_000
MAP_TASKS = 12
DAYS = 6


def main():
    variant, _ = variant_and_arguments()
    spark = session("healthy-etl", variant)
    folder = f"file://{Path.cwd()}/data"
    describe(spark, "land the raw events")
    raw = spark.range(0, EVENTS, 1, MAP_TASKS).select(
        "id", hashed(1, DAYS).alias("day"), hashed(2, 50_000).alias("device"), (hashed(3, 20_000) / 100).alias("value"),
        F.when(hashed(4, 20) == 0, F.lit(None)).otherwise(F.upper(text(5, 64))).alias("token"))
    raw.write.parquet(f"{folder}/raw")

    describe(spark, "clean the events and write them by day")
    events = spark.read.schema(raw.schema).parquet(f"{folder}/raw")
    cleaned = (events.where(F.col("token").isNotNull() & (F.col("value") > 1))
               .withColumn("token", F.lower("token")).withColumn("fingerprint", F.sha2("token", 256))
               .withColumn("band", F.when(F.col("value") < 50, "low").when(F.col("value") < 150, "middle").otherwise("high")))
    cleaned.repartition(DAYS, "day").write.partitionBy("day").parquet(f"{folder}/clean")

    describe(spark, "count what was written")
    written = spark.read.schema(cleaned.schema).parquet(f"{folder}/clean")
    row = written.agg(F.count("*"), F.sum(F.pmod(F.xxhash64("device", "value"), F.lit(1 << 32)))).first()
    print("answer:", *row, flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
