"""Orders joined with the visits of the same customer; each customer has 40 of either.

faulty  joined by the customer alone: every order meets every visit of its customer, 8 million rows come of 200,000
clean   joined by the customer and the number of the visit: every order meets its own visit
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F

ROWS = 200_000
PER_CUSTOMER = 40


def table(spark, seed, column):
    return spark.range(0, ROWS, 1, 4).select(
        F.floor(F.col("id") / PER_CUSTOMER).alias("customer"), F.pmod("id", F.lit(PER_CUSTOMER)).alias("visit"),
        text(seed, 64).alias(column), hashed(seed, 1000).alias(column + "_value"))


def main():
    variant, _ = variant_and_arguments()
    spark = session("exploding-join", variant)
    describe(spark, "match orders with visits")
    keys = ["customer"] if variant == "faulty" else ["customer", "visit"]
    visits = table(spark, 2, "page")
    if variant == "faulty":
        visits = visits.drop("visit")
    run(table(spark, 1, "basket").join(visits, keys)
        .select("customer", "visit", F.concat_ws("/", "basket", "page").alias("trace"),
                (F.col("basket_value") * F.col("page_value")).alias("weight")))
    spark.stop()


if __name__ == "__main__":
    main()
