#!/usr/bin/env python3
"""replay_accuracy.py PROBE NAME [CORPUS]: how well replays with nothing changed explain real logs, as a table.

NAME is `own` (pathological-jobs/) or `corpus` (the event logs of CORPUS/MANIFEST.tsv). In-job errors leave out the time in which
no job was active, which a replay copies from the log. Logs that are off by 2 % or more are listed with what is odd about them.
"""
import csv
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LISTED = 0.02


def paths_of(name, corpus):
    if name == "own":
        return ROOT, sorted(p.relative_to(ROOT).as_posix() for p in ROOT.glob("pathological-jobs/*/logs/*")
                            if not p.name.startswith("."))
    with open(corpus / "MANIFEST.tsv", newline="") as manifest:
        rows = [r for r in csv.DictReader(manifest, delimiter="\t") if r["kind"] == "eventlog"]
    return corpus, sorted({r["path"].split("!")[0].split("::")[0] for r in rows})


def quantile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))]


def main():
    probe, name = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    folder, paths = paths_of(name, pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None)
    rows = []
    for begin in range(0, len(paths), 50):
        out = subprocess.run([probe, *paths[begin:begin + 50]], cwd=folder, capture_output=True, text=True)
        rows += [line.split("\t") for line in out.stdout.splitlines()]
    print("set\tlogs\ttotal_median\ttotal_p90\tin_job_median\tin_job_p90\tabove_5_percent\tabove_15_percent")
    for label, least in (("all", 1), ("50 tasks and more", 50)):
        chosen = [r for r in rows if int(r[1]) >= least and r[5] != "nan"]
        total = [float(r[5]) for r in chosen]
        in_job = [float(r[6]) for r in chosen if r[6] not in ("nan", "-nan")]
        print(f"{name}: {label}\t{len(chosen)}\t{quantile(total, .5):.5f}\t{quantile(total, .9):.5f}\t{quantile(in_job, .5):.5f}"
              f"\t{quantile(in_job, .9):.5f}\t{sum(t > .05 for t in total)}\t{sum(t > .15 for t in total)}")
    print("log\ttasks\tslots\tduration_ms\treplayed_ms\ttotal\tin_job\tidle\tremarks")
    for row in sorted(rows, key=lambda r: (-float(r[5]) if r[5] != "nan" else 0, r[0])):
        if row[5] != "nan" and float(row[5]) >= LISTED:
            print("\t".join(row))


if __name__ == "__main__":
    main()
