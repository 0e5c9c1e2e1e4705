"""Four passes over even data; one of two executors gets a quarter of its core.

faulty    executor 0 is stopped for 350 ms and continued for 120 ms, again and again (SIGSTOP, SIGCONT)
clean     nobody is slowed down
remedied  the slow executor, with spark.speculation: copies of its tasks run on the other one
"""
import os
import signal
import threading
import time

from pathological import describe, executor_processes, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F

ROWS = 480_000
TASKS = 16
PASSES = 4


def slow_down(process, done):
    while not done.is_set():
        os.kill(process, signal.SIGSTOP)
        time.sleep(0.35)
        os.kill(process, signal.SIGCONT)
        time.sleep(0.12)


def main():
    variant, _ = variant_and_arguments()
    spark = session("slow-executor", variant)
    spark.range(0, 1_000, 1, 4).write.format("noop").mode("overwrite").save()      # both executors are there
    done = threading.Event()
    if variant != "clean":
        threading.Thread(target=slow_down, args=(executor_processes()[0], done), daemon=True).start()
    for number in range(PASSES):
        describe(spark, f"pass {number + 1} over the readings")
        readings = spark.range(0, ROWS, 1, TASKS).select("id", hashed(number, 64).alias("sensor"), text(number, 128).alias("raw"))
        signed = readings.select("sensor", F.sha2("raw", 512).alias("signature"), F.levenshtein(F.substring("raw", 1, 24), F.substring("raw", 65, 24)).alias("noise"))
        run(signed.groupBy("sensor").agg(F.count("*").alias("readings"), F.max("signature").alias("last"), F.sum("noise").alias("noise")))
    done.set()
    time.sleep(0.5)
    spark.stop()


if __name__ == "__main__":
    main()
