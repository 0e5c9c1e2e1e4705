#!/usr/bin/env python3
"""The trial ground: advice is judged by trying it. Workloads are drawn at random, run on real Spark, changed in every way
that they allow, and the changes that advise asks for are held against those that helped.

    ./run trial                              seed 1, 30 workloads, at most 3 hours
    ./run trial --seed 7 --count 20 --hours 2
    ./run trial --seed 7 --summary           judges what is there; runs nothing
    ./run trial --seed 7 --show 3            the workload as it is drawn
    ./run trial --pairs                      writes pairs/results.tsv, for `advise backtest`

Each run is a line of results.tsv; a run whose line stands there is not repeated, so that an interrupted trial is called
again. The log of the first base run of each workload is kept in logs/. Nothing else may run meanwhile: with one of two
cores taken, gains below 15 % cannot be told from noise.
"""
import argparse
import collections
import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import grammar
import judge
import run
import whatif

FOLDER = Path(__file__).resolve().parent
RESULTS = FOLDER / "results.tsv"
COLUMNS = ["workload", "side", "repeat", "load", "app_ms", "work_ms"]
TIMEOUT_S = 180
MOST_REPEATS = 3
FEASIBLE_MS = (4_000, 60_000)       # of the work of the base: shorter is start-up, longer takes the time of others


def rows():
    if not RESULTS.exists():
        return []
    header, *lines = RESULTS.read_text().splitlines()
    return [dict(zip(header.split("\t"), line.split("\t"))) for line in lines]


def durations(name):
    """Work in ms by side of one workload; None for a run that failed."""
    found = collections.defaultdict(list)
    for row in rows():
        if row["workload"] == name:
            found[row["side"]].append(int(row["work_ms"]) if row["work_ms"] != "failed" else None)
    return found


def keep(row):
    new = not RESULTS.exists()
    with open(RESULTS, "a") as kept:
        if new:
            kept.write("\t".join(COLUMNS) + "\n")
        kept.write("\t".join(str(value) for value in row) + "\n")


def log_of(name):
    return FOLDER / "logs" / f"{name}.zstd"


# ---------------------------------------------------------------- running

def make_data(root, workload, seed):
    """Tables and the spec that the job reads; made once a workload."""
    folder = root / "trial" / workload.name
    spec = folder / "spec.json"
    if not spec.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        said = {"name": workload.name, "seed": seed, "data": f"file://{folder}/data", "tables": workload.tables, "steps": workload.steps}
        (folder / "draft.json").write_text(json.dumps(said))
        python = run.ensure_spark(root, workload.version) / "bin" / "python"
        subprocess.run([python, FOLDER / "make_tables.py", folder / "draft.json"], check=True,
                       env={"PYTHONPATH": str(run.HERE / "lib"), "PATH": os.environ["PATH"]})
        (folder / "draft.json").rename(spec)
    return spec


def measure(root, workload, seed, side, interventions):
    """One run of the workload with these interventions; its line is added to the results."""
    spec = make_data(root, workload, seed)
    conf, master, switches = dict(workload.conf), workload.master, []
    for one in interventions:
        conf |= one.conf
        master = one.master or master
        switches += ["--switch", one.switch] if one.switch else []
    capture = run.Capture(job="trial/jobs", variant=side, version=workload.version, master=master, ends="succeeds", timeout_s=TIMEOUT_S,
                          conf=conf, args=["--variant", side, "--spec", str(spec), *switches])
    environment = run.ensure_spark(root, workload.version)
    work = root / "captures" / f"trial-{workload.name}"
    shutil.rmtree(work, ignore_errors=True)
    repeat = len(durations(workload.name)[side]) + 1
    load = os.getloadavg()[0]
    began = time.monotonic()
    try:
        run.run_spark(root, environment, work, capture)
        (log,) = [file for file in (work / "history").iterdir() if not file.name.endswith(".crc")]
        app_ms = run.check_log([log], "succeeds", environment)
        work_ms = whatif.work_ms_of(log, environment)
        if side == "base" and not log_of(workload.name).exists():
            log_of(workload.name).parent.mkdir(exist_ok=True)
            run.recompressed(log, log_of(workload.name))
    except run.Failure as failure:
        print(f"{workload.name} {side}: {failure}", file=sys.stderr, flush=True)
        app_ms = work_ms = "failed"
    else:
        shutil.rmtree(work)
    keep([workload.name, side, repeat, f"{load:.2f}", app_ms, work_ms])
    print(f"{workload.name} {side} {repeat}: {time.monotonic() - began:.0f} s, load {load:.1f}, work {work_ms} ms", flush=True)


def next_run(workload, found, plan):
    """(side, interventions) of the run that is to come next, None: the workload is done. Sides are run in turn, forth and
    back, so that a trend of the machine favours none of them."""
    sides = {"base": [], **{one.name: [one] for one in workload.interventions}}
    if len(plan) > 1:
        sides["plan"] = [one for one in workload.interventions if one.name in plan]
    if None in found["base"] or (found["base"] and not FEASIBLE_MS[0] <= found["base"][0] <= FEASIBLE_MS[1]):
        return None                                                     # fails, too short or too long: drawn, not judged
    for round_ in range(MOST_REPEATS):
        order = list(sides) if round_ % 2 == 0 else list(reversed(sides))
        for side in order:
            if len(found[side]) > round_ or None in found[side]:
                continue
            open_sides = [one for one in sides if one != "base" and None not in found[one] and not judge.settled(found["base"], found[one])]
            if round_ < 2 or (side in open_sides or side == "base" and open_sides):
                return side, sides[side]
    return None


