"""HiBench's PageRank: ranks of pages by their links, three rounds of join and reduceByKey on RDDs.

clean     40,000 pages with 6 links each; the links are partitioned once and cached, so no round shuffles them again
"""
from operator import add

from pathological import describe, hashed, session, variant_and_arguments
from pyspark.sql import functions as F

PAGES = 40_000
LINKS = 6
PARTITIONS = 8
ROUNDS = 3


def main():
    variant, _ = variant_and_arguments()
    spark = session("hibench-pagerank", variant)
    describe(spark, "page ranks")
    pairs = spark.range(0, PAGES * LINKS, 1, PARTITIONS).select(
        F.pmod("id", F.lit(PAGES)).alias("page"), hashed(1, PAGES).alias("to"))
    links = pairs.rdd.map(tuple).distinct(PARTITIONS).groupByKey(PARTITIONS).mapValues(list).cache()
    ranks = links.mapValues(lambda _: 1.0)
    for _ in range(ROUNDS):
        given = links.join(ranks, PARTITIONS).values().flatMap(lambda row: [(to, row[1] / len(row[0])) for to in row[0]])
        ranks = given.reduceByKey(add, PARTITIONS).mapValues(lambda total: 0.15 + 0.85 * total)
    count, total = ranks.values().map(lambda rank: (1, rank)).reduce(lambda one, other: (one[0] + other[0], one[1] + other[1]))
    print("answer:", count, round(total))
    spark.stop()


if __name__ == "__main__":
    main()
