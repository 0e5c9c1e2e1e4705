"""The mean amount of each customer, computed in the driver or on the executors.

faulty    toPandas() of all rows, then pandas groups them
clean     Spark groups them, toPandas() gets the groups
remedied  all rows again, but through Arrow (spark.sql.execution.arrow.pyspark.enabled)
"""
from pathological import describe, hashed, session, text, variant_and_arguments
from pyspark.sql import functions as F

ROWS = 600_000
CUSTOMERS = 500


def main():
    variant, _ = variant_and_arguments()
    spark = session("collect-on-driver", variant)
    describe(spark, "mean amount of each customer")
    orders = spark.range(0, ROWS, 1, 16).select(
        "id", hashed(1, CUSTOMERS).alias("customer"), hashed(2, 10_000).alias("amount"), text(3, 128).alias("comment"))
    if variant == "clean":
        means = orders.groupBy("customer").agg(F.avg("amount").alias("amount"), F.max(F.length("comment")).alias("longest")).toPandas()
    else:
        every = orders.toPandas()
        every["longest"] = every["comment"].str.len()
        means = every.groupby("customer").agg({"amount": "mean", "longest": "max"})
    print("answer:", len(means), round(float(means["amount"].sum()), 3), flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