def read_report(advise, log):
    """What advise says of a base log."""
    said = subprocess.run([advise, "--format", "json", log], capture_output=True, text=True)
    if said.returncode not in (0, 1):
        raise run.Failure(f"{advise} {log}: status {said.returncode}: {said.stderr.strip()}")
    return json.loads(said.stdout)


def planned(advise, workload):
    """Names of the interventions that are advised, once there is a base log."""
    log = log_of(workload.name)
    return judge.advised(read_report(advise, log), workload.interventions) if log.exists() else []


def trial(root, options, workloads):
    end = time.monotonic() + options.hours * 3600
    for workload in workloads:
        while (todo := next_run(workload, durations(workload.name), planned(options.advise, workload))) is not None:
            if time.monotonic() > end:
                print(f"the {options.hours} hours are over at {workload.name}; call again to go on", flush=True)
                return
            measure(root, workload, options.seed, *todo)
        shutil.rmtree(root / "trial" / workload.name / "data", ignore_errors=True)
        (root / "trial" / workload.name / "spec.json").unlink(missing_ok=True)


# ---------------------------------------------------------------- judging

def judged(options, workloads):
    done, left_out = [], []
    for workload in workloads:
        found = durations(workload.name)
        if next_run(workload, found, []) is not None:
            continue
        base = found["base"]
        if None in base or len(base) < 2:
            left_out.append(workload.name)
            continue
        runs = {side: works for side, works in found.items() if None not in works}
        done.append(judge.judge(workload.name, workload.interventions, base, runs, read_report(options.advise, log_of(workload.name))))
    return done, left_out


def print_summary(options, workloads):
    done, left_out = judged(options, workloads)
    print("| workload | intervention | gain | beyond noise | advised | bound |\n|---|---|---|---|---|---|")
    for one in done:
        for name, measured in sorted(one.effects.items(), key=lambda pair: -pair[1].gain):
            bound = one.bounds.get(name)
            print(f"| {one.name} | {name} | {measured.gain:+.0%} | {'yes' if measured.beyond_noise else 'no'} | "
                  f"{'yes' if name in one.advised else ''} | {'' if bound is None else f'{bound / 1000:.1f} s for {measured.saved_ms / 1000:.1f} s'} |")
    print()
    for what, value in judge.table(judge.figures(done)):
        print(f"{what}: {value}")
    if left_out:
        print(f"drawn, not judged (failed, or work outside of {FEASIBLE_MS[0] // 1000}..{FEASIBLE_MS[1] // 1000} s): {', '.join(left_out)}")


def write_pairs():
    """Of all seeds, the interventions that are one setting, as pairs of runs: A is the base, whose log is kept."""
    lines = ["pair\tside\tsetting\twork_duration_ms\tlog"]
    for name in sorted({row["workload"] for row in rows()}):
        seed, number = name.removeprefix("s").split("-")
        workload, found = grammar.draw(int(seed), int(number)), durations(name)
        for one in workload.interventions:
            works = [found["base"], found[one.name]]
            if one.master or one.switch or len(one.conf) != 1 or not log_of(name).exists() or any(None in side or len(side) < 2 for side in works):
                continue
            ((key, after),) = one.conf.items()
            settings = [f"{key}={workload.conf.get(key, 'as by default')}", f"{key}={after}"]
            for side, setting, times in zip("AB", settings, works):
                lines += [f"{name} {one.name}\t{side}\t{setting}\t{time_ms}\t{f'../logs/{name}.zstd' if side == 'A' else '-'}" for time_ms in times]
    (FOLDER / "pairs").mkdir(exist_ok=True)
    (FOLDER / "pairs" / "results.tsv").write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=30, help="workloads (default: %(default)s)")
    parser.add_argument("--first", type=int, default=0, help="number of the first workload (default: 0)")
    parser.add_argument("--hours", type=float, default=3, help="no run begins after that (default: 3)")
    parser.add_argument("--version", choices=run.VERSIONS, help="only workloads of this Spark version")
    parser.add_argument("--advise", type=Path, default=run.HERE.parent / "build" / "release" / "engine" / "cli" / "advise")
    parser.add_argument("--summary", action="store_true", help="judge what is there; run nothing")
    parser.add_argument("--pairs", action="store_true", help="write the interventions that are one setting as measured pairs")
    parser.add_argument("--show", type=int, metavar="N", help="print the workload N of this seed")
    parser.add_argument("--root", type=Path, default=Path("/opt/spark"), help="as for run.py")
    options = parser.parse_args()
    if options.show is not None:
        print(json.dumps(dataclasses.asdict(grammar.draw(options.seed, options.show)), indent=2))
        return 0
    if options.pairs:
        write_pairs()
        return 0
    if not options.advise.is_file():
        print(f"trial.py: {options.advise} is missing: `./run advise --version` builds it", file=sys.stderr)
        return 1
    workloads = [grammar.draw(options.seed, number) for number in range(options.first, options.first + options.count)]
    workloads = [one for one in workloads if options.version in (None, one.version)]
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda number, _: sys.exit(128 + number))
    try:
        if not options.summary:
            run.java_home()
            root = options.root.resolve()
            root.mkdir(parents=True, exist_ok=True)
            with run.taking_turns(root, False):
                trial(root, options, workloads)
        print_summary(options, workloads)
    except (run.Failure, subprocess.CalledProcessError) as failure:
        print(f"trial.py: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
