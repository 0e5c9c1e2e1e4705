"""Queries that a client sends to a Spark Connect server: the job ids, call sites and descriptions in the log are the server's.

clean     the only variant: two healthy queries, one of them collected by the client

The job is the server (a driver with the Connect plugin); it starts the client, which has a Python environment of its own.
"""
import os
import subprocess
import sys

from pathological import hashed, run, session, text, variant_and_arguments
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

ADDRESS = "sc://127.0.0.1:15002/;user_id=analyst"


def client():
    spark = SparkSession.builder.remote(ADDRESS).getOrCreate()
    orders = spark.range(0, 100_000, 1, 8).select("id", hashed(1, 40_000).alias("customer"), hashed(2, 100_000).alias("amount"), text(3, 128).alias("note"))
    customers = spark.range(0, 40_000, 1, 2).select(F.col("id").alias("customer"), hashed(4, 50).alias("region"))
    spark.addTag("totals")
    run(orders.join(F.broadcast(customers), "customer").groupBy("region").agg(F.sum("amount").alias("amount"), F.max("note").alias("last")))
    spark.removeTag("totals")
    spark.addTag("largest")
    print("largest:", orders.groupBy("customer").agg(F.sum("amount").alias("amount")).orderBy(F.desc("amount"), "customer").limit(3).collect(), flush=True)
    spark.stop()


def main():
    variant, options = variant_and_arguments(client="")
    if options.client:
        return client()
    spark = session("spark-connect", variant)
    variables = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "TZ", "PATHOLOGICAL_CLIENT")}     # nothing of the server's
    python = variables["PATHOLOGICAL_CLIENT"]
    status = subprocess.run([python, sys.argv[0], "--variant", variant, "--client", "yes"], env=variables, timeout=400).returncode
    spark.stop()
    return status


if __name__ == "__main__":
    sys.exit(main())
