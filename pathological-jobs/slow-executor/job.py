"""Four passes over even data, each row a call of a slow service; one of two executors gets a quarter of its time.

faulty    executor 0 is stopped for 350 ms and continued for 120 ms, again and again (SIGSTOP, SIGCONT)
clean     nobody is slowed down
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
    spark = session("slow-executor", variant)
    describe(spark, "warm up")
    spark.range(0, 100_000, 1, 8).select(text(1, 64).alias("raw")).write.format("noop").mode("overwrite").save()
    done = threading.Event()
    if variant == "faulty":
        threading.Thread(target=slow_down, args=(executor_processes(spark)[0], 0.35, 0.12, done), daemon=True).start()
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
