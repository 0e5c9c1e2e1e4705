#!/usr/bin/env python3
"""An example of a cost model as a program: JSON lines on standard input and output. Time follows work and slots in
proportion. With a word in its name it misbehaves, for the tests: hangs, crashes, answers garbage (links to this file)."""
import json
import os
import sys
import time

KNOWN = ["scale", "set_slots"]
runs = {}


def predict(run, scenario):
    ms = run["duration_ms"]
    unsupported = []
    for effect in scenario["effects"]:
        if effect["op"] == "scale":
            ms *= effect["factor"]["mid"]
        elif effect["op"] == "set_slots":
            if effect["executors"] > 0 and run["executors"]:
                ms *= len(run["executors"]) / effect["executors"]
        else:
            unsupported.append(effect["op"])
    return {"time_ms": {"lo": 0.9 * ms, "mid": ms, "hi": 1.2 * ms}, "unsupported": unsupported}


def answer(request):
    op = request["op"]
    if op == "hello":
        return {"model": {"id": "linear-py", "version": "1", "ops": KNOWN}}
    if op == "calibrate":
        with open(request["run"]["graph"], encoding="utf-8") as graph:
            runs["h1"] = json.load(graph)
        with open(request["run"]["tasks"], "rb") as tasks:
            if tasks.read(4) != b"ADVT":
                raise ValueError("tasks.bin is no table of tasks")
        return {"handle": "h1"}
    if op == "predict":
        run = runs[request["handle"]]
        return {"outcomes": [predict(run, scenario) for scenario in request["scenarios"]]}
    return {}


def main():
    name = os.path.basename(sys.argv[0])
    for line in sys.stdin:
        request = json.loads(line)
        if request["op"] == "predict":
            if "hangs" in name:
                time.sleep(60)
            if "crashes" in name:
                os.abort()
            if "garbage" in name:
                print("\x1b[31mnot json", flush=True)
                continue
            if "unordered" in name:
                outcome = {"time_ms": {"lo": 3, "mid": 2, "hi": 1}}
                print(json.dumps({"id": request["id"], "ok": True, "outcomes": [outcome] * len(request["scenarios"])}),
                      flush=True)
                continue
        print(json.dumps({"id": request["id"], "ok": True, **answer(request)}), flush=True)
        if request["op"] == "bye":
            return


main()
