"""One small job in every layout that Spark gives its event log. The settings of the variants stand in captures.toml.

    plain zstd lz4 snappy lzf   one file, not compressed or with each codec
    rolling                     a folder of parts of 10 MiB, the smallest that Spark allows
    compacted                   the same, the first parts merged by Spark's history server
    killed                      the driver is killed (kill -9) in its second query: the log has no end
    attempts                    on YARN; the driver is told to end (SIGTERM) in its second query and YARN starts another:
                                two logs of one application
    defaults                    Spark 4's own choice: rolling and zstd

A log of more than 100 MiB needs no heavy run: with `--script N` the description of each query is a script of N kB, as some
tools set it, and Spark writes it into the events of each query, job and stage.
"""
import os
import signal
import threading
import time

from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F

ORDERS = 300_000
CUSTOMERS = 40_000


def totals(spark, rows):
    orders = spark.range(0, rows, 1, 8).select("id", hashed(1, CUSTOMERS).alias("customer"), hashed(2, 100_000).alias("amount"),
                                                 text(3, 64).alias("note"))
    customers = spark.range(0, CUSTOMERS, 1, 2).select(F.col("id").alias("customer"), hashed(4, 50).alias("region"))
    joined = orders.join(F.broadcast(customers), "customer")
    return joined.groupBy("region").agg(F.count("*").alias("orders"), F.sum("amount").alias("amount"), F.max("note").alias("last"))


def end_driver_in_job(spark, how, after_s):
    """The driver's JVM, our parent, gets a signal while it runs a job of eight tasks of 2 s."""
    threading.Thread(target=lambda: (time.sleep(after_s), os.kill(os.getppid(), how)), daemon=True).start()
    spark.sparkContext.parallelize(range(8), 8).foreach(lambda _: time.sleep(2))


def main():
    variant, options = variant_and_arguments(queries=2, rows=ORDERS, script=0)
    spark = session("layouts", variant)
    for number in range(options.queries):
        script = "".join(f"\n-- line {line} of the script of all reports" for line in range(options.script * 1000 // 45))
        describe(spark, f"totals by region, part {number + 1}{script}")
        if variant == "killed" and number == 1:
            end_driver_in_job(spark, signal.SIGKILL, 1.5)
        if variant == "attempts" and number == 1 and spark.sparkContext._jsc.sc().applicationAttemptId().contains("1"):
            end_driver_in_job(spark, signal.SIGTERM, 3)
        run(totals(spark, options.rows))
    spark.stop()


if __name__ == "__main__":
    main()
