"""Visits summed up by visitor; one of two executors dies while its shuffle output is being read.

faulty    executor 0 is killed (kill -9) when a third of the reduce tasks have ended: fetches fail, its map tasks run again
clean     nobody dies
"""
import os
import signal
import threading
import time

from pathological import describe, executor_processes, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F

VISITS = 1_200_000
MAP_TASKS = 16
REDUCE_TASKS = 16


def kill_an_executor(spark):
    """Wait until a third of a stage that reads the shuffle has ended, then kill the executor."""
    tracker = spark.sparkContext.statusTracker()
    while True:
        time.sleep(0.05)
        for stage in map(tracker.getStageInfo, tracker.getActiveStageIds()):
            if stage and stage.stageId > 0 and stage.numTasks == REDUCE_TASKS and stage.numCompletedTasks >= REDUCE_TASKS // 3:
                os.kill(executor_processes()[0], signal.SIGKILL)
                return


def main():
    variant, _ = variant_and_arguments()
    spark = session("executor-lost", variant)
    describe(spark, "visits by visitor")
    if variant == "faulty":
        threading.Thread(target=kill_an_executor, args=(spark,), daemon=True).start()
    visits = spark.range(0, VISITS, 1, MAP_TASKS).select(hashed(1, 400_000).alias("visitor"), text(2, 192).alias("page"))
    last = visits.groupBy("visitor").agg(F.count("*").alias("visits"), F.max("page").alias("last"), F.min("page").alias("first"))
    run(last.select("visitor", "visits", F.levenshtein("last", "first").alias("distance")))
    spark.stop()


if __name__ == "__main__":
    main()
