"""All pages of a visitor are collected into one list; 40 % of the visits belong to one visitor.

faulty    the list of the hot visitor does not fit into the heap: OutOfMemoryError, the executor ends, four times
clean     the same rows with even visitors: lists of about ten pages
remedied  the hot visitor, but only the number of different pages is asked for: no list is held
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F

VISITS = 900_000
VISITORS = 90_000
HOT = 7


def main():
    variant, _ = variant_and_arguments()
    spark = session("heap-oom", variant)
    describe(spark, "pages of each visitor")
    visitor = hashed(1, VISITORS)
    if variant != "clean":
        visitor = F.when(hashed(2, 10) < 4, F.lit(HOT).cast("long")).otherwise(visitor)
    visits = spark.range(0, VISITS, 1, 8).select(visitor.alias("visitor"), text(3, 512).alias("page"))
    if variant == "remedied":
        pages = visits.groupBy("visitor").agg(F.approx_count_distinct("page").alias("pages"))
    else:
        pages = visits.groupBy("visitor").agg(F.sha2(F.concat_ws(",", F.sort_array(F.collect_list("page"))), 256).alias("pages"))
    run(pages)
    spark.stop()


if __name__ == "__main__":
    main()
