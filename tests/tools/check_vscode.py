#!/usr/bin/env python3
"""grammar/vscode: its files are JSON, what package.json names is there, every keyword of the lexer is coloured, and the
patterns colour what they should."""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "grammar/vscode"

package = json.loads((FOLDER / "package.json").read_text())
grammar = json.loads((FOLDER / "syntaxes/advise-rules.tmLanguage.json").read_text())
json.loads((FOLDER / "language-configuration.json").read_text())
contributes = package["contributes"]
for path in (package["main"], contributes["languages"][0]["configuration"], contributes["grammars"][0]["path"]):
    if not (FOLDER / path).is_file():
        sys.exit(f"package.json names {path}, which is not there")
if contributes["grammars"][0]["scopeName"] != grammar["scopeName"]:
    sys.exit("package.json and the grammar have different scopes")

keywords = re.findall(r"^[A-Z_]+ : '([a-z]+)';", (ROOT / "grammar/AdviseLexer.g4").read_text(), re.M)
rules = grammar["repository"]
coloured = "|".join(p["match"] for name in ("keywords", "literals") for p in rules[name]["patterns"])
missing = [word for word in keywords if not re.search(rf"[(|]{word}[|)]", coloured)]
if missing or len(keywords) < 70:
    sys.exit(f"no colour for {missing}")


def scope(text):
    """Of the first pattern of the grammar's list that matches at the start of the text."""
    for include in rules["all"]["patterns"]:
        for pattern in rules[include["include"][1:]]["patterns"]:
            regex = pattern.get("match") or pattern["begin"]
            if re.match(regex, text):
                return pattern.get("name") or sorted(c["name"] for c in pattern["captures"].values())[0]
    return None


for text, wanted in {
    "## doc": "comment.block", "# why": "comment.line", '"text"': "string.quoted.double", '"""raw': "string.quoted.triple",
    "128MiB": "constant.numeric.quantity", "20%": "constant.numeric.percent", "v3.1": "constant.numeric.version",
    "2027-03-31": "constant.numeric.date", "42 ": "constant.numeric", "symptom spill(s": "entity.name.function",
    "max(d)": "entity.name.function", "where x": "keyword.control", "not (a)": "keyword.operator.word",
    "->(s)": "keyword.operator", ".tasks": "variable.other.property", ": Stage": "entity.name.type",
}.items():
    found = scope(text)
    if not (found or "").startswith(wanted):
        sys.exit(f"{text!r} is {found}, not {wanted}")
print(f"{len(keywords)} keywords have a colour")
