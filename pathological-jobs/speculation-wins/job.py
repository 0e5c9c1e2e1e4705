"""Four passes over even data with speculation on; in the faulty run one of two executors gets a seventh of its time.

faulty    executor 0 is stopped for 600 ms and continued for 100 ms, again and again: copies of its tasks win
clean     nobody is slowed down: no copies, or as good as none
"""
import threading
import time

from pathological import describe, executor_processes, hashed, run, session, slow_down, text, variant_and_arguments
from pyspark.sql import functions as F

TASKS = 24
ROWS = 60                # of a task
WAIT_MS = 10             # of a row: the call waits in the executor's JVM, so that stopping it slows the call
PASSES = 4


def main():
    variant, _ = variant_and_arguments()
    spark = session("speculation-wins", variant)
    describe(spark, "warm up")
    spark.range(0, 100_000, 1, 8).select(text(1, 64).alias("raw")).write.format("noop").mode("overwrite").save()
    done = threading.Event()
    if variant == "faulty":
        threading.Thread(target=slow_down, args=(executor_processes(spark)[0], 0.6, 0.1, done), daemon=True).start()
    for number in range(PASSES):
        describe(spark, f"pass {number + 1} over the readings")
        readings = spark.range(0, TASKS * ROWS, 1, TASKS).select(
            hashed(number, 64).alias("sensor"), text(number, 512).alias("raw"),
            F.expr(f"reflect('java.lang.Thread', 'sleep', {WAIT_MS}L)").alias("call"))
        run(readings.groupBy("sensor").agg(F.count("call").alias("readings"), F.max("raw").alias("last")))
    done.set()
    time.sleep(0.5)
    spark.stop()


if __name__ == "__main__":
    main()
