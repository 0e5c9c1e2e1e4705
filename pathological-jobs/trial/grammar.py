"""Workloads drawn at random: tables, steps and settings, and the interventions that each of them allows.

draw(seed, number) is a pure function: the same numbers give the same workload on every machine. Nothing here places a
problem: a hot key, a narrow coalesce or a small heap comes up because its draw came up, beside others or alone, and may
cost much or nothing. What it costs is measured (trial.py), never assumed.

An intervention changes settings (`conf`, `master`) or a switch of the job (`switch`, see job.py). `advices` and `settings`
say by what advice it is recognised: names of rules, or a setting and the direction in which it is moved.
"""
import dataclasses
import random

OPERATIONS = ("aggregate", "collect_groups", "join", "window", "sort", "python", "explode", "write", "reuse", "loop", "driver",
              "rdd_group", "pruned")
MOST_INTERVENTIONS = 5


@dataclasses.dataclass(frozen=True)
class Intervention:
    name: str
    conf: dict = dataclasses.field(default_factory=dict)
    master: str = ""
    switch: str = ""
    advices: tuple = ()                     # rules of the core pack that ask for it
    settings: tuple = ()                    # (key, "true" | "false" | "less" | "more" | "set")


@dataclasses.dataclass(frozen=True)
class Workload:
    name: str                               # "s7-03": seed and number
    version: str
    master: str
    conf: dict
    tables: tuple                           # of dicts, see job.py
    steps: tuple
    interventions: tuple


def log_uniform(dice, low, high):
    """A whole number, as likely between 10 and 20 as between 100 and 200."""
    return round(low * (high / low) ** dice.random())


def one_of(dice, choices):
    """`choices`: (weight, value)…"""
    return dice.choices([value for _, value in choices], [weight for weight, _ in choices])[0]


# ---------------------------------------------------------------- tables

def keys(dice, rows):
    """How the key column is distributed."""
    distinct = min(log_uniform(dice, 50, 400_000), rows)
    return one_of(dice, [
        (5, {"kind": "uniform", "distinct": distinct}),
        (2, {"kind": "zipf", "distinct": distinct, "exponent": round(dice.uniform(1.05, 1.6), 2)}),
        (3, {"kind": "hot", "distinct": distinct, "share": round(dice.uniform(0.15, 0.9), 2)}),
    ])


def table(dice, name, rows=None):
    rows = rows or log_uniform(dice, 300_000, 3_000_000)
    kind = one_of(dice, [(7, "parquet"), (1, "csv"), (1, "json"), (1, "csv.gz")])
    files = 1 if kind == "csv.gz" else one_of(dice, [(6, dice.randint(2, 12)), (2, log_uniform(dice, 200, 1200)), (1, 1)])
    if kind != "parquet":
        rows = min(rows, 800_000)
    return {"name": name, "rows": rows, "format": kind, "files": files, "key": keys(dice, rows),
            "payload": one_of(dice, [(5, 16), (3, 64), (1, 192)])}


# ---------------------------------------------------------------- steps

def step(dice, operation, tables):
    """One query or loop of the program. `tables` is added to."""
    made = {"op": operation}
    fact = table(dice, f"t{len(tables)}")
    tables.append(fact)
    made["table"] = fact["name"]
    if operation == "join":
        other = table(dice, f"t{len(tables)}", one_of(dice, [(3, log_uniform(dice, 200, 60_000)),
                                                             (3, log_uniform(dice, 100_000, 1_000_000))]))
        other["key"] = {"kind": "sequence", "distinct": other["rows"]}      # unique: a dimension
        fact["key"]["distinct"] = min(fact["key"]["distinct"], other["rows"])
        tables.append(other)
        made |= {"other": other["name"], "how": one_of(dice, [(4, "inner"), (1, "left")]),
                 "work": one_of(dice, [(2, "plain"), (2, "levenshtein"), (1, "hash")]),
                 "merge": dice.random() < 0.4}
    elif operation in ("aggregate", "sort"):
        made |= {"work": one_of(dice, [(2, "plain"), (1, "hash")]), "repartition": one_of(dice, [(6, 0), (2, dice.choice([1, 2, 500]))])}
    elif operation == "collect_groups":
        fact["rows"] = min(fact["rows"], 1_000_000)
    elif operation == "window":
        made["partition"] = dice.random() < 0.75
        if not made["partition"]:
            fact["rows"] = min(fact["rows"], 1_200_000)
    elif operation == "python":
        made |= {"calls": one_of(dice, [(2, 1), (1, 3)]), "after_filter": dice.random() < 0.3}
    elif operation == "explode":
        made |= {"times": dice.choice([5, 20, 60]), "keep": round(dice.uniform(0.01, 0.9), 2)}
        fact["rows"] = min(fact["rows"], 1_000_000)
    elif operation == "write":
        made |= {"files": one_of(dice, [(3, 0), (2, 1), (1, 300)]), "work": one_of(dice, [(1, "plain"), (2, "hash")]),
                 "by_day": dice.random() < 0.3}
    elif operation == "reuse":
        made |= {"times": dice.randint(2, 5), "work": one_of(dice, [(1, "plain"), (3, "hash")])}
    elif operation == "loop":
        made |= {"times": dice.choice([12, 30, 60])}
        fact["rows"] = min(fact["rows"], 400_000)
    elif operation == "driver":
        made |= {"rows": dice.choice([50_000, 400_000]), "python_s": dice.choice([0, 0, 4, 10])}
    elif operation == "pruned":
        made |= {"days": 24, "wanted": dice.randint(1, 6), "direct": dice.random() < 0.5}
        fact |= {"by_day": 24, "format": "parquet", "files": 24}
    return made


