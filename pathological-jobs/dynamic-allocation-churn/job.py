"""Every half minute a burst of work; dynamic allocation gives the executors back in each pause and starts new ones.

faulty    spark.dynamicAllocation.executorIdleTimeout=3s: the executors of a burst live for some seconds
clean     the default of 60 s: the first executors serve all bursts
"""
import hashlib
import time

from pathological import describe, session, variant_and_arguments

BURSTS = 7
PAUSE_S = 28
TASKS = 12
WAIT_S = 1.5


def ask(number):
    time.sleep(WAIT_S)
    return int(hashlib.sha256(str(number).encode()).hexdigest()[:8], 16)


def main():
    variant, _ = variant_and_arguments()
    spark = session("dynamic-allocation-churn", variant)
    total = 0
    for burst in range(BURSTS):
        if burst > 0:
            time.sleep(PAUSE_S)         # the next file has not arrived yet
        describe(spark, f"file {burst + 1}")
        total += spark.sparkContext.parallelize(range(burst * TASKS, (burst + 1) * TASKS), TASKS).map(ask).sum()
    print("answer:", BURSTS * TASKS, total, flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
