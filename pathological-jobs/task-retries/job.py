"""Records are delivered to a service; some deliveries fail after the task has done its work, and Spark tries again.

faulty    partitions 2, 5, 8, 11 and 13 fail on their first attempt and partition 8 on its second, each after its work
clean     every delivery succeeds
"""
import hashlib
import time

from pathological import describe, session, variant_and_arguments
from pyspark import TaskContext

PARTITIONS = 16
RECORDS = 60             # of a partition; the service takes 30 ms for each
REFUSED = {(2, 0), (5, 0), (8, 0), (8, 1), (11, 0), (13, 0)}       # (partition, attempt)


def deliver(numbers, faulty):
    receipts = []
    for number in numbers:
        time.sleep(0.03)                # the service
        receipts.append(int(hashlib.sha256(str(number).encode()).hexdigest()[:8], 16))
    context = TaskContext.get()
    if faulty and (context.partitionId(), context.attemptNumber()) in REFUSED:
        raise ConnectionResetError(f"the service closed the connection after {len(receipts)} records")
    return receipts


def main():
    variant, _ = variant_and_arguments()
    spark = session("task-retries", variant)
    describe(spark, "deliver the records")
    faulty = variant == "faulty"
    numbers = spark.sparkContext.parallelize(range(PARTITIONS * RECORDS), PARTITIONS)
    receipts = numbers.mapPartitions(lambda part: deliver(part, faulty))
    print("answer:", *receipts.aggregate((0, 0), lambda sums, receipt: (sums[0] + 1, sums[1] + receipt),
                                         lambda one, other: (one[0] + other[0], one[1] + other[1])), flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
