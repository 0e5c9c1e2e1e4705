#!/usr/bin/env python3
"""What-if pairs: the same work under one changed setting, three repeats of each side, interleaved.

    python3 pathological-jobs/whatif.py                     every pair of whatif/pairs.toml, what is missing of it
    python3 pathological-jobs/whatif.py skew-split --until 03:00
    python3 pathological-jobs/whatif.py --summary           the table of README.md, of what is there; runs nothing

Each run becomes a line of whatif/results.tsv; a run whose line stands there is not repeated. The log of the first
repeat of each side is kept in whatif/logs (of a pair of variants it stands in the job's own logs, from another run).
Nothing else of run.py runs meanwhile.
"""
import argparse
import dataclasses
import datetime
import json
import os
import re
import shutil
import signal
import statistics
import sys
import time
import tomllib
from pathlib import Path

import run

FOLDER = run.HERE / "whatif"
RESULTS = FOLDER / "results.tsv"
COLUMNS = ["pair", "side", "setting", "repeat", "order", "load", "app_duration_ms", "work_duration_ms", "log"]
ORDER = "ABBAAB"
TIMEOUT_S = 300


@dataclasses.dataclass(frozen=True)
class Run:
    pair: str
    side: str
    setting: str
    repeat: int
    order: int
    keeps_log: bool
    capture: run.Capture

    @property
    def log(self):
        """Where the log of this run is kept, None if it is not."""
        return FOLDER / "logs" / f"{self.pair}-{self.side}.zstd" if self.keeps_log else None


def capture_of(pair, side, said):
    """What one side runs: a variant of the job's captures.toml, or the job under the settings of the pair."""
    own, version = said[side], said.get("spark", run.VERSIONS[0])
    if "variant" in own:
        return next(capture for capture in run.captures(said["job"])
                    if capture.variant == own["variant"] and capture.version == version)
    return run.Capture(
        job=said["job"], variant=f"{pair}-{side}", version=version,
        master=own.get("master", said.get("master", run.MASTER)), ends="succeeds", timeout_s=TIMEOUT_S,
        conf=said.get("conf", {}) | own.get("conf", {}),
        args=["--variant", f"{pair}-{side}", *[str(part) for part in said.get("args", []) + own.get("args", [])]])


def runs(pair, said):
    """The six runs of one pair in their order."""
    repeats = {"A": 0, "B": 0}
    for order, side in enumerate(said.get("order", ORDER), 1):
        repeats[side] += 1
        keeps_log = repeats[side] == 1 and "variant" not in said[side]
        yield Run(pair, side, said[side]["setting"], repeats[side], order, keeps_log, capture_of(pair, side, said))


def results():
    if not RESULTS.exists():
        return []
    header, *lines = RESULTS.read_text().splitlines()
    return [dict(zip(header.split("\t"), line.split("\t"))) for line in lines]


def work_ms_of(log, environment):
    """From the first query (of an application without SQL: the first job) to the end of the application."""
    times = {}
    for line in re.findall(r'^{"Event":"(?:SparkListenerJobStart|SparkListenerApplicationEnd|[^"]*SparkListenerSQLExecutionStart)".*$',
                           run.log_text(log, environment), re.M):
        event = json.loads(line)
        at_ms = event.get("Timestamp", event.get("Submission Time", event.get("time")))
        times.setdefault(event["Event"].rpartition(".")[2], at_ms)
    start = times.get("SparkListenerSQLExecutionStart", times.get("SparkListenerJobStart"))
    return times["SparkListenerApplicationEnd"] - start


def log_named(one):
    """For the table, as seen from its folder: of the first run of a side its own log, of a variant that of the job's folder."""
    if one.log:
        return one.log.relative_to(FOLDER)
    own = FOLDER.parent / one.capture.job / "logs" / f"{one.capture.variant}-{one.capture.version}.zstd"
    return os.path.relpath(own, FOLDER) if one.repeat == 1 and own.exists() else "-"


