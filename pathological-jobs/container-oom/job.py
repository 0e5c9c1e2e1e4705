"""Pictures are decoded in Python workers that keep every decoded picture; the process tree outgrows its container.

The container is played by a thread of this job: it measures each executor with its Python workers and kills the executor
(kill -9, exit code 137) when they hold more than 1408 MiB, which is 1 GiB of heap and Spark's default of 384 MiB beside it.

faulty    a module-level list keeps the pictures of all tasks of a worker, since Spark uses its Python workers again
clean     a task lets go of its pictures
remedied  the list, but spark.python.worker.reuse=false: each task gets a fresh Python worker
"""
import hashlib
import os
import signal
import threading
import time
from pathlib import Path

from pathological import describe, executor_processes, session, variant_and_arguments

LIMIT = (1024 + 384) << 20
TASKS = 24
PICTURES = 10            # of a task
SIZE = 20 << 20          # of a decoded picture


def decode(numbers, leak):
    import builtins                     # what stays in the worker when the task has ended
    kept = builtins.__dict__.setdefault("pictures", []) if leak else []
    for number in numbers:
        time.sleep(0.1)                 # the picture is fetched
        seed = hashlib.sha256(str(number).encode()).digest()
        kept.append(bytearray(seed * (SIZE // len(seed))))
        yield kept[-1][number % SIZE]


def memory_of(process):
    """Resident bytes of a process and its descendants."""
    children = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append((int(status.parent.name), int(fields[21]) * 4096))
    own = next((size for family in children.values() for child, size in family if child == process), 0)
    waiting, total = [process], own
    while waiting:
        for child, size in children.get(waiting.pop(), []):
            total += size
            waiting.append(child)
    return total


def container(spark):
    while True:
        time.sleep(0.1)
        for process in executor_processes(spark):
            if memory_of(process) > LIMIT:
                os.kill(process, signal.SIGKILL)


def main():
    variant, _ = variant_and_arguments()
    spark = session("container-oom", variant)
    threading.Thread(target=container, args=(spark,), daemon=True).start()
    describe(spark, "decode the pictures")
    leak = variant != "clean"
    numbers = spark.sparkContext.parallelize(range(TASKS * PICTURES), TASKS)
    print("answer:", numbers.mapPartitions(lambda part: decode(part, leak)).sum(), flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
