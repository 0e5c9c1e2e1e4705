#!/usr/bin/env python3
"""log_numbers.py LOG…: the plain numbers of Spark event logs, for people who label them (accuracy/corpus-labels.yaml).

An independent source: it reads the raw events and uses nothing of the engine. A log is a file in any codec (plain,
gzip, zstd with the `zstd` command, LZ4Block), a rolling folder, or ARCHIVE!MEMBER of a zip or tar. Options: --all prints
every row of each table instead of the heaviest; --plan ID the last plan of an SQL execution with its metrics.

What it prints, times in seconds after the start of the application:
  APP      version, slots, settings that matter, start and end (the last event, where the end is missing)
  WALL     the run divided by one sweep over task starts and ends: start-up, no job active, job active without a running
           task (no slot there, tasks pending, or the driver's own work), and while tasks run the part r/S of r tasks
           on S slots, and the idle rest: tasks pending all the same, stages of fewer tasks than slots, or tails
  BUSY     what the slots did while tasks ran: CPU, GC, fetch wait, deserialising, scheduler delay, the rest
  STAGES   wall, share of the run (an instant is divided among running stages by their tasks), distribution, bytes
  SITES    the same summed by call site, for loops;  JOBS, SQL, GAPS without any task, EXECUTORS, FAILURES, CACHES
A number that the log does not hold is printed as "-", never as 0. Times on the critical path are approximations.
"""
import argparse
import gzip
import io
import json
import pathlib
import re
import struct
import subprocess
import sys
import tarfile
import zipfile
from collections import Counter, defaultdict

try:
    from orjson import loads
except ImportError:
    from json import loads


# ---------------------------------------------------------------- reading
def lz4_block(src, size):
    """One raw LZ4 block of known size."""
    out, i = bytearray(), 0
    while i < len(src):
        token = src[i]
        i += 1
        lengths = []
        for part in (token >> 4, token & 15):
            if part == 15:
                while True:
                    part += src[i]
                    i += 1
                    if src[i - 1] != 255:
                        break
            lengths.append(part)
            if len(lengths) == 1:
                out += src[i:i + part]
                i += part
                if i >= len(src):
                    return bytes(out[:size])
                offset = src[i] | src[i + 1] << 8
                i += 2
        for _ in range(lengths[1] + 4):
            out.append(out[-offset])
    return bytes(out[:size])


def lz4_stream(data):
    """net.jpountz LZ4BlockOutputStream, which the lz4 command cannot read."""
    out, i = [], 0
    while i + 21 <= len(data):
        token, packed, size = data[i + 8], *struct.unpack_from("<ii", data, i + 9)
        block = data[i + 21:i + 21 + packed]
        i += 21 + packed
        if size and len(block) == packed:
            out.append(block if token & 0xF0 == 0x10 else lz4_block(block, size))
    return b"".join(out)


def decode(data):
    if data[:4] == b"\x28\xb5\x2f\xfd":
        return subprocess.run(["zstd", "-dcq"], input=data, stdout=subprocess.PIPE, check=False).stdout
    if data[:2] == b"\x1f\x8b":
        return gzip.decompress(data)
    if data[:8] == b"LZ4Block":
        return lz4_stream(data)
    if data[:2] in (b"\x82S", b"ZV"):
        sys.exit("snappy and LZF are not read here")
    return data


def read(name):
    """The bytes of one log, decoded."""
    archive, _, member = name.partition("!")
    path = pathlib.Path(archive)
    if path.is_dir():
        parts = [p for p in path.iterdir() if p.name.startswith("events_")]
        return b"\n".join(decode(p.read_bytes()) for p in sorted(parts, key=lambda p: int(p.name.split("_")[1])))
    data = path.read_bytes()
    if member and data[:2] == b"PK":
        data = zipfile.ZipFile(io.BytesIO(data)).read(member)
    elif member:
        data = tarfile.open(fileobj=io.BytesIO(data)).extractfile(member).read()
    return decode(data)


