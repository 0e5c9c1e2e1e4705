"""Four reports on the totals of the customers, which cost an expensive aggregation of all orders.

faulty    each report aggregates the orders again
clean     the totals are cached before the first report
"""
import tables
from pathological import describe, session, variant_and_arguments
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
    spark = session("recomputed-lineage", variant)
    orders = spark.read.schema("customer long, cents long, comment string, reply string").parquet(url)
    totals = orders.groupBy("customer").agg(
        F.count("*").alias("orders"), F.sum("cents").alias("cents"), F.avg(F.levenshtein("comment", "reply")).alias("distance"))
    if variant == "clean":
        totals = totals.cache()
    answers = []
    for name, first, second, third in [("best customer", "cents", "orders", "distance"), ("oddest customer", "distance", "cents", "orders"),
                                       ("most frequent customer", "orders", "cents", "distance"), ("calmest customer", "distance", "orders", "cents")]:
        describe(spark, name)
        extreme = F.min if name == "calmest customer" else F.max
        answers.append(totals.agg(extreme(F.struct(first, second, third, "customer")).alias("found")).collect()[0]["found"]["customer"])
    print("answer:", *answers, flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
