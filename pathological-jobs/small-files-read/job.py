"""Readings of sensors, 3 million rows in Parquet, summed by sensor.

faulty  in 3000 files of some 20 kB
clean   the same rows in 8 files

The files are written before Spark starts and kept below PATHOLOGICAL_ROOT.
"""
import os
from pathlib import Path

from pathological import describe, run, session, variant_and_arguments
from pyspark.sql import functions as F

ROWS = 3_000_000


def written(files):
    import numpy
    import pyarrow
    from pyarrow import parquet
    folder = Path(os.environ["PATHOLOGICAL_ROOT"], "data", f"readings-{ROWS}-{files}")
    if not (folder / "complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(files):
            row = numpy.arange(number * ROWS // files, (number + 1) * ROWS // files, dtype=numpy.uint64)
            mixed = (row * numpy.uint64(0x9E3779B97F4A7C15)) >> numpy.uint64(16)
            table = pyarrow.table({
                "sensor": pyarrow.array((mixed % numpy.uint64(5000)).astype(numpy.int64)),
                "at": pyarrow.array(row.astype(numpy.int64)),
                "value": pyarrow.array((mixed % numpy.uint64(1_000_003)).astype(numpy.float64) / 1000)})
            parquet.write_table(table, folder / f"part-{number:05}.parquet")
        (folder / "complete").touch()
    return str(folder)


def main():
    variant, _ = variant_and_arguments()
    path = written(3000 if variant == "faulty" else 8)
    spark = session("small-files-read", variant)
    describe(spark, "readings of each sensor")
    readings = spark.read.parquet(path)
    run(readings.groupBy("sensor").agg(F.count("*").alias("readings"), F.max("value").alias("highest"),
                                       F.max("at").alias("last")))
    spark.stop()


if __name__ == "__main__":
    main()