class Stage:
    def __init__(self, info):
        self.id, self.attempt = info["Stage ID"], info.get("Stage Attempt ID", 0)
        self.submitted = self.completed = self.failure = None
        self.tasks, self.launched, self.running = [], 0, set()
        self.sql = self.job = None
        self.charged = 0
        self.update(info)

    def update(self, info):
        self.name = info.get("Stage Name", "")
        self.count = info.get("Number of Tasks", 0)
        self.rdds = info.get("RDD Info", [])
        self.parents = info.get("Parent IDs", [])
        self.submitted = info.get("Submission Time") or self.submitted
        self.completed = info.get("Completion Time") or self.completed
        self.failure = info.get("Failure Reason") or self.failure

    @property
    def key(self):
        return f"{self.id}.{self.attempt}"


class Task:
    """An ended attempt; metrics are None where the log has none."""

    def __init__(self, event):
        info, m = event["Task Info"], event.get("Task Metrics") or {}
        self.id, self.executor, self.host = info["Task ID"], info.get("Executor ID"), info.get("Host")
        self.start, self.end = info["Launch Time"], info.get("Finish Time") or info["Launch Time"]
        self.index, self.speculative = info.get("Index"), info.get("Speculative", False)
        self.locality = info.get("Locality")
        self.reason = (event.get("Task End Reason") or {}).get("Reason", "?")
        self.why = event.get("Task End Reason") or {}
        self.ok = self.reason == "Success"
        self.run, self.gc = m.get("Executor Run Time"), m.get("JVM GC Time")
        cpu = m.get("Executor CPU Time")
        self.cpu = None if cpu is None else cpu / 1e6
        self.deserialize = m.get("Executor Deserialize Time")
        self.getting = self.end - info["Getting Result Time"] if info.get("Getting Result Time") else 0
        self.spill = m.get("Disk Bytes Spilled")
        self.result = m.get("Result Size")
        fetched, wrote = m.get("Shuffle Read Metrics"), m.get("Shuffle Write Metrics")
        self.fetch_wait = fetched and fetched.get("Fetch Wait Time")
        self.fetched = fetched and fetched.get("Remote Bytes Read", 0) + fetched.get("Local Bytes Read", 0)
        self.fetched_records = fetched and fetched.get("Total Records Read")
        self.wrote = wrote and wrote.get("Shuffle Bytes Written")
        self.wrote_records = wrote and wrote.get("Shuffle Records Written")
        self.write_time = wrote and wrote.get("Shuffle Write Time", 0) / 1e6
        self.input = (m.get("Input Metrics") or {}).get("Bytes Read")
        self.input_records = (m.get("Input Metrics") or {}).get("Records Read")
        self.input_method = (m.get("Input Metrics") or {}).get("Data Read Method")
        self.output = (m.get("Output Metrics") or {}).get("Bytes Written")
        self.output_records = (m.get("Output Metrics") or {}).get("Records Written")
        self.accumulated = [(a.get("ID"), a.get("Update")) for a in info.get("Accumulables", []) or []]

    @property
    def time(self):
        return self.end - self.start

    @property
    def delay(self):
        if self.run is None:
            return None
        return max(0, self.time - self.run - (self.deserialize or 0) - self.getting)


