#!/usr/bin/env python3
"""check_schema.py SCHEMA [FILE…]: validates JSON documents (or standard input) against a JSON Schema, draft 2020-12.

Exit status 0: valid; 1: not, with the first errors of each document; 2: usage, or no JSON.
A document of several lines that is no JSON as a whole is taken as JSON Lines (`advise` over several logs).
`--definition Stage` validates against #/$defs/Stage, each element of an array by itself (`advise model LOG stages`).
"""

import argparse
import json
import sys
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import jsonschema

SHOWN = 20


def documents(text, name):
    try:
        return [json.loads(text)]
    except ValueError as whole:
        try:
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        except ValueError:
            print(f"{name}: not JSON: {whole}", file=sys.stderr)
            sys.exit(2)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("schema")
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--definition", help="a name of $defs instead of the whole schema")
    options = parser.parse_args()
    with open(options.schema, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    if options.definition:
        if options.definition not in schema.get("$defs", {}):
            parser.error(f"the schema has no definition {options.definition}")
        schema = {"$defs": schema["$defs"], "$ref": f"#/$defs/{options.definition}"}
    validator = jsonschema.Draft202012Validator(schema)
    failed = False
    for name in options.files or ["-"]:
        if name == "-":
            text = sys.stdin.read()
        else:
            with open(name, encoding="utf-8") as file:
                text = file.read()
        for document in documents(text, name):
            parts = document if options.definition and isinstance(document, list) else [document]
            for part in parts:
                errors = sorted(validator.iter_errors(part), key=lambda error: list(map(str, error.absolute_path)))
                for error in errors[:SHOWN]:
                    place = "/".join(map(str, error.absolute_path)) or "(top)"
                    print(f"{name}: {place}: {error.message[:300]}", file=sys.stderr)
                if len(errors) > SHOWN:
                    print(f"{name}: … {len(errors) - SHOWN} more", file=sys.stderr)
                failed = failed or bool(errors)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
