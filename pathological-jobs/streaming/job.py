"""Orders arrive in small files; a stream keeps the revenue of each shop, one file a micro-batch.

faulty    64 shuffle partitions, as the batch jobs beside it have: in each batch 64 tasks and 64 commits of a state store for 2,000 rows
clean     four shuffle partitions
"""
import hashlib
import json
from pathlib import Path

from pathological import session, variant_and_arguments
from pyspark.sql import functions as F

FILES = 9
ROWS = 2_000             # of a file
SHOPS = 120


def write_files(folder):
    folder.mkdir()
    for number in range(FILES):
        with open(folder / f"orders-{number:03}.json", "w") as file:
            for row in range(ROWS):
                digest = int(hashlib.sha256(f"{number}:{row}".encode()).hexdigest()[:12], 16)
                file.write(json.dumps({"shop": digest % SHOPS, "amount": digest // SHOPS % 10_000,
                                       "at": f"2026-11-23T{number:02}:{row // 60 % 60:02}:{row % 60:02}"}) + "\n")


def main():
    variant, _ = variant_and_arguments()
    folder = Path.cwd()
    write_files(folder / "orders")
    spark = session("streaming", variant)
    orders = spark.readStream.schema("shop BIGINT, amount BIGINT, at TIMESTAMP").option("maxFilesPerTrigger", 1).json(f"file://{folder}/orders")
    revenue = (orders.withWatermark("at", "2 hours").groupBy(F.window("at", "1 hour"), "shop")
               .agg(F.count("*").alias("orders"), F.sum("amount").alias("revenue")))
    query = (revenue.writeStream.queryName("revenue").outputMode("update").format("noop")
             .option("checkpointLocation", f"file://{folder}/checkpoint").trigger(availableNow=True).start())
    query.awaitTermination()
    batches = [progress for progress in query.recentProgress if progress["numInputRows"] > 0]
    print("answer:", len(batches), sum(progress["numInputRows"] for progress in batches), flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
