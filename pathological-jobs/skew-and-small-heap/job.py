"""Orders joined with customers on executors of 460 MiB: a hot key, and partitions that do not fit: two problems at once.

faulty    half of the orders are one customer's, and executors have 460 MiB: all tasks of the join spill, one reads half of the rows
clean     even customers, executors of 1 GiB
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F

ORDERS = 1_400_000
CUSTOMERS = 200_000


def main():
    variant, _ = variant_and_arguments()
    spark = session("skew-and-small-heap", variant)
    describe(spark, "match orders with their customers")
    customer = hashed(1, CUSTOMERS)
    if variant == "faulty":
        customer = F.when(hashed(2, 2) == 0, F.lit(7).cast("long")).otherwise(customer)
    # texts that pack well: small in the shuffle, large in memory
    orders = spark.range(0, ORDERS, 1, 8).select(
        "id", customer.alias("customer"), F.repeat(text(3, 64), 12).alias("basket"))
    customers = spark.range(0, CUSTOMERS, 1, 4).select(
        F.col("id").alias("customer"), text(4, 64).alias("address"), F.repeat(text(5, 64), 4).alias("profile"))
    run(orders.join(customers, "customer").select(
        "id", "address", F.sha2(F.concat("basket", "profile"), 256).alias("fingerprint")))
    spark.stop()


if __name__ == "__main__":
    main()
