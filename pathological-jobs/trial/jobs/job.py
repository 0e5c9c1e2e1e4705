"""Runs one workload of the trial ground: `--spec FILE` says its tables and steps, `--switch NAME:STEP` changes one step.

Tables were written before (make_tables.py), so that the log shows the job alone. Every step prints `answer: ROWS CHECKSUM`;
an intervention must not change it, but for `loop` and `driver`, which then print it in another form.
"""
import argparse
import json
import time

from pathological import describe, run, session
from pyspark.sql import Window
from pyspark.sql import functions as F
from pyspark.sql import types as T


class Job:
    def __init__(self, spark, spec, switches):
        self.spark, self.spec = spark, spec
        self.tables = {table["name"]: table for table in spec["tables"]}
        self.switches = switches

    def has(self, name, number):
        return f"{name}:{number}" in self.switches

    def read(self, name, number):
        table = self.tables[name]
        kind, suffix = table["format"], ""
        if self.has("compact", number) or self.has("splittable", number):
            kind, suffix = "parquet", "-compact"
        path = f"{self.spec['data']}/{name}{suffix}"
        if kind == "parquet":
            return self.spark.read.parquet(path)
        schema = T.StructType([T.StructField("id", T.LongType()), T.StructField("key", T.LongType()), T.StructField("day", T.IntegerType()),
                               T.StructField("value", T.LongType()), T.StructField("payload", T.StringType())])
        return self.spark.read.schema(schema).format(kind.split(".")[0]).load(path)

    @staticmethod
    def worked(frame, how):
        """`hash`: some microseconds of CPU for each row."""
        if how != "hash":
            return frame
        digest = F.col("payload")
        for _ in range(6):
            digest = F.sha2(digest, 512)
        return frame.withColumn("payload", digest)

    # ------------------------------------------------------------ steps
    def aggregate(self, said, number):
        rows = self.worked(self.read(said["table"], number), said["work"])
        if said["repartition"] and not self.has("no_repartition", number):
            rows = rows.repartition(said["repartition"])
        sums = rows.groupBy("key").agg(F.sum("value").alias("total"), F.max("payload").alias("last"), F.count("*").alias("n"))
        run(sums)

    def sort(self, said, number):
        rows = self.worked(self.read(said["table"], number), said["work"])
        if said["repartition"] and not self.has("no_repartition", number):
            rows = rows.repartition(said["repartition"])
        run(rows.orderBy("value", "id"))

    def collect_groups(self, said, number):
        rows = self.read(said["table"], number)
        if self.has("fold", number):
            run(rows.groupBy("key").agg(F.count("*").alias("n"), F.sum("value").alias("total")))
        else:
            lists = rows.groupBy("key").agg(F.collect_list("value").alias("values"))
            run(lists.select("key", F.size("values").cast("long").alias("n"),
                             F.aggregate("values", F.lit(0).cast("long"), lambda a, b: a + b).alias("total")))

    def join(self, said, number):
        facts = self.read(said["table"], number)
        other = self.read(said["other"], number).select("key", F.col("payload").alias("description"))
        on = ["key"]
        if self.has("broadcast", number):
            other = F.broadcast(other)
        elif said["merge"]:
            other = other.hint("merge")
        if self.has("salt", number):
            facts = facts.withColumn("salt", F.pmod(F.xxhash64("id"), F.lit(16)).cast("int"))
            other = other.withColumn("salt", F.explode(F.array(*[F.lit(value) for value in range(16)])))
            on = ["key", "salt"]
        joined = facts.join(other, on, said["how"])
        if said["work"] == "levenshtein":
            both = F.levenshtein(F.substring("payload", 1, 64), F.substring("description", 1, 64)).cast("string")
        else:
            both = F.concat_ws("", "payload", "description")
        run(self.worked(joined.select("id", "key", both.alias("payload")), said["work"]))

    def window(self, said, number):
        rows = self.read(said["table"], number)
        by = Window.orderBy("value", "id")
        if said["partition"]:
            by = Window.partitionBy("key").orderBy("value", "id")
        elif self.has("partition_window", number):
            # the same numbers: rank inside of ranges, plus the rows of the ranges before
            ranged = rows.withColumn("range", F.floor(F.col("value") / F.lit(1 << 16)))
            sizes = ranged.groupBy("range").agg(F.count("*").alias("n"))
            before = sizes.select("range", (F.sum("n").over(Window.orderBy("range")) - F.col("n")).alias("before"))
            inside = ranged.withColumn("rank", F.row_number().over(Window.partitionBy("range").orderBy("value", "id")))
            run(inside.join(F.broadcast(before), "range").select("id", (F.col("rank") + F.col("before")).cast("long").alias("rank")))
            return
        run(rows.select("id", F.row_number().over(by).cast("long").alias("rank")))

    def python(self, said, number):
        rows = self.read(said["table"], number)
        if said["after_filter"]:
            rows = rows.where(F.col("day") < 6)
        if self.has("native", number):
            for _ in range(said["calls"]):
                rows = rows.withColumn("payload", F.upper(F.reverse("payload")))
        else:
            shout = F.udf(lambda text: text[::-1].upper(), "string")
            for _ in range(said["calls"]):
                rows = rows.withColumn("payload", shout("payload"))
        run(rows.select("id", "payload"))

    def explode(self, said, number):
        rows = self.read(said["table"], number)
        kept = F.col("day") < max(1, round(said["keep"] * 24))
        if self.has("filter_first", number):
            rows = rows.where(kept)
        many = rows.withColumn("each", F.explode(F.sequence(F.lit(1), F.lit(said["times"]))))
        # the condition looks at a value that the optimiser cannot move below the explode
        many = many.where(F.when(F.col("each") > 0, F.col("day")).otherwise(99) < max(1, round(said["keep"] * 24)))
        run(many.groupBy("key").agg(F.sum(F.col("each") * F.col("value")).alias("total")))

    def write(self, said, number):
        rows = self.worked(self.read(said["table"], number), said["work"])
        if said["files"] == 1:
            rows = rows.repartition(1) if self.has("repartition", number) else rows.coalesce(1)
        elif said["files"] > 1:
            rows = rows.repartition(4 if self.has("fewer_files", number) else said["files"])
        writer = rows.write.mode("overwrite")
        if said["by_day"]:
            writer = writer.partitionBy("day")
        writer.parquet(f"{self.spec['data']}/out-{number}")

    def reuse(self, said, number):
        rows = self.worked(self.read(said["table"], number), said["work"])
        common = rows.groupBy("key", "day").agg(F.max("payload").alias("payload"), F.sum("value").alias("total"))
        if self.has("cache", number):
            common = common.cache()
        for time_ in range(said["times"]):
            run(common.where(F.pmod(F.xxhash64("payload"), F.lit(said["times"])) == time_).groupBy("day").agg(F.sum("total").alias("total")))

    def loop(self, said, number):
        rows = self.read(said["table"], number)
        if self.has("one_query", number):
            run(rows.groupBy(F.pmod("key", F.lit(said["times"])).alias("part")).agg(F.sum("value").alias("total"))
                .select(F.sum("total").alias("total")))
            return
        total = 0
        for part in range(said["times"]):
            total += rows.where(F.pmod("key", F.lit(said["times"])) == part).agg(F.sum("value")).collect()[0][0] or 0
        print("answer:", total, flush=True)

    def driver(self, said, number):
        rows = self.read(said["table"], number)
        if self.has("keep_on_executors", number):
            run(rows.where(F.col("id") < said["rows"]).groupBy("day").agg(F.sum("value").alias("total")))
        else:
            frame = rows.where(F.col("id") < said["rows"]).select("day", "value").toPandas()
            print("answer:", len(frame.groupby("day").sum()), flush=True)
        end = time.monotonic() + said["python_s"]           # work of the program that Spark has no part in
        while time.monotonic() < end:
            sum(range(10_000))

    def rdd_group(self, said, number):
        pairs = self.read(said["table"], number).select("key", "value").rdd.map(lambda row: (row[0], row[1]))
        if self.has("reduce", number):
            sums = pairs.reduceByKey(lambda a, b: a + b)
        else:
            sums = pairs.groupByKey().mapValues(sum)
        print("answer:", sums.map(lambda pair: pair[1] % 1009).sum(), flush=True)

    def pruned(self, said, number):
        rows = self.read(said["table"], number)
        day = F.col("day") if said["direct"] or self.has("prune", number) else F.concat(F.lit(""), F.col("value") * 0 + F.col("day")).cast("int")
        run(rows.where(day < said["wanted"]).groupBy("key").agg(F.sum("value").alias("total")))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--variant", default="base")
    parser.add_argument("--spec", required=True)
    parser.add_argument("--switch", action="append", default=[])
    options = parser.parse_args()
    with open(options.spec) as file:
        spec = json.load(file)
    spark = session(f"trial {spec['name']}", options.variant)
    job = Job(spark, spec, set(options.switch))
    for number, said in enumerate(spec["steps"]):
        describe(spark, f"step {number}: {said['op']}")
        getattr(job, said["op"])(said, number)
    spark.stop()


if __name__ == "__main__":
    main()
