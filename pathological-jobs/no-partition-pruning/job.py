"""The readings of one day, out of a table divided by day.

faulty    the condition is on the time, formatted as text: all 32 days are read
clean     the condition is on the dividing column: one day is read
"""
import datetime

import numpy as np
import pyarrow as pa

import tables
from pathological import describe, run, session, variant_and_arguments
from pyspark.sql import functions as F

DAYS = 32
ROWS = 120_000           # of a day


def main():
    variant, _ = variant_and_arguments()
    path, url = tables.folder("readings")
    for day in range(DAYS):
        first = day * ROWS
        date = datetime.date(2026, 1, 1) + datetime.timedelta(days=day)
        at = np.datetime64(date, "us") + (np.arange(ROWS) * (86_400_000_000 // ROWS)).astype("timedelta64[us]")
        (path / f"day={date}").mkdir()
        tables.write_parquet(path / f"day={date}" / "part-0.parquet", {
            "at": pa.array(at, pa.timestamp("us", "UTC")), "sensor": tables.numbers(first, ROWS, 1, 10_000),
            "note": tables.text(first, ROWS, 2, 128)})
    spark = session("no-partition-pruning", variant)
    readings = spark.read.schema("at timestamp, sensor long, note string, day date").parquet(url)
    describe(spark, "the readings of one day")
    if variant == "faulty":
        chosen = readings.where(F.date_format("at", "yyyy-MM-dd") == "2026-01-20")
    else:
        chosen = readings.where(F.col("day") == datetime.date(2026, 1, 20))
    run(chosen.select("at", "sensor", F.length("note").alias("length")))
    spark.stop()


if __name__ == "__main__":
    main()
