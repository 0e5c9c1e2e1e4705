"""Each reading's samples are smoothed.

faulty    arrays of a million samples go through a chain of transform, zip_with and filter: each step makes an object a sample
clean     the same samples as rows
"""
from pathological import describe, run, session, variant_and_arguments
from pyspark.sql import functions as F

READINGS = 32
SAMPLES = 800_000


def main():
    variant, _ = variant_and_arguments()
    spark = session("gc-churn", variant)
    describe(spark, "smooth the samples")
    if variant == "faulty":
        samples = F.transform(F.sequence(F.lit(0), F.lit(SAMPLES - 1)), lambda n: F.pmod(F.hash(n, "id"), F.lit(1000)).cast("double"))
        readings = spark.range(0, READINGS, 1, 16).select("id", samples.alias("samples"))
        smooth = F.transform("samples", lambda x: F.struct((x * 0.5).alias("value"), (x > 500).alias("high")))
        readings = readings.select("id", smooth.alias("smooth"))
        totals = readings.select("id", F.aggregate(F.filter("smooth", lambda s: s["high"]), F.lit(0.0), lambda total, s: total + s["value"]).alias("total"))
    else:
        readings = spark.range(0, READINGS * SAMPLES, 1, 16).select(
            F.expr(f"id div {SAMPLES}").alias("id"), (F.col("id") % SAMPLES).cast("int").alias("n"))
        sample = readings.select("id", F.pmod(F.hash("n", "id"), F.lit(1000)).cast("double").alias("x"))
        totals = sample.where(F.col("x") > 500).groupBy("id").agg(F.sum(F.col("x") * 0.5).alias("total"))
    run(totals)
    spark.stop()


if __name__ == "__main__":
    main()
