"""Ten deliveries to a service that allows two connections at once: two tasks each, whatever the number of executors.

faulty    four executors of two cores: six of eight slots never get a task
clean     one executor of two cores: as quick
"""
import hashlib
import time

from pathological import describe, session, variant_and_arguments

DELIVERIES = 10
CONNECTIONS = 2          # the service's limit, hence the number of partitions
RECORDS = 1_200          # of a delivery; the service takes 50 ms for each


def deliver(records):
    for record in records:
        time.sleep(0.05)                # the service
        yield int(hashlib.sha256(str(record).encode()).hexdigest()[:8], 16)


def main():
    variant, _ = variant_and_arguments()
    spark = session("over-provisioned", variant)
    total = 0
    for number in range(DELIVERIES):
        describe(spark, f"delivery {number + 1}")
        records = spark.sparkContext.parallelize(range(number * RECORDS, (number + 1) * RECORDS), CONNECTIONS)
        total += records.mapPartitions(deliver).sum()
    print("answer:", DELIVERIES * RECORDS, total, flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
