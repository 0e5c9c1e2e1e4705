"""HiBench's SQL workloads: an aggregation of visits, and their join with the ranks of the visited pages.

clean     6 million visits in 8 files, 100,000 pages; the pages are broadcast, adaptive execution is on
"""
from pathlib import Path

from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F

VISITS = 6_000_000
PAGES = 100_000
ADDRESSES = 200_000
FILES = 8


def main():
    variant, _ = variant_and_arguments()
    spark = session("hibench-sql", variant)
    folder = f"file://{Path.cwd()}/data"
    describe(spark, "write the visits")
    spark.range(0, VISITS, 1, FILES).select(
        hashed(1, ADDRESSES).alias("address"), hashed(2, PAGES).alias("page"),
        F.date_add(F.lit("2026-01-01"), hashed(3, 365).cast("int")).alias("day"),
        (hashed(4, 10000) / 100).alias("revenue")).write.parquet(f"{folder}/visits")
    describe(spark, "write the pages")
    spark.range(0, PAGES, 1, 2).select(
        F.col("id").alias("page"), text(5, 64).alias("url"), hashed(6, 1000).alias("rank")).write.parquet(f"{folder}/pages")
    spark.read.schema("address long, page long, day date, revenue double").parquet(f"{folder}/visits").createTempView("visits")
    spark.read.schema("page long, url string, rank long").parquet(f"{folder}/pages").createTempView("pages")
    describe(spark, "revenue of each address")
    run(spark.sql("select address, round(sum(revenue)) as revenue from visits group by address"))
    describe(spark, "join with the pages' ranks")
    run(spark.sql("""select address, round(sum(revenue)) as revenue, avg(rank) as rank
                     from visits join pages using (page)
                     where day between date '2026-03-01' and date '2026-08-31' group by address"""))
    spark.stop()


if __name__ == "__main__":
    main()
