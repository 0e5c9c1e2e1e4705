"""Visits are looked up, shuffled by visitor and reported; one of three machines is lost while the shuffle is being read.

faulty    host 127.0.0.2 is lost (kill -9 of its worker and of its executor) when a third of the reduce tasks have ended: fetches
          fail, its map tasks run again, two executors do the rest
clean     no machine is lost
"""
import hashlib
import os
import signal
import threading
import time
from pathlib import Path

from pathological import describe, session, variant_and_arguments

VISITS = 24_000
MAP_TASKS = 24
REDUCE_TASKS = 24
VISITORS = 2_400
HOST = b"127.0.0.2"


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


def lose_the_host(spark):
    """Wait until a third of the stage that reads the shuffle has ended, then kill the worker of this cluster and the executor
    of this application that run on the host."""
    conf = spark.sparkContext.getConf()
    ours = {conf.get("spark.master").encode(), f"spark://CoarseGrainedScheduler@127.0.0.1:{conf.get('spark.driver.port')}".encode()}
    tracker = spark.sparkContext.statusTracker()
    while True:
        time.sleep(0.05)
        for stage in map(tracker.getStageInfo, tracker.getActiveStageIds()):
            if stage and stage.stageId > 0 and stage.numCompletedTasks >= REDUCE_TASKS // 3:
                for process in Path("/proc").glob("[0-9]*"):
                    try:
                        command = (process / "cmdline").read_bytes().split(b"\0")
                    except OSError:
                        continue        # ended meanwhile
                    if ours & set(command) and HOST in command:
                        os.kill(int(process.name), signal.SIGKILL)
                return


def main():
    variant, _ = variant_and_arguments()
    spark = session("node-lost", variant)
    describe(spark, "report the visitors")
    if variant == "faulty":
        threading.Thread(target=lose_the_host, args=(spark,), daemon=True).start()
    visits = spark.sparkContext.parallelize(range(VISITS), MAP_TASKS).mapPartitions(look_up)
    print("answer:", visits.groupByKey(REDUCE_TASKS).mapPartitions(report).sum(), flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
