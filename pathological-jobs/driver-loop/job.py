"""How many events each sensor had.

faulty    a loop of the program asks for one sensor after the other: 60 queries
clean     one query groups by the sensor
"""
import tables
from pathological import describe, session, variant_and_arguments
from pyspark.sql import functions as F

ROWS = 400_000
SENSORS = 60


def main():
    variant, _ = variant_and_arguments()
    path, url = tables.folder("events")
    for part in range(2):
        first = part * ROWS // 2
        tables.write_parquet(path / f"part-{part}.parquet", {
            "sensor": tables.numbers(first, ROWS // 2, 1, SENSORS), "value": tables.numbers(first, ROWS // 2, 2, 1000)})
    spark = session("driver-loop", variant)
    events = spark.read.schema("sensor long, value long").parquet(url)
    total = F.sum("value").alias("total")
    if variant == "faulty":
        describe(spark, "total of one sensor")
        totals = [events.where(F.col("sensor") == sensor).agg(total).collect()[0]["total"] for sensor in range(SENSORS)]
    else:
        describe(spark, "total of each sensor")
        totals = [row["total"] for row in events.groupBy("sensor").agg(total).collect()]
    print("answer:", len(totals), sum(totals), flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
