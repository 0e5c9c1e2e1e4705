"""Tokens are derived and delivered to a service; some deliveries fail after the task has done its work, and Spark tries again.

faulty    partitions 2, 5, 8, 11 and 13 fail on their first attempt and partition 8 on its second, each after its work
clean     every delivery succeeds
"""
import hashlib

from pathological import describe, session, variant_and_arguments
from pyspark import TaskContext

PARTITIONS = 16
TOKENS = 36              # of a partition
ROUNDS = 30_000          # of a token: about 25 ms
REFUSED = {(2, 0), (5, 0), (8, 0), (8, 1), (11, 0), (13, 0)}       # (partition, attempt)


def deliver(numbers, faulty):
    derived = [hashlib.pbkdf2_hmac("sha256", str(number).encode(), b"pathological", ROUNDS).hex() for number in numbers]
    context = TaskContext.get()
    if faulty and (context.partitionId(), context.attemptNumber()) in REFUSED:
        raise ConnectionResetError(f"the token service closed the connection after {len(derived)} tokens")
    return [int(token[:8], 16) for token in derived]


def main():
    variant, _ = variant_and_arguments()
    spark = session("task-retries", variant)
    describe(spark, "derive and deliver the tokens")
    faulty = variant == "faulty"
    numbers = spark.sparkContext.parallelize(range(PARTITIONS * TOKENS), PARTITIONS)
    delivered = numbers.mapPartitions(lambda part: deliver(part, faulty))
    print("answer:", *delivered.aggregate((0, 0), lambda sums, token: (sums[0] + 1, sums[1] + token),
                                          lambda one, other: (one[0] + other[0], one[1] + other[1])), flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
