#!/usr/bin/env python3
"""Reads every #include of engine/ and holds it against the layer table of engine/ARCHITECTURE.md.

The table lists, for each module, the modules that it may include and the third-party headers that it may use, and where.
Also checks that no header of engine/ includes a third-party header other than tl/expected.hpp.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
ENGINE = ROOT / "engine"
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)

# Third-party headers: pattern -> files that may include them (glob under engine/).
THIRD_PARTY = {
    r"tl/expected\.hpp": ["support/result.h"],
    r"boost/.*": ["model/job_graph.cpp", "model/critical_path.cpp"],
    r"simdjson\.h": ["ingest/event_decoder.cpp", "ingest/json_*.h", "ingest/log_source.cpp", "ingest/log_layout.cpp"],
    r"(zstd|lz4|lz4frame|snappy|zlib|bzlib|lzf|lzma|xxhash|archive|archive_entry)(-c)?\.h|snappy-c\.h": ["ingest/codecs/*.cpp"],
    r"antlr4-runtime\.h|Advise(Lexer|Parser)\.h|(tree|misc|atn|dfa|support)/.*": ["rules/syntax/*", "rules/syntax/antlr_shim/*"],
    r"yaml-cpp/.*": ["rules/packs/*.cpp", "explain/*.cpp", "workbench/labels.cpp", "cli/*.cpp"],
    r"re2/.*": ["rules/functions/regex.cpp", "rules/match/*.cpp"],
    r"CLI/.*": ["cli/*.cpp", "cli/commands/*.cpp"],
    r"nlohmann/.*": ["report/*.cpp", "report/writers/*.cpp", "workbench/mutations.cpp"],
    r"fmt/.*": ["*/*.cpp", "*/*/*.cpp"],
}

# Headers that a library shows in: each is included by its own folder alone.
PRIVATE_HEADERS = ["support/result.h", "ingest/json_*.h", "rules/syntax/*.h", "rules/syntax/antlr_shim/*.h"]


def read_table():
    """module -> set of modules, out of the table in ARCHITECTURE.md; "everything but …" is a set that begins with '*'."""
    text = (ENGINE / "ARCHITECTURE.md").read_text()
    table = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) != 3 or not cells[0].startswith("`"):
            continue
        module = cells[0].strip("`")
        table[module] = set(re.findall(r"`([^`]+)`", cells[1])) | ({"*"} if cells[1].startswith("everything") else set())
    return table


def allowed(table, module, path, target):
    """May the file `path` of `module` include the header `target` (both relative to engine/)?"""
    rules = table[module]
    if "*" in rules:
        return target.split("/")[0] not in rules
    for rule in rules:
        if rule.endswith(".h") and target == rule:
            return True
        if target.split("/")[0] == rule:
            return True
    return False


def module_of(path):
    """The longest module name of the table that is a folder of the path."""
    parts = path.split("/")
    return "/".join(parts[:2]) if "/".join(parts[:2]) in TABLE else parts[0] if len(parts) > 1 else "pipeline"


TABLE = read_table()


def main():
    if len(TABLE) < 10:
        sys.exit("the layer table of engine/ARCHITECTURE.md was not found")
    errors = []
    seen = 0
    for file in sorted(ENGINE.rglob("*")):
        if file.suffix not in (".h", ".cpp", ".def"):
            continue
        path = file.relative_to(ENGINE).as_posix()
        module = module_of(path)
        for quote, target in INCLUDE.findall(file.read_text()):
            seen += 1
            if quote == '"' and (ENGINE / target).exists():
                own = target.split("/")[0] if "/" in target else "pipeline"
                if own == module.split("/")[0] and (module == module_of(target) or allowed(TABLE, module, path, target)):
                    continue
                if not allowed(TABLE, module, path, target):
                    errors.append(f"engine/{path}: `{module}` may not include {target}")
                continue
            for pattern, places in THIRD_PARTY.items():
                if re.fullmatch(pattern, target):
                    if not any(pathlib.PurePosixPath(path).match(place) for place in places):
                        errors.append(f"engine/{path}: {target} belongs into {', '.join(places)}")
                    elif file.suffix == ".h" and not any(pathlib.PurePosixPath(path).match(place) for place in PRIVATE_HEADERS):
                        errors.append(f"engine/{path}: a header may not include {target}")
                    break
            else:
                if quote == '"':
                    errors.append(f"engine/{path}: {target} is not found under engine/")
                elif "/" in target and not target.startswith("sys/"):
                    errors.append(f"engine/{path}: {target} is no listed third-party header")
    if seen < 100:
        sys.exit(f"only {seen} includes were found: the check reads nothing")
    for error in errors:
        print(error)
    print(f"{seen} includes, {len(errors)} against the layers")
    sys.exit(1 if errors else 0)


if __name__ == "__main__":
    main()
