"""Orders joined with customers, 90 % of the orders belonging to one customer.

    spark-submit job.py [--variant faulty|clean|remedied] [--rows N]

faulty    the hot key, adaptive query execution (AQE) off: one reduce task reads and joins 90 % of the rows
clean     the same rows and bytes with the keys spread evenly, AQE off: the clean twin
remedied  the hot key with AQE on, its thresholds left at their defaults: the hot partition is split

The data are functions of the row number, so that every run and every Spark version sees the same rows.
The job prints a count and a checksum of what it joined: the remedy must not change the answer.
"""
import argparse

from pyspark.sql import Observation, SparkSession
from pyspark.sql import functions as F

ORDERS = 1_400_000
CUSTOMERS = 400_000
HOT_CUSTOMER = 7
HOT_PER_TEN = 9          # of ten orders, how many belong to the hot customer
MAP_TASKS = 8
REDUCE_TASKS = 24        # at least 20, so that rules on stragglers count enough tasks


def settings(variant):
    return {
        "spark.sql.shuffle.partitions": REDUCE_TASKS,
        "spark.sql.adaptive.enabled": str(variant == "remedied").lower(),
    }


def random_key(seed):
    return F.pmod(F.xxhash64("id", F.lit(seed)), F.lit(CUSTOMERS))


def random_text(seed, bits):
    """Hexadecimal text of bits / 4 characters, which the shuffle's codec cannot compress much."""
    return F.sha2(F.concat_ws(":", F.lit(seed), F.col("id")), bits)


def orders(spark, rows, hot):
    key = random_key(12)
    if hot:
        of_hot_customer = F.pmod(F.xxhash64("id", F.lit(11)), F.lit(10)) < HOT_PER_TEN
        key = F.when(of_hot_customer, F.lit(HOT_CUSTOMER).cast("long")).otherwise(key)
    return spark.range(0, rows, 1, MAP_TASKS).select(
        F.col("id").alias("order_id"),
        key.alias("customer_id"),
        random_text(13, 256).alias("ship_to"),
        F.concat(random_text(14, 512), random_text(15, 512)).alias("basket"),
    )


def customers(spark):
    """Not broadcast by default: Spark estimates 10.7 MiB, just above the threshold of 10 MiB; really it is 85 MiB."""
    return spark.range(0, CUSTOMERS, 1, MAP_TASKS // 2).select(
        F.col("id").alias("customer_id"),
        random_text(16, 256).alias("address"),
        random_text(17, 512).alias("profile"),
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--variant", choices=["faulty", "clean", "remedied"], default="faulty")
    parser.add_argument("--rows", type=int, default=ORDERS)
    options = parser.parse_args()

    builder = SparkSession.builder.appName(f"skewed-join {options.variant}")
    for key, value in settings(options.variant).items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setJobDescription("match orders with their customers")

    answer = Observation("answer")
    joined = (
        orders(spark, options.rows, hot=options.variant != "clean")
        .join(customers(spark), "customer_id")
        .select(
            "order_id",
            F.levenshtein("ship_to", "address").alias("distance"),
            F.sha2(F.concat("basket", "profile"), 256).alias("fingerprint"),
        )
        .observe(answer, F.count("*").alias("rows"),
                 F.sum(F.pmod(F.xxhash64("order_id", "distance", "fingerprint"), F.lit(1 << 32))).alias("checksum"))
    )
    joined.write.format("noop").mode("overwrite").save()
    print("answer:", answer.get["rows"], answer.get["checksum"], flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
