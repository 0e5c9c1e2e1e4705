"""Eight days of records, each day handed to a service by 12 tasks; speculation is on.

faulty    in each day 3 of the 12 tasks have 20 times the records of the others: they get copies, which are never quicker
clean     as many records, evenly spread: no task lags, no copies
remedied  the uneven records with spark.speculation=false
"""
import hashlib
import time

from pathological import describe, session, variant_and_arguments

DAYS = 8
TASKS = 12
RECORDS = 100            # of a usual task; the service takes 8 ms for each
HEAVY = 20               # times as many of the last three


def partition_of(number, even):
    if even:
        return number % TASKS
    light = (TASKS - 3) * RECORDS
    return number // RECORDS if number < light else TASKS - 3 + (number - light) // (RECORDS * HEAVY)


def record(number):
    return number, hashlib.shake_256(str(number).encode()).hexdigest(1_000)


def hand_over(records):
    for number, payload in records:
        time.sleep(0.008)               # the service
        yield int(payload[:8], 16)


def main():
    variant, _ = variant_and_arguments()
    spark = session("speculation-wastes", variant)
    even = variant == "clean"
    total = (TASKS - 3 + 3 * HEAVY) * RECORDS
    answer = 0
    for day in range(DAYS):
        describe(spark, f"hand over the records of day {day + 1}")
        records = spark.sparkContext.parallelize(range(total), 4).map(record)
        parts = records.partitionBy(TASKS, lambda number: partition_of(number, even))
        answer += parts.mapPartitions(hand_over).sum()
    print("answer:", DAYS * total, answer, flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
