"""Texts are measured by a pandas function.

faulty    the batches of Arrow hold a whole partition (spark.sql.execution.arrow.maxRecordsPerBatch), more than a Python process may have: tasks fail
slow      the same without a limit on Python's memory: it succeeds
clean     batches of 10,000 rows, the default
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F

ROWS = 800_000


def main():
    variant, _ = variant_and_arguments()
    spark = session("pandas-udf-large-batches", variant)
    describe(spark, "count the words")

    def words(texts, ids):
        return texts.str.replace("0", " ", regex=False).str.strip().str.count(" ") + ids % 2

    words.__annotations__ = {}
    count = F.pandas_udf(words, "long", F.PandasUDFType.SCALAR)
    texts = spark.range(0, ROWS, 1, 4).select("id", text(1, 512).alias("text"), hashed(2, 10).alias("kind"))
    run(texts.select("kind", count("text", "id").alias("words")))
    spark.stop()


if __name__ == "__main__":
    main()
