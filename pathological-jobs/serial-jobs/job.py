"""Eight regions are evaluated, each in a job of one task; no region needs another.

faulty    one after the other
clean     from four threads: the same jobs at the same time
"""
from concurrent.futures import ThreadPoolExecutor

from pathological import describe, session, text, variant_and_arguments
from pyspark.sql import functions as F

REGIONS = 8
ROWS = 8_000


def evaluate(spark, region):
    describe(spark, f"evaluate region {region}")
    sales = spark.range(region * ROWS, (region + 1) * ROWS, 1, 1).select(text(1, 128).alias("buyer"), text(2, 128).alias("seller"))
    return sales.agg(F.sum(F.levenshtein("buyer", "seller")).alias("distance")).collect()[0]["distance"]


def main():
    variant, _ = variant_and_arguments()
    spark = session("serial-jobs", variant)
    if variant == "faulty":
        distances = [evaluate(spark, region) for region in range(REGIONS)]
    else:
        with ThreadPoolExecutor(4) as threads:
            distances = list(threads.map(lambda region: evaluate(spark, region), range(REGIONS)))
    print("answer:", len(distances), sum(distances), flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
