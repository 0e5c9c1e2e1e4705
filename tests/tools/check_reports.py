#!/usr/bin/env python3
"""check_reports.py ADVISE CORPUS: reports of all event logs of MANIFEST.tsv, at three levels and as JSON.

Holds for each: status 0 (3 with a clear error where the manifest counts no event); no line wider than the page but code;
no empty paragraph or section; no unresolved hole; no NaN, infinity or missing value in the text; JSON by its schema; the
same bytes twice; every setting to paste exists in the log's Spark version and scope.
"""
import concurrent.futures
import csv
import json
import os
import pathlib
import re
import subprocess
import sys
import unicodedata
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
WIDTH = 100
LEVELS = ("novice", "practitioner", "expert")
VENDORS = ("spark.databricks.", "spark.rapids.", "spark.comet.", "spark.gluten.", "spark.emr.", "spark.dataproc.",
           "spark.hadoop.")
VALIDATOR = jsonschema.Draft202012Validator(json.loads((ROOT / "engine/report/writers/analyze.schema.json").read_text()))


def read_settings():
    """key → (scope, first version, gone version), out of settings.def."""
    row = re.compile(r'ADVISE_SETTING\("([^"]+)", (\w+), "[^"]*", (\w+), (\d+), (\d+),')
    text = (ROOT / "engine/spark/settings.def").read_text()
    return {m.group(1): (m.group(3).lower(), int(m.group(4)), int(m.group(5))) for m in row.finditer(text)}


SETTINGS = read_settings()


def run(advise, *arguments):
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "COLUMNS": str(WIDTH)}
    return subprocess.run([advise, "--no-config", *arguments], capture_output=True, env=environment, timeout=300)


def columns(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in line)


def is_unbreakable(line):
    """Code to paste, and the single word of a command or path that has no place to break."""
    return line.startswith("     ") or line.startswith("NEXT") or " " not in line.strip()


def check_text(text, level):
    problems = []
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if columns(line) > WIDTH and not is_unbreakable(line):
            problems.append(f"line {number} is {columns(line)} wide: {line[:60]}…")
        if line != line.rstrip():
            problems.append(f"line {number} ends with a space")
        code = line.startswith("     ") and not line.startswith("      ")
        if not code and re.search(r"(?<![\w$.])-?\b(nan|inf|NaN|Infinity)\b", line):
            problems.append(f"line {number} holds no number: {line[:80]}")
        if not code and re.search(r"\{[a-z]\w*(\.\w+|\()|\{\?|\}\}|\{\{", line):
            problems.append(f"line {number} holds a hole: {line[:80]}")
        if not code and re.search(r"[≥≤] 0 ms|(?<![\d.])-1 (ms|B|task)|9223372036854775", line):
            problems.append(f"line {number} holds a value that is none: {line[:80]}")
    if "\n\n\n" in text:
        problems.append("an empty paragraph")
    for section in re.findall(r"\n([A-Z][A-Z ]+)\n\n(?=[A-Z][A-Z ]+\n)", text):
        problems.append(f"the section {section} is empty")
    if "\nLOG " not in text or "\nNOT EVALUATED" not in text:
        problems.append("LOG or NOT EVALUATED is not there")
    return [f"{level}: {problem}" for problem in problems]


def version_code(version):
    match = re.match(r"(\d+)\.(\d+)", version or "")
    return int(match.group(1)) * 10 + int(match.group(2)) if match else None


def check_changes(report):
    problems = []
    version = version_code(report["log"]["spark_version"])
    for advice in report["recommendations"]:
        for change in advice["changes"]:
            if change["kind"] != "conf" or not advice["chosen"]:
                continue
            key = change["key"]
            if key not in SETTINGS:
                if not key.startswith(VENDORS):
                    problems.append(f"{key} is no setting of Spark")
                continue
            scope, first, gone = SETTINGS[key]
            if version is not None and (version < first or (gone and version >= gone)):
                problems.append(f"{key} is not in Spark {report['log']['spark_version']}")
            # What is fixed when the application starts cannot be set in a session.
            if change["scope"] == "session" and scope != "session":
                problems.append(f"{key} cannot be set in a session")
    return problems


def check_json(text):
    problems = []
    report = json.loads(text)
    for error in list(VALIDATOR.iter_errors(report))[:3]:
        problems.append(f"json: {'/'.join(map(str, error.absolute_path))}: {error.message[:120]}")
    for finding in report["findings"]:
        if not finding["title"].strip():
            problems.append(f"json: {finding['id']} has no title")
        if len(finding["title"]) > 160:
            problems.append(f"json: the title of {finding['id']} is long")
    return problems + check_changes(report)


def check(advise, row, corpus):
    log = str(corpus / row["path"])
    problems = []
    # Under sanitizers (ADVISE_QUICK, set by tests/CMakeLists.txt) one level stands for all: expert shows the most.
    quick = bool(os.environ.get("ADVISE_QUICK"))
    for level in ("expert",) if quick else LEVELS:
        report = run(advise, "--top", "99", "--level", level, log)
        if report.returncode == 3 and row["events"] in ("", "0"):
            return []
        if report.returncode != 0:
            return [f"{row['path']}: status {report.returncode}: {report.stderr.decode(errors='replace')[:200]}"]
        if report.stderr:
            problems.append(f"standard error: {report.stderr.decode(errors='replace')[:200]}")
        text = report.stdout.decode()
        # A file of several logs prints one line each, then the first in full.
        head, _, body = text.partition("\n\n")
        problems += check_text(body if head.count("\n") > 0 and "; log " in head.split("\n")[0] else text, level)
        small = int(row["decoded_bytes"] or 0) < 5_000_000  # the large ones would take most of the time of this test
        if level == "practitioner" and small and run(advise, "--top", "99", "--level", level, log).stdout != report.stdout:
            problems.append("two runs differ")
    for line in run(advise, "--format", "json", log).stdout.decode().split("\n{"):
        if line.strip():
            problems += check_json(line if line.startswith("{") else "{" + line)
    return [f"{row['path']}: {problem}" for problem in dict.fromkeys(problems)]


def main():
    advise, corpus = sys.argv[1], pathlib.Path(sys.argv[2])
    with open(corpus / "MANIFEST.tsv", newline="") as manifest:
        rows = [row for row in csv.DictReader(manifest, delimiter="\t")
                if row["kind"] == "eventlog" and (corpus / row["path"]).exists()]
    if len(rows) < 50 or len(SETTINGS) < 500:
        sys.exit(f"only {len(rows)} logs and {len(SETTINGS)} settings were found")
    if os.environ.get("ADVISE_QUICK"):    # every log is read by cli/corpus
        rows = rows[::4]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        problems = [problem for found in pool.map(lambda row: check(advise, row, corpus), rows) for problem in found]
    print("\n".join(problems))
    print(f"{len(rows)} logs, {len(problems)} problems")
    sys.exit(1 if problems else 0)


main()
