"""Sales joined with a small table of shops, 20,000 rows.

faulty    broadcast joins are switched off for all queries: both sides are shuffled and sorted
clean     the same join with Spark's default threshold of 10 MiB: the shops are broadcast
remedied  switched off as in faulty, and this join alone has the hint
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F

SALES = 2_000_000
SHOPS = 20_000


def main():
    variant, _ = variant_and_arguments()
    spark = session("missed-broadcast", variant)
    describe(spark, "add the shop to each sale")
    sales = spark.range(0, SALES, 1, 8).select("id", hashed(1, SHOPS).alias("shop"), text(2, 64).alias("receipt"))
    shops = spark.range(0, SHOPS, 1, 2).select(F.col("id").alias("shop"), text(3, 64).alias("address"))
    if variant == "remedied":
        shops = F.broadcast(shops)
    run(sales.join(shops, "shop").select("id", "receipt", "address"))
    spark.stop()


if __name__ == "__main__":
    main()
