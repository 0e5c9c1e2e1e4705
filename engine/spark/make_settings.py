#!/usr/bin/env python3
"""Writes settings.def from the list of registered Spark settings.

    make_settings.py SPARK-SETTINGS.tsv > settings.def

The list (key, scope, since, first, gone, public, defaults per version, alternatives) was read from each Spark version's
own registry; its head comments say from which. The registry's dump has no types, so the type of a value and the unit of a
bare number are told here from the default and the key, with the exceptions of UNITS (ConfigBuilder calls in Spark's sources).
"""
import re
import sys

SIZE = re.compile(r"^\d+(\.\d+)?(b|k|kb|kib|m|mb|mib|g|gb|gib|t|tb|tib)$", re.I)
TIME = re.compile(r"^\d+(us|ms|s|m|min|h|d)$")
# Bare numbers in these mean MiB, seconds or milliseconds: internal/config/package.scala, Network.scala, SQLConf.scala.
UNITS = {
    "spark.executor.memory": ("Bytes", "MiB"), "spark.driver.memory": ("Bytes", "MiB"),
    "spark.executor.memoryOverhead": ("Bytes", "MiB"), "spark.driver.memoryOverhead": ("Bytes", "MiB"),
    "spark.executor.minMemoryOverhead": ("Bytes", "MiB"), "spark.driver.minMemoryOverhead": ("Bytes", "MiB"),
    "spark.executor.pyspark.memory": ("Bytes", "MiB"), "spark.yarn.am.memory": ("Bytes", "MiB"),
    "spark.yarn.am.memoryOverhead": ("Bytes", "MiB"), "spark.python.worker.memory": ("Bytes", "MiB"),
    "spark.kryoserializer.buffer": ("Bytes", "KiB"), "spark.kryoserializer.buffer.max": ("Bytes", "MiB"),
    "spark.reducer.maxSizeInFlight": ("Bytes", "MiB"), "spark.driver.maxResultSize": ("Bytes", "B"),
    "spark.memory.offHeap.size": ("Bytes", "B"), "spark.shuffle.file.buffer": ("Bytes", "KiB"),
    "spark.broadcast.blockSize": ("Bytes", "KiB"), "spark.rpc.message.maxSize": ("Integer", ""),
    "spark.sql.autoBroadcastJoinThreshold": ("Bytes", "B"),
    "spark.sql.adaptive.autoBroadcastJoinThreshold": ("Bytes", "B"),
    "spark.sql.adaptive.advisoryPartitionSizeInBytes": ("Bytes", "B"),
    "spark.sql.adaptive.shuffle.targetPostShuffleInputSize": ("Bytes", "B"),
    "spark.sql.files.maxPartitionBytes": ("Bytes", "B"), "spark.sql.files.openCostInBytes": ("Bytes", "B"),
    "spark.eventLog.buffer.kb": ("Bytes", "KiB"), "spark.eventLog.rolling.maxFileSize": ("Bytes", "B"),
    "spark.sql.broadcastTimeout": ("Time", "s"), "spark.network.timeout": ("Time", "s"),
    "spark.network.timeoutInterval": ("Time", "ms"), "spark.executor.heartbeatInterval": ("Time", "ms"),
    "spark.locality.wait": ("Time", "ms"), "spark.dynamicAllocation.executorIdleTimeout": ("Time", "s"),
    "spark.dynamicAllocation.cachedExecutorIdleTimeout": ("Time", "s"),
    "spark.dynamicAllocation.schedulerBacklogTimeout": ("Time", "s"),
    "spark.dynamicAllocation.sustainedSchedulerBacklogTimeout": ("Time", "s"),
    "spark.executor.cores": ("Integer", ""), "spark.executor.instances": ("Integer", ""),
    "spark.cores.max": ("Integer", ""), "spark.default.parallelism": ("Integer", ""),
    "spark.sql.adaptive.coalescePartitions.initialPartitionNum": ("Integer", ""),
    "spark.sql.adaptive.coalescePartitions.minPartitionNum": ("Integer", ""),
    "spark.sql.files.minPartitionNum": ("Integer", ""), "spark.sql.files.maxPartitionNum": ("Integer", ""),
    "spark.dynamicAllocation.maxExecutors": ("Integer", ""),
    "spark.sql.adaptive.skewJoin.skewedPartitionFactor": ("Real", ""),
}


