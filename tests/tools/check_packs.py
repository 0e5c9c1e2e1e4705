#!/usr/bin/env python3
"""No line of rulepacks/ exceeds 120 columns: a rule is read in a terminal and in a diff."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
WIDTH = 120

files = sorted((ROOT / "rulepacks").rglob("*.rules"))
if not files:
    sys.exit("no rule file below rulepacks/")
long = [
    f"{file.relative_to(ROOT)}:{number}: {len(line)} columns"
    for file in files
    for number, line in enumerate(file.read_text().splitlines(), 1)
    if len(line) > WIDTH
]
print("\n".join(long) or f"{len(files)} rule files, no line above {WIDTH} columns")
sys.exit(1 if long else 0)
