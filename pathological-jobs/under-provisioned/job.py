"""170 tasks ask a slow service, each for 0.8 s. They wait more than they compute, so that slots are all that they lack.

faulty    one executor of one core: 170 waves, two minutes
clean     three executors of two cores: 29 waves
"""
import hashlib
import time

from pathological import describe, session, variant_and_arguments

TASKS = 170
WAIT_S = 0.8


def ask(number):
    time.sleep(WAIT_S)                  # the service
    return int(hashlib.sha256(str(number).encode()).hexdigest()[:8], 16)


def main():
    variant, _ = variant_and_arguments()
    spark = session("under-provisioned", variant)
    describe(spark, "ask the service about each customer")
    answers = spark.sparkContext.parallelize(range(TASKS), TASKS).map(ask)
    print("answer:", TASKS, answers.sum(), flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
