"""Visits are looked up, shuffled by visitor and reported; one of two executors dies while its shuffle output is being read.

faulty    executor 0 is killed (kill -9) when a third of the reduce tasks have ended: fetches fail, its map tasks run again
clean     nobody dies
"""
import hashlib
import os
import signal
import threading
import time

from pathological import describe, executor_processes, session, variant_and_arguments

VISITS = 16_000
MAP_TASKS = 16
REDUCE_TASKS = 16
VISITORS = 1_600


def look_up(numbers):
    for number in numbers:
        if number % 10 == 0:
            time.sleep(0.012)           # the service; 1.2 s a task
        digest = hashlib.shake_256(str(number).encode()).hexdigest(500)
        yield int(digest[:8], 16) % VISITORS, digest


def report(visits):
    for visitor, pages in visits:
        time.sleep(0.01)                # the service; 1 s a task
        yield visitor + int(max(pages)[:8], 16)


def kill_an_executor(spark):
    """Wait until a third of the stage that reads the shuffle has ended, then kill the executor."""
    tracker = spark.sparkContext.statusTracker()
    while True:
        time.sleep(0.05)
        for stage in map(tracker.getStageInfo, tracker.getActiveStageIds()):
            if stage and stage.stageId > 0 and stage.numCompletedTasks >= REDUCE_TASKS // 3:
                os.kill(executor_processes(spark)[0], signal.SIGKILL)
                return


def main():
    variant, _ = variant_and_arguments()
    spark = session("executor-lost", variant)
    describe(spark, "report the visitors")
    if variant == "faulty":
        threading.Thread(target=kill_an_executor, args=(spark,), daemon=True).start()
    visits = spark.sparkContext.parallelize(range(VISITS), MAP_TASKS).mapPartitions(look_up)
    print("answer:", visits.groupByKey(REDUCE_TASKS).mapPartitions(report).sum(), flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
