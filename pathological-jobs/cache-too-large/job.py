"""Documents are cached and read by three queries.

faulty    the cache (MEMORY_ONLY) is larger than the executors' memory: what finds no room is computed again by each query
clean     only the columns that the queries read are cached: they fit
remedied  the whole documents with MEMORY_AND_DISK: what finds no room is read from disk
"""
from pyspark import StorageLevel

from pathological import describe, hashed, session, text, variant_and_arguments
from pyspark.sql import functions as F

ROWS = 300_000


def main():
    variant, _ = variant_and_arguments()
    spark = session("cache-too-large", variant)
    documents = spark.range(0, ROWS, 1, 24).select(
        "id", hashed(1, 50).alias("kind"), text(2, 512).alias("body"), text(3, 256).alias("author"))
    documents = documents.withColumn("score", F.levenshtein(F.substring("body", 1, 24), F.substring("author", 1, 24)))
    if variant == "clean":
        documents = documents.select("id", "kind", "score")
    documents = documents.persist(StorageLevel.MEMORY_AND_DISK if variant == "remedied" else StorageLevel.MEMORY_ONLY)
    answers = []
    for name, total in [("sum of the scores", F.sum("score")), ("highest score", F.max("score")), ("kinds", F.countDistinct("kind"))]:
        describe(spark, name)
        answers.append(documents.agg(total).collect()[0][0])
    print("answer:", *answers, flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
