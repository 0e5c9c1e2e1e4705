"""Prices arrive as text and are cast to numbers; one of 120,000 is "n/a", and ANSI mode refuses it.

faulty    the cast of one row fails, four times; the application fails
clean     the same rows, that one with a price
remedied  the bad row, with try_cast: it becomes null
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F

ORDERS = 120_000
BAD = 95_123


def main():
    variant, _ = variant_and_arguments()
    spark = session("job-fails", variant)
    describe(spark, "cast the prices and sum them up by shop")
    orders = spark.range(0, ORDERS, 1, 12).select("id", hashed(1, 500).alias("shop"), text(2, 256).alias("note"),
                                                  (hashed(3, 100_000) / 100).cast("string").alias("price"))
    if variant != "clean":
        orders = orders.withColumn("price", F.when(F.col("id") == BAD, "n/a").otherwise(F.col("price")))
    cast = "try_cast" if variant == "remedied" else "cast"
    priced = orders.select("shop", F.sha2("note", 512).alias("signature"), F.expr(f"{cast}(price AS double)").alias("price"))
    run(priced.groupBy("shop").agg(F.count("*").alias("orders"), F.round(F.sum("price"), 2).alias("total"), F.max("signature").alias("last")))
    spark.stop()


if __name__ == "__main__":
    main()
