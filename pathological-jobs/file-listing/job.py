"""The readings of one hour, out of a table divided by region, day and hour into 6,720 folders.

faulty    the table is opened as a whole: every folder is listed before anything is read
clean     the same rows in a table divided by day only: 28 folders
"""
import pyarrow as pa

import tables
from pathological import describe, run, session, variant_and_arguments
from pyspark.sql import functions as F

REGIONS, DAYS, HOURS = 10, 28, 24
ROWS = 40                # of an hour


def main():
    variant, _ = variant_and_arguments()
    path, url = tables.folder("readings")
    for day in range(DAYS):
        parts = []
        for region in range(REGIONS):
            for hour in range(HOURS):
                first = ((day * REGIONS + region) * HOURS + hour) * ROWS
                columns = {"sensor": tables.numbers(first, ROWS, 1, 1000), "value": tables.numbers(first, ROWS, 2, 1000)}
                if variant == "faulty":
                    folder = path / f"region={region}" / f"day={day}" / f"hour={hour}"
                    folder.mkdir(parents=True)
                    tables.write_parquet(folder / "part-0.parquet", columns)
                else:
                    parts.append(pa.table({**columns, "region": pa.array([region] * ROWS), "hour": pa.array([hour] * ROWS)}))
        if variant == "clean":
            (path / f"day={day}").mkdir()
            table = pa.concat_tables(parts)
            tables.write_parquet(path / f"day={day}" / "part-0.parquet", {name: table[name] for name in table.column_names})
    spark = session("file-listing", variant)
    for hour in range(3):
        describe(spark, f"the readings of hour {hour}")
        readings = spark.read.schema("sensor long, value long, region long, day long, hour long").parquet(url)
        run(readings.where((F.col("day") == 7) & (F.col("hour") == hour)).groupBy("region").agg(F.sum("value").alias("total")))
    spark.stop()


if __name__ == "__main__":
    main()
