"""Two queries of one application, each with a fault of its own: a join with a hot key, and a window in a small heap.

faulty     90 % of the orders are one customer's, adaptive execution is off; executors have 512 MiB
skew-only  the hot key, with executors of 1 GiB: the window fits into memory, the join is as slow as before
heap-only  adaptive execution splits the hot partition; the heap is small, and the window spills as before
clean      even customers, executors of 1 GiB
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import Window
from pyspark.sql import functions as F

ORDERS = 1_100_000
CUSTOMERS = 450_000          # Spark estimates 12 MiB, above the threshold of broadcasts
TRIPS = 1_400_000


def main():
    variant, _ = variant_and_arguments()
    spark = session("skew-and-small-heap", variant)

    describe(spark, "trips in the order of time")
    trips = spark.range(0, TRIPS, 1, 8).select(
        "id", hashed(1, 100_000).alias("vehicle"), hashed(2, 1 << 40).alias("at"), text(3, 512).alias("route"))
    by_vehicle = Window.partitionBy("vehicle").orderBy("at")
    run(trips.select("id", "vehicle", "route", F.lag("at").over(by_vehicle).alias("before")))

    spark.conf.set("spark.sql.shuffle.partitions", 24)      # this query alone
    describe(spark, "match orders with their customers")
    customer = hashed(11, CUSTOMERS)
    if variant != "clean":
        customer = F.when(hashed(12, 10) < 9, F.lit(7).cast("long")).otherwise(customer)
    orders = spark.range(0, ORDERS, 1, 8).select("id", customer.alias("customer"), text(13, 512).alias("basket"))
    customers = spark.range(0, CUSTOMERS, 1, 4).select(
        F.col("id").alias("customer"), text(23, 64).alias("address"), text(24, 64).alias("profile"))
    run(orders.join(customers, "customer").select(
        "id", F.levenshtein(F.substring("basket", 1, 64), "address").alias("distance"),
        F.sha2(F.concat("basket", "profile"), 256).alias("fingerprint")))
    spark.stop()


if __name__ == "__main__":
    main()
