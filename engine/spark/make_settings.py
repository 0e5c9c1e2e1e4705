#!/usr/bin/env python3
"""Writes settings.def from the list of registered Spark settings.

    make_settings.py SPARK-SETTINGS.tsv setting_values.tsv > settings.def

The list (key, scope, since, first, gone, public, defaults per version, alternatives) was read from each Spark version's
own registry; its head comments say from which. The registry's dump has no types: setting_values.tsv holds what Spark
4.0.1 accepts, found by trying (ReadSettingValues.java). Settings that 4.0.1 does not have get the type of their default
and their key, with the exceptions of UNITS (ConfigBuilder calls in Spark's sources).
"""
import re
import sys

SIZE = re.compile(r"^\d+(\.\d+)?(b|k|kb|kib|m|mb|mib|g|gb|gib|t|tb|tib)$", re.I)
TIME = re.compile(r"^\d+(us|ms|s|m|min|h|d)$")
# Bare numbers in these mean MiB, seconds or milliseconds: internal/config/package.scala, Network.scala, SQLConf.scala.
UNITS = {
    "spark.python.worker.memory": ("Bytes", "MiB"),
}
# Ranges that Spark checks elsewhere than in its registry: SparkConf.validateSettings, SparkSubmitArguments, ResourceProfile.
RANGES = {
    "spark.memory.fraction": ("0", "1"), "spark.executor.memory": ("1", ""), "spark.driver.memory": ("1", ""),
    "spark.executor.cores": ("1", "2147483647"), "spark.driver.cores": ("1", "2147483647"),
    "spark.task.cpus": ("1", "2147483647"), "spark.executor.instances": ("0", "2147483647"),
    "spark.cores.max": ("1", "2147483647"), "spark.default.parallelism": ("1", "2147483647"),
}
# Names that SparkConf still reads though the registry does not say so (SparkConf.configsWithAlternatives), in its order;
# those whose values it translates are left out. Kubernetes reads its own overhead factor where the common one is not set.
OLDER = {
    "spark.executor.userClassPathFirst": "spark.files.userClassPathFirst",
    "spark.reducer.maxSizeInFlight": "spark.reducer.maxMbInFlight",
    "spark.kryoserializer.buffer.max": "spark.kryoserializer.buffer.max.mb",
    "spark.shuffle.file.buffer": "spark.shuffle.file.buffer.kb",
    "spark.executor.logs.rolling.maxSize": "spark.executor.logs.rolling.size.maxBytes",
    "spark.io.compression.snappy.blockSize": "spark.io.compression.snappy.block.size",
    "spark.io.compression.lz4.blockSize": "spark.io.compression.lz4.block.size",
    "spark.rpc.numRetries": "spark.akka.num.retries", "spark.rpc.retry.wait": "spark.akka.retry.wait",
    "spark.rpc.askTimeout": "spark.akka.askTimeout", "spark.rpc.lookupTimeout": "spark.akka.lookupTimeout",
    "spark.rpc.message.maxSize": "spark.akka.frameSize", "spark.yarn.jars": "spark.yarn.jar",
    "spark.maxRemoteBlockSizeFetchToMem": "spark.reducer.maxReqSizeShuffleToMem",
    "spark.network.maxRemoteBlockSizeFetchToMem": "spark.reducer.maxReqSizeShuffleToMem",
    "spark.scheduler.listenerbus.eventqueue.capacity": "spark.scheduler.listenerbus.eventqueue.size",
    "spark.driver.memoryOverhead": "spark.yarn.driver.memoryOverhead",
    "spark.executor.memoryOverhead": "spark.yarn.executor.memoryOverhead",
    "spark.kerberos.keytab": "spark.yarn.keytab", "spark.kerberos.principal": "spark.yarn.principal",
    "spark.kerberos.relogin.period": "spark.yarn.kerberos.relogin.period",
    "spark.kerberos.access.hadoopFileSystems": "spark.yarn.access.namenodes spark.yarn.access.hadoopFileSystems",
    "spark.executor.memoryOverheadFactor": "spark.kubernetes.memoryOverheadFactor",
    "spark.driver.memoryOverheadFactor": "spark.kubernetes.memoryOverheadFactor",
}
# Settings that Spark reads without registering them (docs/configuration.md, docs/sql-data-sources-*.md of the versions):
# scope, first, gone, defaults.
UNREGISTERED = {
    "spark.app.id": ("submit", "1.2", "", ""), "spark.app.name": ("submit", "0.9", "", ""),
    "spark.master": ("submit", "0.9", "", ""), "spark.home": ("submit", "0.9", "", ""),
    "spark.local.dir": ("submit", "0.5", "", "0.5=/tmp"), "spark.logConf": ("submit", "0.9", "", "0.9=false"),
    "spark.port.maxRetries": ("submit", "1.1", "", "1.1=16"),
    "spark.driver.defaultJavaOptions": ("submit", "3.0", "", ""),
    "spark.executor.defaultJavaOptions": ("submit", "3.0", "", ""),
    "spark.driver.allowMultipleContexts": ("submit", "1.2", "3.0", "1.2=false"),
    "spark.repl.class.uri": ("submit", "1.0", "", ""), "spark.repl.class.outputDir": ("submit", "2.0", "", ""),
    "spark.repl.local.jars": ("submit", "2.0", "", ""), "spark.yarn.app.id": ("submit", "1.3", "", ""),
    "spark.memory.useLegacyMode": ("submit", "1.6", "3.0", "1.6=false"),
    "spark.storage.memoryFraction": ("submit", "0.6", "3.0", "0.6=0.6"),
    "spark.storage.unrollFraction": ("submit", "1.1", "3.0", "1.1=0.2"),
    "spark.shuffle.memoryFraction": ("submit", "0.8", "3.0", "0.8=0.2"),
    "spark.shuffle.consolidateFiles": ("submit", "0.8", "1.6", "0.8=false"),
    "spark.shuffle.spill": ("submit", "0.8", "1.6", "0.8=true"),
    "spark.sql.hive.convertMetastoreParquet": ("session", "1.1", "", "1.1=true"),
    "spark.sql.hive.convertMetastoreOrc": ("session", "2.0", "", "2.0=false | 2.4=true"),
    "spark.streaming.driver.writeAheadLog.closeFileAfterWrite": ("submit", "1.6", "", "1.6=false"),
}
# Defaults before the oldest registry that was read (docs/configuration.md of those versions).
BEFORE = {
    "spark.executor.memory": [("0.7", "512m"), ("1.5", "1g")], "spark.driver.memory": [("0.7", "512m"), ("1.5", "1g")],
    "spark.memory.fraction": [("1.6", "0.75"), ("2.0", "0.6")],
}