def type_and_unit(key, defaults):
    if key in UNITS:
        return UNITS[key]
    values = [v for v in defaults if not v.startswith("<")]
    if values and all(v.lower() in ("true", "false") for v in values):
        return "Bool", ""
    if values and all(SIZE.match(v) for v in values):
        return "Bytes", "B"
    if any(SIZE.match(v) for v in values) and re.search(r"(?i)bytes|size|memory|buffer|threshold", key):
        return "Bytes", "B"
    if values and all(TIME.match(v) for v in values):
        return "Time", "ms"
    if values and all(re.fullmatch(r"-?\d+", v) for v in values):
        if re.search(r"(Bytes|InBytes)$", key):
            return "Bytes", "B"
        return "Integer", ""
    if values and all(re.fullmatch(r"-?\d+(\.\d+)?(E-?\d+)?", v) for v in values):
        return "Real", ""
    if re.search(r"(\.enabled|Enabled)$", key):
        return "Bool", ""
    if re.search(r"(InBytes|Bytes)$", key):
        return "Bytes", "B"
    return "Text", ""


def default_parts(defaults):
    """[[version, default], ...]"""
    parts = [p.split("=", 1) for p in defaults.split(" | ")] if defaults else []
    return [p for p in parts if len(p) == 2]


def default_values(rows, key, depth=0):
    """All defaults of the key, those of the settings that it takes its value from included."""
    values = []
    for _, value in default_parts(rows[key][5]) if key in rows and depth < 5 else []:
        other = re.fullmatch(r"<value of (\S+)>", value)
        values += default_values(rows, other.group(1), depth + 1) if other else [value]
    return values


def code(version):
    if not version:
        return 0
    major, minor = version.split(".")[:2]
    return int(major) * 10 + int(minor)


def quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def main():
    heads, rows = [], {}
    for line in open(sys.argv[1], encoding="utf-8"):
        line = line.rstrip("\n")
        if line.startswith("#"):
            heads.append(line.lstrip("# "))
            continue
        fields = line.split("\t")
        if fields[0] == "key":
            continue
        key, scope, since, first, gone, public, defaults, alternatives = (fields + [""] * 8)[:8]
        rows[key] = (scope, since, first, gone, public, defaults, alternatives)
    print("// Every registered Spark setting. GENERATED by make_settings.py: do not edit; edit its tables and run it again.")
    print("// Source: " + heads[0])
    print("// ADVISE_SETTING(key, Type, unit of a bare number, Scope, first, gone, public, defaults, alternative)")
    print("// first, gone: 31 = Spark 3.1; 0: unknown since when, the newest still has it. defaults: \"31=x | 40=y\", from that")
    print("// version on; <undefined>: no default; <value of KEY>: that setting's value.")
    for key in sorted(rows):
        scope, since, first, gone, public, defaults, alternatives = rows[key]
        # 2.4 and 3.0 read many settings that they did not register; `since` says that they existed.
        existed = code(since) if since and (not first or code(since) < code(first)) else code(first)
        parts = default_parts(defaults)
        kind, unit = type_and_unit(key, default_values(rows, key))
        text = " | ".join(f"{code(v)}={d}" for v, d in parts)
        print(f"ADVISE_SETTING({quote(key)}, {kind}, {quote(unit)}, {scope.capitalize()}, {existed}, {code(gone)}, "
              f"{public}, {quote(text)}, {quote(alternatives)})")


main()
