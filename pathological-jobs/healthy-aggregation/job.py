"""Readings summed up by sensor, then by kind. Adaptive execution is on.

clean     the only variant: partial aggregation, even keys, a small second step
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F

READINGS = 4_000_000
SENSORS = 200_000


def main():
    variant, _ = variant_and_arguments()
    spark = session("healthy-aggregation", variant)
    describe(spark, "readings by sensor, then by kind")
    readings = spark.range(0, READINGS, 1, 16).select(
        hashed(1, SENSORS).alias("sensor"), (hashed(2, 10_000) / 100).alias("value"), hashed(3, 86_400).alias("second"),
        F.conv(F.substring(text(4, 64), 1, 8), 16, 10).cast("long").alias("signature"))
    by_sensor = readings.groupBy("sensor").agg(
        F.count("*").alias("readings"), F.sum("value").alias("total"), F.max("second").alias("last"),
        F.stddev("value").alias("spread"), F.min("signature").alias("signature"))
    by_kind = by_sensor.groupBy((F.col("sensor") % 40).alias("kind")).agg(
        F.count("*").alias("sensors"), F.sum("readings").alias("readings"), F.avg("spread").alias("spread"),
        F.max("signature").alias("signature"))
    run(by_kind.select("kind", "sensors", "readings", "signature"))
    spark.stop()


if __name__ == "__main__":
    main()
