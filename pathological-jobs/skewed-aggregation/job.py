"""The events of each customer collected into a list and ordered; adaptive execution on.

faulty  two thirds of the events are one customer's: one task collects and orders them
clean   the same rows with even customers
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F

ROWS = 900_000
CUSTOMERS = 20_000


def main():
    variant, _ = variant_and_arguments()
    spark = session("skewed-aggregation", variant)
    describe(spark, "history of each customer")
    customer = hashed(1, CUSTOMERS)
    if variant == "faulty":
        customer = F.when(hashed(2, 3) < 2, F.lit(7).cast("long")).otherwise(customer)
    events = spark.range(0, ROWS, 1, 8).select(
        customer.alias("customer"), hashed(3, 1 << 40).alias("at"), text(4, 64).alias("what"))
    histories = events.groupBy("customer").agg(F.sort_array(F.collect_list(F.struct("at", "what"))).alias("history"))
    run(histories.select("customer", F.size("history").alias("events"), F.aggregate(
        "history", F.lit(0).cast("long"),
        lambda total, event: F.pmod(total * 31 + event["at"] + F.length(F.sha2(event["what"], 512)), F.lit(1 << 32))).alias("trace")))
    spark.stop()


if __name__ == "__main__":
    main()
