"""One query asks the same totals of all orders four times, under different conditions.

faulty    exchanges are not reused (spark.sql.exchange.reuse=false): the files are read, aggregated and shuffled four times
clean     the default: the shuffle of the first branch serves all four
"""
import tables
from pathological import describe, run, session, variant_and_arguments
from pyspark.sql import functions as F

ROWS = 240_000
FILES = 8
CUSTOMERS = 30_000


def main():
    variant, _ = variant_and_arguments()
    path, url = tables.folder("orders")
    for part in range(FILES):
        first, rows = part * ROWS // FILES, ROWS // FILES
        tables.write_parquet(path / f"part-{part}.parquet", {
            "customer": tables.numbers(first, rows, 1, CUSTOMERS), "cents": tables.numbers(first, rows, 2, 100_000),
            "comment": tables.text(first, rows, 3, 32), "reply": tables.text(first, rows, 4, 32)})
    spark = session("duplicate-scans", variant)
    orders = spark.read.schema("customer long, cents long, comment string, reply string").parquet(url)
    totals = orders.groupBy("customer").agg(
        F.count("*").alias("orders"), F.sum("cents").alias("cents"), F.avg(F.levenshtein("comment", "reply")).alias("distance"))
    describe(spark, "classes of customers")
    classes = None
    for name, condition in [("good", "cents > 500000"), ("frequent", "orders > 9"), ("unhappy", "distance > 28"), ("new", "orders = 1")]:
        branch = totals.where(condition).select(F.lit(name).alias("class"), "customer", "orders", "cents", "distance")
        classes = branch if classes is None else classes.unionByName(branch)
    run(classes)
    spark.stop()


if __name__ == "__main__":
    main()
