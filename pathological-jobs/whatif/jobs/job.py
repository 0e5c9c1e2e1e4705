"""Small workloads for what-if pairs (../pairs.toml); settings come from outside, the rows are always the same.

aggregate   3 million rows summed by 400,000 keys, the sums counted by 1,000 groups: two shuffles
join        3 million facts joined with 60,000 descriptions: broadcast by default
sort        1.2 million rows of 200 characters sorted inside 4 partitions
skew        300,000 orders, 80 % of one customer, joined with customers by a sort-merge join, an edit distance for each
cache       a frame of digests that four queries read, with --cache kept in memory
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F


def aggregate(spark, _):
    rows = spark.range(0, 3_000_000, 1, 8).select(hashed(1, 400_000).alias("key"), hashed(2, 1000).alias("value"))
    sums = rows.groupBy("key").agg(F.sum("value").alias("total"), F.max("value").alias("highest"))
    run(sums.groupBy(F.pmod("total", F.lit(1000)).alias("group")).agg(F.count("*"), F.max("highest")))


def join(spark, _):
    facts = spark.range(0, 3_000_000, 1, 8).select("id", hashed(1, 60_000).alias("key"), text(2, 64).alias("what"))
    descriptions = spark.range(0, 60_000, 1, 2).select(F.col("id").alias("key"), text(3, 64).alias("description"))
    run(facts.join(descriptions, "key").select(F.concat("what", "description").alias("both")))


def sort(spark, _):
    rows = spark.range(0, 1_200_000, 1, 8).select(hashed(1, 1 << 40).alias("key"), text(2, 192).alias("what"))
    run(rows.repartition(4, "key").sortWithinPartitions("key"))


def skew(spark, _):
    of_hot = F.pmod(F.xxhash64("id", F.lit(11)), F.lit(10)) < 8
    orders = spark.range(0, 300_000, 1, 8).select(
        F.col("id").alias("order_id"), F.when(of_hot, F.lit(7)).otherwise(hashed(12, 40_000)).alias("customer_id"),
        text(13, 128).alias("ship_to"))
    customers = spark.range(0, 40_000, 1, 4).select(F.col("id").alias("customer_id"), text(16, 64).alias("address"))
    joined = orders.join(customers.hint("merge"), "customer_id")
    run(joined.select("order_id", F.levenshtein("ship_to", "address").alias("distance")))


def cache(spark, kept):
    digests = spark.range(0, 600_000, 1, 8).select(
        "id", hashed(1, 100).alias("group"), F.sha2(text(2, 512), 512).alias("digest"))
    if kept:
        digests = digests.cache()
    for digit in "0123":                # of the digest, so that each query has to compute all of them
        run(digests.where(F.col("digest").startswith(digit)).groupBy("group").agg(F.max("digest"), F.count("*")))


WORK = {work.__name__: work for work in (aggregate, join, sort, skew, cache)}


def main():
    variant, options = variant_and_arguments(work="aggregate", cache=0)
    spark = session("whatif", variant)
    describe(spark, options.work)
    WORK[options.work](spark, options.cache)
    spark.stop()


if __name__ == "__main__":
    main()
