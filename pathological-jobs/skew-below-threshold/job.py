"""Orders joined with customers, 90 % of the orders one customer's; adaptive execution on.

faulty    the partition of that customer has some 100 MiB, less than the 256 MiB from which Spark splits
clean     the same rows with even customers
remedied  the threshold lowered to 64 MiB: the partition is split
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F

ORDERS = 800_000
CUSTOMERS = 600_000


def main():
    variant, _ = variant_and_arguments()
    spark = session("skew-below-threshold", variant)
    describe(spark, "match orders with their customers")
    customer = hashed(1, CUSTOMERS)
    if variant != "clean":
        customer = F.when(hashed(2, 10) < 9, F.lit(7).cast("long")).otherwise(customer)
    orders = spark.range(0, ORDERS, 1, 8).select("id", customer.alias("customer"), text(3, 128).alias("ship_to"))
    customers = spark.range(0, CUSTOMERS, 1, 4).select(
        F.col("id").alias("customer"), text(4, 64).alias("address"), hashed(5, 9).alias("rank"))
    run(orders.join(customers, "customer").select(
        "id", "rank", F.levenshtein(F.substring("ship_to", 1, 48), F.substring("address", 1, 48)).alias("distance")))
    spark.stop()


if __name__ == "__main__":
    main()