class Log:
    def __init__(self, data):
        self.bad = self.events = 0
        self.conf, self.version, self.name = {}, None, None
        self.start = self.end = self.first = self.last = None
        self.stages, self.jobs, self.sql, self.executors = {}, {}, {}, {}
        self.started, self.metrics, self.caches, self.other = {}, defaultdict(int), {}, Counter()
        self.tasks, self.progress, self.blocks = [], [], {}
        self.decode(data)
        for job in self.jobs.values():  # Spark 1.0 to 1.2 wrote no times of jobs: those of their stages
            mine = [s for s in self.stages.values() if s.id in job["stages"]]
            job["start"] = job["start"] or min((s.submitted for s in mine if s.submitted), default=None)
            if job.get("result") and not job.get("end"):
                job["end"] = max((s.completed for s in mine if s.completed), default=None)

    def decode(self, data):
        for line in data.split(b"\n"):
            if not line.strip():
                continue
            try:
                event = loads(line)
                self.take(event.get("Event", "").rsplit(".", 1)[-1].removeprefix("SparkListener"), event)
                self.events += 1
            except (ValueError, KeyError, TypeError, AttributeError):
                self.bad += 1

    def at(self, time):
        if time:
            self.first = min(self.first or time, time)
            self.last = max(self.last or time, time)

    def stage(self, info):
        key = (info["Stage ID"], info.get("Stage Attempt ID", 0))
        if key in self.stages:
            self.stages[key].update(info)
        return self.stages.setdefault(key, Stage(info))

    def take(self, kind, e):
        self.at(e.get("Timestamp") or e.get("time") or e.get("Submission Time") or e.get("Completion Time"))
        if kind == "LogStart":
            self.version = e["Spark Version"]
        elif kind == "EnvironmentUpdate":
            self.conf.update(e.get("Spark Properties", {}))
        elif kind == "ApplicationStart":
            self.start, self.name = e["Timestamp"], e.get("App Name")
        elif kind == "ApplicationEnd":
            self.end = e["Timestamp"]
        elif kind == "ExecutorAdded":
            self.executors[e["Executor ID"]] = {"added": e["Timestamp"], "removed": None, "why": "",
                                                "cores": e["Executor Info"]["Total Cores"],
                                                "host": e["Executor Info"].get("Host")}
        elif kind == "ExecutorRemoved":
            self.executors.setdefault(e["Executor ID"], {"added": None, "cores": None, "host": None}).update(
                removed=e["Timestamp"], why=e.get("Removed Reason", ""))
        elif kind == "JobStart":
            properties = e.get("Properties") or {}
            job = {"id": e["Job ID"], "start": e.get("Submission Time"), "end": None, "result": None, "failure": "",
                   "stages": e.get("Stage IDs", []), "sql": properties.get("spark.sql.execution.id"),
                   "pool": properties.get("spark.scheduler.pool"), "batch": properties.get("streaming.sql.batchId"),
                   "description": properties.get("spark.job.description"), "name": ""}
            infos = e.get("Stage Infos", [])
            if infos:
                job["name"] = max(infos, key=lambda i: i["Stage ID"]).get("Stage Name", "")
            self.jobs[e["Job ID"]] = job
        elif kind == "JobEnd":
            job = self.jobs.setdefault(e["Job ID"], {"id": e["Job ID"], "start": None, "stages": [], "sql": None,
                                                     "description": None, "name": "", "pool": None, "batch": None})
            result = e.get("Job Result") or {}
            job.update(end=e.get("Completion Time"), result=result.get("Result"),
                       failure=(result.get("Exception") or {}).get("Message", ""))
        elif kind == "StageSubmitted":
            stage = self.stage(e["Stage Info"])
            stage.sql = (e.get("Properties") or {}).get("spark.sql.execution.id")
        elif kind == "StageCompleted":
            stage = self.stage(e["Stage Info"])
            self.at(stage.submitted), self.at(stage.completed)
            for rdd in stage.rdds:
                level = rdd.get("Storage Level", {})
                if level.get("Use Memory") or level.get("Use Disk"):
                    cache = self.caches.setdefault(rdd["RDD ID"], {"name": rdd.get("Name", ""), "stages": set(),
                                                                   "parts": rdd.get("Number of Partitions")})
                    cache["stages"].add(stage.key)
                    cache["cached"] = rdd.get("Number of Cached Partitions")
                    cache["memory"], cache["disk"] = rdd.get("Memory Size"), rdd.get("Disk Size")
        elif kind == "TaskStart":
            info = e["Task Info"]
            self.started[info["Task ID"]] = (e["Stage ID"], e.get("Stage Attempt ID", 0), info)
            self.at(info["Launch Time"])
        elif kind == "TaskEnd":
            key = (e["Stage ID"], e.get("Stage Attempt ID", 0))
            stage = self.stages.get(key) or self.stage({"Stage ID": key[0], "Stage Attempt ID": key[1]})
            task = Task(e)
            self.started.pop(task.id, None)
            stage.tasks.append(task)
            self.tasks.append((stage, task))
            self.at(task.start), self.at(task.end)
            for accumulator, update in task.accumulated:
                if isinstance(update, (int, str)) and re.fullmatch(r"-?\d+", str(update)):
                    self.metrics[accumulator] += max(0, int(update))
        elif kind == "SQLExecutionStart":
            self.sql[e["executionId"]] = {"start": e["time"], "end": None, "error": None, "plan": e["sparkPlanInfo"],
                                          "description": e.get("description", ""), "conf": e.get("modifiedConfigs")}
        elif kind == "SQLExecutionEnd":
            self.sql.get(e["executionId"], {}).update(end=e["time"], error=e.get("errorMessage"))
        elif kind == "SQLAdaptiveExecutionUpdate":
            self.sql.get(e["executionId"], {}).update(plan=e["sparkPlanInfo"])
        elif kind == "DriverAccumUpdates":
            for accumulator, value in e["accumUpdates"]:
                self.metrics[accumulator] += max(0, value)
        elif kind.endswith("QueryProgressEvent") or kind.endswith("QueryProgress"):
            self.progress.append(e.get("progress") or e)
            self.other[kind] += 1
        elif kind == "BlockUpdated":
            block = e["Block Updated Info"]
            if block["Block ID"].startswith("rdd_"):
                self.blocks[block["Block ID"]] = (block.get("Memory Size", 0), block.get("Disk Size", 0))
        else:
            self.other[kind] += 1