# ---------------------------------------------------------------- what could be changed

def of_step(number, said, tables):
    """The interventions that a step allows: each is a switch `OP NUMBER`."""
    facts = {one["name"]: one for one in tables}
    fact = facts[said["table"]]

    def switch(name, *advices, settings=()):
        return Intervention(f"{name}-{number}", switch=f"{name}:{number}", advices=advices, settings=settings)

    if fact["format"] == "csv.gz" or fact["files"] == 1 and fact["format"] != "parquet":
        yield switch("splittable", "store_divisible", "divide_input", "spread_single_input")
    if fact["files"] >= 100 and not fact.get("by_day"):
        yield switch("compact", "compact_files", "larger_splits")
    operation = said["op"]
    if operation == "join":
        if fact["key"]["kind"] != "uniform":
            yield switch("salt", "salt_join_key", "split_full_outer")
        yield switch("broadcast", "broadcast_hint", "broadcast_small_side", "restore_threshold", "allow_broadcasts",
                     settings=(("spark.sql.autoBroadcastJoinThreshold", "more"),))
    elif operation in ("aggregate", "sort") and said["repartition"]:
        yield switch("no_repartition", "drop_repartition", "leave_repartition_out", "drop_single_repartition",
                     "repartition_more", "divide_single_partition", "drop_fixed_partitions", "fill_slots_by_code")
    elif operation == "collect_groups":
        yield switch("fold", "fold_lists", "aggregate_twice")
    elif operation == "window" and not said["partition"]:
        yield switch("partition_window", "partition_window")
    elif operation == "python":
        yield switch("native", "native_functions", "pandas_functions", "arrow_for_functions", "plain_filter")
    elif operation == "explode":
        yield switch("filter_first", "filter_before_explode", "filter_first")
    elif operation == "write" and said["files"] == 1:
        yield switch("repartition", "repartition_instead", "fill_slots_by_code", "divide_output")
    elif operation == "write" and said["files"] > 1:
        yield switch("fewer_files", "rebalance_write", "repartition_write", "coalesce_adaptively", "drop_fixed_partitions")
    elif operation == "reuse":
        yield switch("cache", "persist_lineage", "keep_common_part", "keep_result", "cache_scan")
    elif operation == "loop":
        yield switch("one_query", "one_query", "fewer_jobs", "widen_loop", "queries_from_threads")
    elif operation == "driver":
        yield switch("keep_on_executors", "collect_less", "keep_results", "arrow_to_pandas", "write_collection",
                     settings=(("spark.sql.execution.arrow.pyspark.enabled", "true"),))
    elif operation == "rdd_group":
        yield switch("reduce", "combine_first", "dataframes_for_rdds")
    elif operation == "pruned" and not said["direct"]:
        yield switch("prune", "filter_partitions")


