"""Two large tables joined by an even key, a small one looked up, the result counted by region. Adaptive execution is on.

clean     the only variant: defaults, a sort-merge join of even partitions, a broadcast of a small table
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F

ORDERS = 2_000_000
CUSTOMERS = 500_000
REGIONS = 50


def main():
    variant, _ = variant_and_arguments()
    spark = session("healthy-join", variant)
    describe(spark, "orders with their customers, by region")
    orders = spark.range(0, ORDERS, 1, 12).select(
        "id", hashed(1, CUSTOMERS).alias("customer"), hashed(2, 100_000).alias("amount"), text(3, 128).alias("note"))
    customers = spark.range(0, CUSTOMERS, 1, 8).select(
        F.col("id").alias("customer"), hashed(4, REGIONS).alias("region"), text(5, 128).alias("profile"))
    regions = spark.range(0, REGIONS, 1, 1).select(F.col("id").alias("region"), F.concat(F.lit("region "), "id").alias("name"))
    joined = orders.join(customers, "customer").join(F.broadcast(regions), "region")
    scored = joined.withColumn("score", F.levenshtein(F.substring("note", 1, 40), F.substring("profile", 1, 40)))
    run(scored.groupBy("name").agg(F.count("*").alias("orders"), F.sum("amount").alias("amount"), F.avg("score").alias("score")))
    spark.stop()


if __name__ == "__main__":
    main()
