"""Documents are written out; another query counts something else.

faulty    the documents are cached before they are written, and nobody reads the cache again
clean     without the cache
"""
from pyspark import StorageLevel

from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F

ROWS = 700_000


def main():
    variant, _ = variant_and_arguments()
    spark = session("cached-used-once", variant)
    documents = spark.range(0, ROWS, 1, 16).select("id", hashed(1, 50).alias("kind"), text(2, 512).alias("body"))
    if variant == "faulty":
        documents = documents.persist(StorageLevel.MEMORY_AND_DISK)
    describe(spark, "write the documents")
    run(documents)
    describe(spark, "visits of each page")
    visits = spark.range(0, 2_000_000, 1, 8).select(hashed(3, 1000).alias("page"), hashed(4, 100_000).alias("visitor"))
    run(visits.groupBy("page").agg(F.count("*").alias("visits"), F.max("visitor").alias("last")))
    spark.stop()


if __name__ == "__main__":
    main()
