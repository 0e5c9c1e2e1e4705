#!/usr/bin/env python3
"""read_corpus.py ADVISE CORPUS: runs advise over every event log of MANIFEST.tsv.

Holds for each: exit status 0, or 3 with a clear error where the manifest says that the file has no event; counts of events,
task ends and SQL executions as in the manifest (a plain Python reader's); a report; critical times and the accounts of the
ledger that add up to the run.
"""
import concurrent.futures
import csv
import json
import os
import pathlib
import subprocess
import sys

advise, corpus = sys.argv[1], pathlib.Path(sys.argv[2])


def run(arguments):
    return subprocess.run([advise, *arguments], capture_output=True, timeout=600)


ACCOUNTS = """user_idle start_up driver wait_executors wait_scheduler few_tasks partial_wave tail ramp_up lost_slots overhead wasted gc
fetch_wait shuffle_write spill python input output work unknown_io unknown""".split()


def check_ledger(path, data):
    """The accounts add up to the duration to the microsecond, those of stages and gaps are no more than the whole."""
    def us(row, name):
        return round(1000 * (row[name] or 0))

    app, problems = data["app"], []
    total = sum(us(app, "wall_" + account) for account in ACCOUNTS)
    if total != 1000 * app["duration"]:
        problems.append(f"{path}: the ledger adds up to {total} us, duration {app['duration']} ms")
    for stage in data["stages"]:
        parts = sum(us(stage, "wall_" + account) for account in ACCOUNTS if "wall_" + account in stage)
        if parts != us(stage, "wall"):
            problems.append(f"{path}: stage {stage['key']}: accounts {parts} us, wall {us(stage, 'wall')}")
    for gap in data["gaps"]:
        if gap["account"] is None or us(gap, "account_time") > 1000 * gap["duration"]:
            problems.append(f"{path}: gap {gap['id']} has {gap['account_time']} of {gap['account']}, duration {gap['duration']}")
    if sum(us(stage, "wall") for stage in data["stages"]) > 1000 * app["duration"]:
        problems.append(f"{path}: the stages have more wall time than the run")
    return problems


def check(row):
    log = str(corpus / row["path"])
    problems = []
    # Under sanitizers (ADVISE_QUICK) cli/corpus_reports alone makes the reports.
    quick = bool(os.environ.get("ADVISE_QUICK"))
    report = run(["model", log, "app"] if quick else [log])
    if report.returncode not in (0, 3):
        return [f"{row['path']}: status {report.returncode}: {report.stderr.decode(errors='replace')[:300]}"]
    if report.returncode == 3:
        if row["events"] not in ("", "0"):
            problems.append(f"{row['path']}: not read, but it has {row['events']} events: {report.stderr.decode(errors='replace')[:200]}")
        elif not report.stderr.startswith(b"error["):
            problems.append(f"{row['path']}: not read, and no clear error")
        return problems
    if not quick and b"LOG" not in report.stdout:
        problems.append(f"{row['path']}: the report has no LOG section")
    model = run(["model", log, "--format", "json"])
    for line in model.stdout.decode().replace("}{", "}\n{").split("\n\x00")[:1]:
        try:
            data = json.loads(line)
        except json.JSONDecodeError:
            return problems  # several logs in one archive: one object each, checked by their own rows
        app = data["app"]
        ingest = data["log"]["ingest"]
        if row["events"] and int(row["events"]) != ingest["events"]:
            problems.append(f"{row['path']}: {ingest['events']} events, manifest {row['events']}")
        ended = sum(1 for task in data["tasks"] if task["status"] != "RUNNING")
        duplicates = sum(note["count"] for note in ingest["notes"] if note["code"] == "duplicate-event")
        if row["task_ends"] and not 0 <= int(row["task_ends"]) - ended <= duplicates:
            problems.append(f"{row['path']}: {ended} task ends, manifest {row['task_ends']}")
        if app["duration"] is not None:
            problems += check_ledger(row["path"], data)
            total = sum(entity["critical_time"] or 0 for name in ("stages", "gaps") for entity in data[name])
            if app["critical_path"] != app["duration"]:
                problems.append(f"{row['path']}: critical path {app['critical_path']}, duration {app['duration']}")
            # Gaps below 50 ms are no gaps: a run of 10 ms without any stage has nothing to give its time to.
            if total != app["duration"] and (data["stages"] or app["duration"] >= 50):
                problems.append(f"{row['path']}: critical times add up to {total}, duration {app['duration']}")
    return problems


def main():
    with open(corpus / "MANIFEST.tsv", newline="") as manifest:
        rows = [row for row in csv.DictReader(manifest, delimiter="\t")
                if row["kind"] == "eventlog" and (corpus / row["path"]).exists()]
    if len(rows) < 50:
        sys.exit(f"only {len(rows)} logs were found")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        problems = [problem for found in pool.map(check, rows) for problem in found]
    print("\n".join(problems))
    print(f"{len(rows)} logs, {len(problems)} problems")
    sys.exit(1 if problems else 0)


main()
