"""Orders joined with 1.6 million customers.

faulty  the customers, 524 MiB in memory, have a broadcast hint: the driver collects them, builds a table and sends it
clean   no hint: Spark shuffles both sides
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F

ORDERS = 1_500_000
CUSTOMERS = 1_600_000


def main():
    variant, _ = variant_and_arguments()
    spark = session("broadcast-forced", variant)
    describe(spark, "add the customer to each order")
    orders = spark.range(0, ORDERS, 1, 8).select("id", hashed(1, CUSTOMERS).alias("customer"))
    customers = spark.range(0, CUSTOMERS, 1, 8).select(
        F.col("id").alias("customer"), text(2, 64).alias("address"), text(3, 128).alias("profile"))
    if variant == "faulty":
        customers = F.broadcast(customers)
    run(orders.join(customers, "customer").select("id", "address", "profile"))
    spark.stop()


if __name__ == "__main__":
    main()