def read_values(path):
    """key -> (type, unit, low, high)"""
    values = {}
    for line in open(path, encoding="utf-8"):
        fields = line.rstrip("\n").split("\t")
        if not line.startswith("#") and fields[0] != "key":
            values[fields[0]] = tuple(fields[1:])
    return values


def bound(text):
    """`Any`, `At(1)`, or `Beyond(0)`: the end itself is not allowed."""
    if not text:
        return "Any"
    return f"Beyond({text[1:]})" if text[0] in "<>" else f"At({text})"


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
    for key, (scope, first, gone, defaults) in UNREGISTERED.items():
        assert key not in rows, key
        rows[key] = (scope, first, first, gone, "true", defaults, "")
    print("// Every registered Spark setting. GENERATED by make_settings.py: do not edit; edit its tables and run it again.")
    print("// Source: " + heads[0])
    print("// " + open(sys.argv[2], encoding="utf-8").readline().lstrip("# ").split(" GENERATED")[0])
    print("// ADVISE_SETTING(key, Type, unit of a bare number, Scope, first, gone, public, low, high, defaults, older names)")
    print("// first, gone: 31 = Spark 3.1; 0: unknown since when, the newest still has it. low, high: of a bare number; Beyond:")
    print("// without the end itself. defaults: \"31=x | 40=y\", from that version on; <undefined>: no default; <value of KEY>: that")
    print("// setting's value. older names: still read by Spark, in this order.")
    values = read_values(sys.argv[2])
    for key in sorted(rows):
        scope, since, first, gone, public, defaults, alternatives = rows[key]
        # 2.4 and 3.0 read many settings that they did not register; `since` says that they existed.
        existed = code(since) if since and (not first or code(since) < code(first)) else code(first)
        parts = default_parts(defaults)
        before = BEFORE.get(key, [])
        parts = before + [p for p in parts if not before or p[1] != before[-1][1]]
        kind, unit, low, high = values[key] if key in values else (*type_and_unit(key, default_values(rows, key)), "", "")
        if kind == "Integer" and any(re.fullmatch(r"-?\d+\.\d+", d) for _, d in parts):
            kind = "Real"  # it was, before 4.0
        low, high = RANGES.get(key, (low, high))
        older = " ".join(filter(None, (alternatives.replace(",", " ").strip(), OLDER.get(key, ""))))
        text = " | ".join(f"{code(v)}={d}" for v, d in parts)
        print(f"ADVISE_SETTING({quote(key)}, {kind}, {quote(unit)}, {scope.capitalize()}, {existed}, {code(gone)}, "
              f"{public}, {bound(low)}, {bound(high)}, {quote(text)}, {quote(older)})")


main()