def of_settings(conf, master):
    adaptive = conf.get("spark.sql.adaptive.enabled") != "false"
    aqe = ("spark.sql.adaptive.enabled", "true")
    if not adaptive:
        yield Intervention("aqe-on", {"spark.sql.adaptive.enabled": "true"}, settings=(aqe,))
    partitions = int(conf.get("spark.sql.shuffle.partitions", 200))
    if partitions > 16 and not adaptive:
        yield Intervention("partitions-8", {"spark.sql.shuffle.partitions": "8"}, settings=(("spark.sql.shuffle.partitions", "less"),))
    if partitions < 16:
        yield Intervention("partitions-32", {"spark.sql.shuffle.partitions": "32"}, settings=(("spark.sql.shuffle.partitions", "more"),))
    if conf.get("spark.sql.autoBroadcastJoinThreshold") == "-1":
        yield Intervention("threshold-default", {"spark.sql.autoBroadcastJoinThreshold": "10m"},
                           settings=(("spark.sql.autoBroadcastJoinThreshold", "more"),))
    if conf.get("spark.executor.memory") == "512m":
        yield Intervention("heap-doubled", {"spark.executor.memory": "1024m"}, settings=(("spark.executor.memory", "more"),))
    if conf.get("spark.sql.adaptive.coalescePartitions.enabled") == "false":
        yield Intervention("coalesce-on", {"spark.sql.adaptive.coalescePartitions.enabled": "true"},
                           settings=(("spark.sql.adaptive.coalescePartitions.enabled", "true"),))
    if conf.get("spark.speculation") == "true":
        yield Intervention("speculation-off", {"spark.speculation": "false"}, settings=(("spark.speculation", "false"),))
    if conf.get("spark.dynamicAllocation.enabled") == "true":
        yield Intervention("fixed-executors", {"spark.dynamicAllocation.enabled": "false"}, advices=(
            "warm_executors", "keep_idle_longer", "keep_some_executors", "start_with_more_executors"),
            settings=(("spark.dynamicAllocation.executorIdleTimeout", "more"), ("spark.dynamicAllocation.minExecutors", "more"),
                      ("spark.dynamicAllocation.initialExecutors", "more")))
    if conf.get("spark.cores.max") == "1" or master == "local[1]":
        yield Intervention("two-slots", {"spark.cores.max": "2"}, master="local[2]" if master == "local[1]" else "",
                           advices=("more_executors", "more_cores", "grow_more_nodes"))


def settings(dice):
    """(version, master, conf)"""
    version = one_of(dice, [(7, "3.5.9"), (3, "4.3.0")])
    master = one_of(dice, [(5, "local-cluster[2,1,1024]"), (3, "local-cluster[1,2,1024]"), (2, "local[2]"), (1, "local[1]")])
    conf = {}
    if dice.random() < 0.4:
        conf["spark.sql.adaptive.enabled"] = "false"
    elif dice.random() < 0.15:
        conf["spark.sql.adaptive.coalescePartitions.enabled"] = "false"
    partitions = one_of(dice, [(5, 200), (1, 2), (2, 8), (2, 24), (1, 600)])
    if partitions != 200:
        conf["spark.sql.shuffle.partitions"] = str(partitions)
    threshold = one_of(dice, [(7, ""), (3, "-1"), (1, "100m")])
    if threshold:
        conf["spark.sql.autoBroadcastJoinThreshold"] = threshold
    if master.startswith("local-cluster"):
        conf["spark.executor.memory"] = one_of(dice, [(7, "1024m"), (2, "512m")])
        if dice.random() < 0.1:
            conf["spark.speculation"] = "true"
        if dice.random() < 0.1:
            conf |= {"spark.dynamicAllocation.enabled": "true", "spark.dynamicAllocation.shuffleTracking.enabled": "true",
                     "spark.dynamicAllocation.executorIdleTimeout": "2s", "spark.dynamicAllocation.minExecutors": "0"}
    else:
        conf["spark.driver.memory"] = one_of(dice, [(4, "2g"), (1, "1g")])
    return version, master, conf


def draw(seed, number):
    dice = random.Random(f"advise trial {seed} {number}")
    version, master, conf = settings(dice)
    tables, steps = [], []
    for operation in dice.choices(OPERATIONS, k=one_of(dice, [(5, 1), (4, 2), (1, 3)])):
        steps.append(step(dice, operation, tables))
    found = [*of_settings(conf, master)]
    for index, said in enumerate(steps):
        found += of_step(index, said, tables)
    dice.shuffle(found)
    return Workload(f"s{seed}-{number:02}", version, master, conf, tuple(tables), tuple(steps), tuple(found[:MOST_INTERVENTIONS]))
