"""The mean amount of each kind, from JSON files.

faulty    without a schema: Spark reads all files once only to find the types
clean     with the schema
"""
import tables
from pathological import describe, run, session, variant_and_arguments
from pyspark.sql import functions as F

FILES = 8
ROWS = 100_000           # of a file
SCHEMA = "id long, kind long, amount long, body string, note string"


def main():
    variant, _ = variant_and_arguments()
    path, url = tables.folder("events")
    for part in range(FILES):
        first = part * ROWS
        columns = [tables.numbers(first, ROWS, 1, 50), tables.numbers(first, ROWS, 2, 10_000),
                   tables.text(first, ROWS, 3, 128), tables.text(first, ROWS, 4, 64)]
        with open(path / f"part-{part}.json", "w") as file:
            for number, (kind, amount, body, note) in enumerate(zip(*(column.to_pylist() for column in columns)), first):
                file.write(f'{{"id":{number},"kind":{kind},"amount":{amount},"body":"{body}","note":"{note}"}}\n')
    spark = session("schema-inference", variant)
    describe(spark, "mean amount of each kind")
    reader = spark.read.schema(SCHEMA) if variant == "clean" else spark.read
    events = reader.json(url)
    run(events.groupBy("kind").agg(F.avg("amount").alias("amount"), F.max(F.length("body")).alias("longest")))
    spark.stop()


if __name__ == "__main__":
    main()
