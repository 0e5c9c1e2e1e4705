"""Orders joined with customers by a full outer join, 90 % of the orders one customer's; adaptive execution on.

faulty    the partition of that customer has 330 MiB, and Spark never splits a full outer join
clean     the same rows with even customers
remedied  the same rows out of two joins: orders left outer join customers, which Spark splits, and the customers without orders
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F

ORDERS = 900_000
CUSTOMERS = 400_000


def main():
    variant, _ = variant_and_arguments()
    spark = session("skew-full-outer", variant)
    describe(spark, "orders and customers side by side")
    customer = hashed(1, 2 * CUSTOMERS)
    if variant != "clean":
        customer = F.when(hashed(2, 10) < 9, F.lit(7).cast("long")).otherwise(customer)
    orders = spark.range(0, ORDERS, 1, 8).select(
        "id", customer.alias("customer"), text(3, 64).alias("ship_to"), text(4, 320).alias("basket"))
    customers = spark.range(0, CUSTOMERS, 1, 4).select(
        F.col("id").alias("customer"), text(10, 64).alias("address"), text(11, 128).alias("profile"))
    if variant == "remedied":
        joined = orders.join(customers, "customer", "left").unionByName(
            customers.join(orders.select("customer").distinct(), "customer", "leftanti"), allowMissingColumns=True)
    else:
        joined = orders.join(customers, "customer", "full")
    run(joined.select("customer", "id", F.levenshtein(F.substring("ship_to", 1, 32), F.substring("address", 1, 32)).alias("distance"),
                      F.sha2(F.concat_ws("", "basket", "profile"), 512).alias("fingerprint")))
    spark.stop()


if __name__ == "__main__":
    main()