def measure(root, one):
    """Run it, add its line to the results."""
    environment = run.ensure_spark(root, one.capture.version)
    work = root / "captures" / f"whatif-{one.pair}-{one.side}"
    shutil.rmtree(work, ignore_errors=True)
    load = os.getloadavg()[0]
    began = time.monotonic()
    run.run_spark(root, environment, work, one.capture)
    (log,) = [file for file in (work / "history").iterdir() if not file.name.endswith(".crc")]
    app_ms = run.check_log([log], "succeeds", environment)
    work_ms = work_ms_of(log, environment)
    if one.log:
        one.log.parent.mkdir(exist_ok=True)
        run.recompressed(log, one.log)
    row = [one.pair, one.side, one.setting, one.repeat, one.order, f"{load:.2f}", app_ms, work_ms, log_named(one)]
    new = not RESULTS.exists()
    with open(RESULTS, "a") as kept:
        if new:
            kept.write("\t".join(COLUMNS) + "\n")
        kept.write("\t".join(str(value) for value in row) + "\n")
    answers = " ".join(re.findall(r"^answer: .*$", (work / "output.txt").read_text(errors="replace"), re.M))
    shutil.rmtree(work)
    size = f", log {one.log.stat().st_size} bytes" if one.log else ""
    print(f"{one.pair} {one.side}{one.repeat} ({one.setting}): {time.monotonic() - began:.0f} s, load {load:.1f}, "
          f"application {app_ms} ms, work {work_ms} ms{size}; {answers}", flush=True)


def run_pair(root, pair, said):
    """Those of its runs that have no line yet."""
    done = {(row["pair"], row["side"], row["repeat"]) for row in results()}
    for one in runs(pair, said):
        if (one.pair, one.side, str(one.repeat)) not in done:
            measure(root, one)


def summary(pairs):
    """The table of README.md: medians of the work of both sides, and whether the sides overlap."""
    print("| pair | A | B | A, s | B, s | change |\n|---|---|---|---|---|---|")
    for pair, said in pairs.items():
        works = {side: sorted(int(row["work_duration_ms"]) for row in results() if row["pair"] == pair and row["side"] == side)
                 for side in "AB"}
        if not all(works.values()):
            continue
        one, other = (statistics.median(works[side]) for side in "AB")
        apart = works["A"][-1] < works["B"][0] or works["B"][-1] < works["A"][0]
        ranges = " | ".join(f"{works[side][0] / 1000:.1f}..{works[side][-1] / 1000:.1f}" for side in "AB")
        print(f"| {pair} | {said['A']['setting']} | {said['B']['setting']} | {ranges} | "
              f"{other / one - 1:+.0%}{'' if apart else ', the sides overlap'} |")


def main():
    with open(FOLDER / "pairs.toml", "rb") as file:
        pairs = tomllib.load(file)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", nargs="*", metavar="PAIR", help=f"of: {' '.join(pairs)} (default: all)")
    parser.add_argument("--until", help="begin no pair after this time of day, as 03:00")
    parser.add_argument("--summary", action="store_true", help="print the table of README.md, run nothing")
    parser.add_argument("--root", type=Path, default=Path("/opt/spark"), help="as of run.py (default: %(default)s)")
    options = parser.parse_args()
    if unknown := sorted(set(options.pairs) - set(pairs)):
        parser.error(f"no such pair: {' '.join(unknown)}")
    chosen = {pair: pairs[pair] for pair in options.pairs or pairs}
    if options.summary:
        summary(chosen)
        return 0
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda number, _: sys.exit(128 + number))   # on the way out run_spark ends its Spark
    root = options.root.resolve()
    failures = 0
    for pair, said in chosen.items():
        if options.until and datetime.datetime.now().strftime("%H:%M") >= options.until:
            print(f"{pair}: not begun, it is past {options.until}", flush=True)
            continue
        try:
            with run.taking_turns(root, False):
                run_pair(root, pair, said)
        except run.Failure as failure:
            failures += 1
            print(f"whatif.py: {pair}: {failure}", file=sys.stderr, flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
