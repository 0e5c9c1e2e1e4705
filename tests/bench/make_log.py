#!/usr/bin/env python3
"""make_log.py OUT MEGABYTES: a plain event log of that size out of the project's own captured one.

The start-up events and the SQL execution stand once; then jobs of one stage with 200 tasks each, whose task events are the
real ones with new ids and times.
"""
import pathlib
import re
import subprocess
import sys

out, megabytes = sys.argv[1], int(sys.argv[2])
root = pathlib.Path(__file__).resolve().parents[2]
log = root / "pathological-jobs/skewed-join/logs/faulty-4.3.0.zstd"
lines = subprocess.run(["zstd", "-q", "-dc", str(log)], capture_output=True, check=True).stdout.decode().splitlines()


def kind(line):
    return line[10:line.index('"', 10)]


starts = [line for line in lines if kind(line) == "SparkListenerTaskStart" and '"Stage ID":2' in line[:80]]
ends = [line for line in lines if kind(line) == "SparkListenerTaskEnd" and '"Stage ID":2' in line[:80]]
submitted = next(line for line in lines if kind(line) == "SparkListenerStageSubmitted" and '"Stage ID":2' in line[:120])
completed = next(line for line in lines if kind(line) == "SparkListenerStageCompleted" and '"Stage ID":2' in line[:120])
job_start = [line for line in lines if kind(line) == "SparkListenerJobStart"][-1]
job_end = [line for line in lines if kind(line) == "SparkListenerJobEnd"][-1]
first = lines.index(job_start)
end = lines[-1]
slim = re.sub(r'"Stage Infos":\[.*\],"Stage IDs":\[[^\]]*\]', '"Stage Infos":[],"Stage IDs":[%d]', job_start)


def template(line):
    """The line with places for stage, task and index."""
    line = line.replace("%", "%%")
    line = re.sub(r'"Stage ID":\d+', '"Stage ID":%(stage)d', line)
    line = re.sub(r'"Task ID":\d+', '"Task ID":%(task)d', line)
    line = re.sub(r'"Index":\d+', '"Index":%(index)d', line)
    return re.sub(r'"Partition ID":\d+', '"Partition ID":%(index)d', line)


starts = [template(line) for line in starts]
ends = [template(line) for line in ends]
size = 0
with open(out, "w") as file:
    def put(line):
        global size
        file.write(line + "\n")
        size += len(line) + 1

    for line in lines[:first]:
        put(line)
    stage, task = 1000, 100_000
    while size < megabytes * 1_000_000:
        number = str(stage)
        put(re.sub(r'"Job ID":\d+', '"Job ID":' + number, slim % stage))
        put(re.sub(r'"Stage ID":\d+', '"Stage ID":' + number, submitted))
        for index in range(200):
            put(starts[index % len(starts)] % {"stage": stage, "task": task + index, "index": index})
        for index in range(200):
            put(ends[index % len(ends)] % {"stage": stage, "task": task + index, "index": index})
        put(re.sub(r'"Stage ID":\d+', '"Stage ID":' + number, completed))
        put(re.sub(r'"Job ID":\d+', '"Job ID":' + number, job_end))
        stage += 1
        task += 200
    put(end)
print(f"{out}: {size / 1e6:.0f} MB, {stage - 1000} jobs, {task - 100_000} tasks")
