"""Eight days of readings, each read in 12 tasks; speculation is on.

faulty    in each day 3 of the 12 tasks have 12 times the rows of the others: they get copies, which are never quicker
clean     the same rows, evenly spread: no task lags, no copies
remedied  the uneven rows with spark.speculation=false
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F

DAYS = 8
TASKS = 12
ROWS = 3_000             # of a usual task
HEAVY = 12               # times as many of the last three


def main():
    variant, _ = variant_and_arguments()
    spark = session("speculation-wastes", variant)
    total = ROWS * (TASKS - 3 + 3 * HEAVY)
    for day in range(DAYS):
        describe(spark, f"readings of day {day + 1}")
        if variant == "clean":
            readings = spark.range(0, total, 1, TASKS)
        else:
            each = F.when(F.col("id") >= TASKS - 3, ROWS * HEAVY).otherwise(ROWS)
            readings = spark.range(0, TASKS, 1, TASKS).select(F.explode(F.sequence(F.lit(1), each)).alias("n"), "id")
            readings = readings.select((F.col("id") * 1_000_000 + F.col("n")).alias("id"))
        raw = readings.select("id", hashed(day, 64).alias("sensor"), text(day, 256).alias("raw"))
        signed = raw.select("sensor", F.levenshtein(F.substring("raw", 1, 64), F.substring("raw", 129, 64)).alias("noise"))
        run(signed.groupBy("sensor").agg(F.count("*").alias("readings"), F.sum("noise").alias("noise")))
    spark.stop()


if __name__ == "__main__":
    main()
