"""HiBench's WordCount: the words of text files counted with flatMap and reduceByKey.

clean     200,000 lines of 20 words out of 20,000 (frequent words are more frequent), 8 files, 8 partitions
"""
from pathlib import Path

from pathological import describe, session, variant_and_arguments
from pyspark.sql import functions as F

LINES = 200_000
WORDS_A_LINE = 20
WORDS = 20_000
FILES = 8


def word(position):
    """The square of an even number in [0, 1): word 0 is the most frequent."""
    even = F.pmod(F.xxhash64("id", F.lit(position)), F.lit(1 << 20)) / float(1 << 20)
    return F.concat(F.lit("word"), F.floor(even * even * WORDS).cast("string"))


def main():
    variant, _ = variant_and_arguments()
    spark = session("hibench-wordcount", variant)
    folder = f"file://{Path.cwd()}/data"
    describe(spark, "write the lines")
    spark.range(0, LINES, 1, FILES).select(
        F.concat_ws(" ", *[word(position) for position in range(WORDS_A_LINE)]).alias("value")).write.text(f"{folder}/input")
    describe(spark, "count the words")
    counts = (spark.sparkContext.textFile(f"{folder}/input", FILES)
              .flatMap(lambda line: line.split(" "))
              .map(lambda word: (word, 1))
              .reduceByKey(lambda one, other: one + other, FILES))
    counts.map(lambda pair: f"{pair[0]}\t{pair[1]}").saveAsTextFile(f"{folder}/output")
    spark.stop()
    rows = [line.split("\t") for file in Path.cwd().glob("data/output/part-*") for line in file.open()]
    print("answer:", len(rows), "words,", sum(int(count) for _, count in rows), "in all")


if __name__ == "__main__":
    main()