# ---------------------------------------------------------------- arithmetic
def quantile(values, q):
    values = sorted(values)
    return values[min(len(values) - 1, int(q * len(values)))] if values else None


def total(values):
    known = [v for v in values if v is not None]
    return sum(known) if known else None


def correlation(xs, ys):
    pairs = [(x, y) for x, y in zip(xs, ys) if y is not None]
    if len(pairs) < 3:
        return None
    mean_x, mean_y = (sum(p[i] for p in pairs) / len(pairs) for i in (0, 1))
    sxy = sum((x - mean_x) * (y - mean_y) for x, y in pairs)
    sxx, syy = (sum((p[i] - m) ** 2 for p in pairs) for i, m in ((0, mean_x), (1, mean_y)))
    return sxy / (sxx * syy) ** 0.5 if sxx and syy else None


def sweep(log, begin, end):
    """Wall time in ms by what the slots did, the gaps without a running task, and what stages are charged."""
    cpus = int(log.conf.get("spark.task.cpus", 1))
    changes = defaultdict(list)  # time -> what happens then
    for stage in log.stages.values():
        stage.launched, stage.running, stage.charged = 0, set(), 0
        if stage.submitted:
            changes[stage.submitted].append(("stage", stage, None))
            if stage.completed:
                changes[stage.completed].append(("stage_end", stage, None))
        for task in stage.tasks:
            changes[task.start].append(("launch", stage, task))
            changes[max(task.end, task.start)].append(("finish", stage, task))
    for stage_id, attempt, info in log.started.values():  # attempts without an end
        stage = log.stages.get((stage_id, attempt))
        if stage:
            changes[info["Launch Time"]].append(("launch", stage, info["Task ID"]))
    for job in log.jobs.values():
        if job["start"]:
            changes[job["start"]].append(("job", job["id"], None))
            changes[job.get("end") or end].append(("job_end", job["id"], None))
    local = log.conf.get("spark.master", "").startswith("local")
    cores = {i: x for i, x in log.executors.items() if x["cores"] and (local or i not in ("driver", "<driver>"))}
    for name, x in cores.items():
        changes[begin if local else x["added"]].append(("slots", x["cores"] // cpus, name))
        if x["removed"]:
            changes[x["removed"]].append(("slots", -(x["cores"] // cpus), name))
    most = current = 0
    for _, _, sign in sorted([(t.start, 1, 1) for _, t in log.tasks] + [(t.end, 0, -1) for _, t in log.tasks]):
        current += sign
        most = max(most, current)
    open_jobs, submitted, running, slots = set(), {}, {}, 0
    wall, gaps, seen_job, max_slots = Counter(), [], False, 0
    times = sorted(set(changes) | {begin, end})
    for now, after in zip(times, times[1:] + [end]):
        for what, subject, detail in changes[now]:
            if what == "stage":
                submitted[subject.key] = subject
            elif what == "stage_end":
                submitted.pop(subject.key, None)
            elif what == "launch":
                subject.launched += 1
                subject.running.add(detail.id if isinstance(detail, Task) else detail)
                running[subject.key] = subject
            elif what == "finish":
                subject.running.discard(detail.id)
                if not subject.running:
                    running.pop(subject.key, None)
            elif what == "job":
                open_jobs.add(subject)
                seen_job = True
            elif what == "job_end":
                open_jobs.discard(subject)
            else:
                slots += subject
        span = min(after, end) - max(now, begin)
        if span <= 0:
            continue
        count = sum(len(s.running) for s in running.values())
        there = slots if cores else most
        max_slots = max(max_slots, there)
        pending = sum(max(0, s.count - s.launched) for s in submitted.values())
        if count == 0:
            if not open_jobs:
                kind = "no job active" if seen_job else "start-up, before the first job"
            elif there == 0:
                kind = "job active, no executor"
            else:
                kind = "job active, tasks pending" if pending else "job active, driver at work"
            wall[kind] += span
            if gaps and gaps[-1][1] == now and gaps[-1][2] == kind:
                gaps[-1][1] = after
            else:
                gaps.append([now, after, kind])
            continue
        there = max(there, count)
        wall["work on slots"] += span * count / there
        idle = span * (there - count) / there
        for stage in running.values():
            part = len(stage.running) / count
            stage.charged += span * part
            kind = "idle, tasks pending" if pending else (
                "idle, fewer tasks than slots" if stage.count < there else "idle, tail")
            wall[kind] += idle * part
    return wall, gaps, max(max_slots, 0 if cores else most), most


# ---------------------------------------------------------------- printing
def size(value):
    if value is None:
        return "-"
    for unit in ("B", "K", "M", "G"):
        if abs(value) < 1024:
            break
        value /= 1024
    else:
        unit = "T"
    return f"{value:.0f}{unit}" if value >= 10 or unit == "B" else f"{value:.1f}{unit}"


def sec(ms):
    return "-" if ms is None else f"{ms / 1000:.1f}" if abs(ms) >= 100 else f"{ms / 1000:.3f}"


def share(part, whole):
    return "-" if part is None or not whole else f"{100 * part / whole:.0f}%"


def table(title, head, rows):
    print(f"\n{title}")
    rows = [head] + [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    for row in rows:
        print("  " + "  ".join(cell.rjust(w) if i < len(head) - 1 else cell for i, (cell, w) in
                               enumerate(zip(row, widths))))


SETTINGS = re.compile(
    r"spark\.(master|executor\.(instances|cores|memory|memoryOverhead)|driver\.(memory|maxResultSize)|task\.cpus|"
    r"dynamicAllocation\.(enabled|minExecutors|maxExecutors|initialExecutors|executorIdleTimeout)|cores\.max|"
    r"sql\.(shuffle\.partitions|autoBroadcastJoinThreshold|files\.maxPartitionBytes|"
    r"adaptive\.(enabled|skewJoin\.enabled|coalescePartitions\.\w+))|default\.parallelism|"
    r"speculation|locality\.wait|serializer|scheduler\.mode|plugins|"
    r"submit\.deployMode|shuffle\.(compress|service\.enabled)|storage\.memoryFraction|memory\.fraction)$")


def print_stages(log, duration, begin, everything):
    rows = []
    for s in sorted(log.stages.values(), key=lambda s: (s.submitted or 0, s.id)):
        good = [t for t in s.tasks if t.ok]
        times = [t.time for t in good]
        run = total(t.run for t in s.tasks)
        middle, longest = quantile(times, .5), max(times, default=None)
        moved = [(t.fetched or 0) + (t.input or 0) for t in good]
        heaviest = max(moved, default=0) / (quantile(moved, .5) or 1) if moved and quantile(moved, .5) else None
        records = [(t.fetched_records or 0) + (t.input_records or 0) for t in good]
        rows.append((s.charged, [
            s.key, s.sql if s.sql is not None else "-", sec(s.submitted and s.submitted - begin),
            sec(s.completed and s.submitted and s.completed - s.submitted), share(s.charged, duration),
            f"{len(good)}/{s.count}", len(s.tasks) - len(good) or "",
            sec(middle), sec(quantile(times, .75)), sec(longest), sec(total(times)),
            ("-" if heaviest is None else f"{heaviest:.1f}x") + " " + size(max(moved, default=None)),
            "-" if len(good) < 3 else "/".join("-" if c is None else f"{c:.2f}" for c in (
                correlation(times, moved), correlation(times, records))),
            size(total(t.input for t in good)), size(total(t.fetched for t in good)),
            size(total(t.wrote for t in good)), size(total(t.output for t in good)),
            "/".join("-" if v is None else f"{v:,}" for v in (
                total((t.input_records for t in good)), total(t.fetched_records for t in good),
                total((t.wrote_records for t in good)), total(t.output_records for t in good))),
            size(total(t.spill for t in s.tasks)), share(total(t.cpu for t in s.tasks), run),
            share(total(t.gc for t in s.tasks), run), share(total(t.fetch_wait for t in s.tasks), run),
            share(total(t.delay for t in s.tasks), total(t.time for t in s.tasks)),
            s.name[:48] + (" !! " + s.failure[:60].replace("\n", " ") if s.failure else "")]))
    if not everything and len(rows) > 45:
        keep = {id(r[1]) for r in sorted(rows, key=lambda r: -r[0])[:45]}
        rows = [r for r in rows if id(r[1]) in keep]
    table("STAGES", ["id", "sql", "at", "wall", "share", "ok/n", "bad", "p50", "p75", "max", "sum", "most data",
                     "corr b/r", "in", "shr", "shw", "out", "rec in/shr/shw/out", "spill", "cpu", "gc", "fetch",
                     "delay", "name"],
          [r[1] for r in rows])


def print_sites(log, duration):
    groups = defaultdict(list)
    for stage in log.stages.values():
        if stage.tasks:
            groups[(stage.name, stage.count if stage.count < 3 else "n")].append(stage)
    rows = [[len(g), tasks, sec(sum(s.charged for s in g)), share(sum(s.charged for s in g), duration),
             sec(quantile([(s.completed or 0) - (s.submitted or 0) for s in g], .5)),
             size(total(t.input for s in g for t in s.tasks)), name[:70]]
            for (name, tasks), g in sorted(groups.items(), key=lambda i: -sum(s.charged for s in i[1])) if len(g) > 2]
    if rows:
        table("SITES of three stages or more",
              ["stages", "tasks", "charged", "share", "p50 wall", "in", "name"], rows[:15])


def walk(node):
    yield node
    for child in node.get("children", []):
        yield from walk(child)


def print_plan(log, number):
    def show(node, depth):
        values = [f"{m['name']}={log.metrics[m['accumulatorId']]:,}" for m in node.get("metrics", [])
                  if log.metrics.get(m["accumulatorId"])]
        text = node.get("simpleString", "")[:160]
        print("  " * depth + node["nodeName"] + "  " + text + "  {" + ", ".join(values) + "}")
        for child in node.get("children", []):
            show(child, depth + 1)
    show(log.sql[number]["plan"], 0)


def print_sql(log, begin, everything):
    rows = []
    for number, q in log.sql.items():
        names = Counter(re.sub(r" \(\d+\)$| \S+\.\S+$", "", n["nodeName"]) for n in walk(q["plan"]))
        mine = [s for s in log.stages.values() if s.sql == str(number)]
        read = {m["name"]: 0 for n in walk(q["plan"]) for m in n.get("metrics", [])}
        for n in walk(q["plan"]):
            for m in n.get("metrics", []):
                read[m["name"]] += log.metrics.get(m["accumulatorId"], 0)
        notes = [f"{key}={read[key]:,}" for key in (
            "number of files read", "size of files read", "number of written files", "data size", "spill size",
            "time to collect", "time to build", "metadata time") if read.get(key)]
        wanted = ("Join", "Aggregate", "Window", "Python", "Exchange", "Scan", "Generate", "Cartesian", "Expand",
                  "Sort", "Coalesce", "Insert", "Execute", "Write")
        kinds = " ".join(f"{n}*{c}" if c > 1 else n for n, c in names.items() if any(w in n for w in wanted))
        rows.append([number, sec(q["start"] - begin), sec(q["end"] and q["end"] - q["start"]),
                     sum(len(s.tasks) for s in mine), sec(sum(s.charged for s in mine)),
                     (q["error"] or "")[:40].replace("\n", " "),
                     kinds[:110], " ".join(notes)[:150], q["description"][:50].replace("\n", " ")])
    if rows:
        table("SQL", ["id", "at", "wall", "tasks", "charged", "error", "nodes", "metrics summed over nodes",
                      "description"],
              rows if everything else rows[:40])


def report(name, arguments):
    log = Log(read(name))
    if arguments.plan is not None:
        return print_plan(log, arguments.plan)
    begin = log.start or log.first or 0
    end = log.end or log.last or begin
    duration = end - begin
    print(f"LOG    {name}\nAPP    Spark {log.version or '-'}  {log.events} events, {log.bad} bad  "
          f"start {'stated' if log.start else 'NOT stated'}  end {'stated' if log.end else 'NOT stated (last event)'}  "
          f"duration {sec(duration)} s  jobs {len(log.jobs)} stages {len(log.stages)} tasks {len(log.tasks)} "
          f"(+{len(log.started)} without end) sql {len(log.sql)}")
    if log.start and log.first and log.first < log.start - 1000:
        print(f"       first event {sec(log.start - log.first)} s before the stated start")
    settings = [f"{k.removeprefix('spark.')}={v}" for k, v in sorted(log.conf.items()) if SETTINGS.search(k)]
    print("       " + " ".join(settings))
    wall, gaps, slots, most = sweep(log, begin, end)
    print(f"WALL   slots {slots}, most tasks at once {most}")
    for kind, ms in wall.most_common():
        print(f"       {share(ms, duration):>4} {sec(ms):>9} s  {kind}")
    tasks = [t for _, t in log.tasks]
    busy = total(t.time for t in tasks)
    if busy:
        parts = {"cpu": "cpu", "gc": "gc", "fetch wait": "fetch_wait", "deserialise": "deserialize", "delay": "delay",
                 "shuffle write": "write_time", "getting result": "getting"}
        print("BUSY   " + f"{sec(busy)} slot-s: " + "  ".join(
            f"{label} {share(total(getattr(t, key) for t in tasks), busy)}" for label, key in parts.items())
              + f"  failed or killed attempts {share(sum(t.time for t in tasks if not t.ok), busy)}")
    if arguments.all or len(log.jobs) <= 60:
        table("JOBS", ["id", "sql", "at", "wall", "result", "stages", "name"], [
            [j["id"], j["sql"] or "-", sec(j["start"] and j["start"] - begin),
             sec(j.get("end") and j["start"] and j["end"] - j["start"]), j.get("result") or "-",
             ",".join(map(str, j["stages"][:8])),
             j["name"][:50] + (" !! " + j["failure"][:150].replace("\n", " ") if j.get("failure") else "")]
            for j in log.jobs.values()])
    print_stages(log, duration, begin, arguments.all)
    print_sites(log, duration)
    print_sql(log, begin, arguments.all)
    long_gaps = sorted(gaps, key=lambda g: g[0] - g[1])[:None if arguments.all else 12]
    table("GAPS without a running task, longest first", ["at", "length", "kind", "before it", "after it"], [
        [sec(a - begin), sec(b - a), kind,
         max(((t.end, s.key) for s, t in log.tasks if t.end <= a), default=(0, "-"))[1],
         min(((t.start, s.key) for s, t in log.tasks if t.start >= b), default=(0, "-"))[1]]
        for a, b, kind in long_gaps])
    by_executor = defaultdict(list)
    for stage, task in log.tasks:
        by_executor[task.executor].append((stage, task))
    medians = {s.key: quantile([t.time for t in s.tasks if t.ok], .5) for s in log.stages.values()}
    rows = []
    for key in sorted(set(by_executor) | set(log.executors), key=lambda k: (len(str(k)), str(k))):
        x, mine = log.executors.get(key, {}), by_executor.get(key, [])
        ratios = [t.time / medians[s.key] for s, t in mine if t.ok and medians[s.key] and len(s.tasks) > 4]
        rows.append([key, x.get("cores") or "-", sec(x.get("added") and x["added"] - begin),
                     sec(x.get("removed") and x["removed"] - begin), len(mine), sum(not t.ok for _, t in mine),
                     sec(sum(t.time for _, t in mine)),
                     share(total(t.gc for _, t in mine), total(t.run for _, t in mine)),
                     f"{quantile(ratios, .5):.2f}" if ratios else "-", x.get("why", "")[:70].replace("\n", " ")])
    table("EXECUTORS", ["id", "cores", "added", "removed", "tasks", "bad", "busy", "gc", "median ratio", "why removed"],
          rows if arguments.all else rows[:40])
    failures = Counter()
    for stage, task in log.tasks:
        if not task.ok:
            text = (task.why.get("Description") or task.why.get("Kill Reason") or task.why.get("Loss Reason")
                    or task.why.get("Message") or "")[:90].replace("\n", " ")
            failures[(task.reason, task.why.get("Class Name", ""), re.sub(r"\d+", "#", text))] += 1
    for (reason, class_name, text), count in failures.most_common(12):
        print(f"FAIL   {count} x {reason} {class_name} {text}")
    caches = sorted(log.caches.items(), key=lambda c: -len(c[1]["stages"]))
    for number, cache in sorted(caches[:None if arguments.all else 12]):
        held = [v for k, v in log.blocks.items() if k.startswith(f"rdd_{number}_")]
        print(f"CACHE  rdd {number} {cache['name'][:50]!r} partitions {cache['parts']}, in stages "
              f"{' '.join(sorted(cache['stages'], key=float)[:12])} ({len(cache['stages'])}); "
              f"said cached {cache['cached']}, "
              f"{size(cache['memory'])} memory {size(cache['disk'])} disk; block updates {len(held)}, "
              f"{size(sum(m for m, _ in held))} memory {size(sum(d for _, d in held))} disk")
    if log.progress:
        print(f"STREAM {len(log.progress)} progress events")
        for p in log.progress[:5] + log.progress[-3:]:
            print("       ", json.dumps({k: p.get(k) for k in ("batchId", "durationMs", "batchDuration")}),
                  [s.get("numInputRows") for s in p.get("sources", []) if isinstance(s, dict)])
    print("OTHER  " + ", ".join(f"{k} {v}" for k, v in log.other.most_common(12)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logs", nargs="+")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--plan", type=int)
    arguments = parser.parse_args()
    for name in arguments.logs:
        report(name, arguments)
        print()


if __name__ == "__main__":
    main()
