"""Writes the tables of a workload with pyarrow, without Spark. Columns are functions of the row number: id, key, day, value,
payload. Runs in the Python of a Spark environment: `python make_tables.py SPEC`.
"""
import gzip
import json
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from tables import mixed, text

DAYS = 24


def key_column(said, first, rows, seed):
    """`sequence`: the row number itself, so that each key stands once."""
    numbers = mixed(first, rows, seed)
    distinct = np.uint64(said["distinct"])
    if said["kind"] == "sequence":
        return (np.arange(first, first + rows, dtype=np.uint64) % distinct).astype(np.int64)
    even = (numbers % distinct).astype(np.int64)
    uniform = (mixed(first, rows, seed + 1) >> np.uint64(11)).astype(np.float64) / float(1 << 53)
    if said["kind"] == "hot":
        return np.where(uniform < said["share"], np.int64(7 % said["distinct"]), even)
    if said["kind"] == "zipf":
        ranks = np.floor((1.0 - uniform) ** (-1.0 / (said["exponent"] - 1.0))).clip(1, said["distinct"]) - 1
        return ranks.astype(np.int64)
    return even


def columns(table, first, rows, seed):
    return pa.table({
        "id": pa.array(np.arange(first, first + rows, dtype=np.int64)),
        "key": pa.array(key_column(table["key"], first, rows, seed)),
        "day": pa.array((mixed(first, rows, seed + 2) % np.uint64(DAYS)).astype(np.int32)),
        "value": pa.array((mixed(first, rows, seed + 3) % np.uint64(1 << 20)).astype(np.int64)),
        "payload": text(first, rows, seed + 4, table["payload"]),
    })


def write(part, path, kind):
    if kind == "parquet":
        pq.write_table(part, path / "part.parquet", compression="snappy")
    elif kind == "json":
        with open(path / "part.json", "w") as out:
            for row in part.to_pylist():
                out.write(json.dumps(row) + "\n")
    else:
        options = pa.csv.WriteOptions(include_header=False, quoting_style="none")
        with (gzip.open(path / "part.csv.gz", "wb", 1) if kind == "csv.gz" else open(path / "part.csv", "wb")) as out:
            pa.csv.write_csv(part, out, options)


def write_table(table, data, seed):
    folder = Path(data, table["name"])
    if table.get("by_day"):
        whole = columns(table, 0, table["rows"], seed)
        for day in range(DAYS):
            path = folder / f"day={day}"
            path.mkdir(parents=True)
            chosen = whole.filter(pa.compute.equal(whole["day"], day)).drop_columns(["day"])
            pq.write_table(chosen, path / "part.parquet", compression="snappy")
        return
    many = table["files"]
    plain = [(folder, table["format"], many)]
    if many >= 100 or table["format"] == "csv.gz" or many == 1 and table["format"] != "parquet":
        plain.append((Path(f"{folder}-compact"), "parquet", 4))
    for target, kind, files in plain:
        target.mkdir(parents=True)
        for number in range(files):
            first, last = table["rows"] * number // files, table["rows"] * (number + 1) // files
            name = target / f"f{number:05}"
            name.mkdir()
            write(columns(table, first, last - first, seed), name, kind)
            for made in name.iterdir():
                made.rename(target / f"{name.name}-{made.name}")
            name.rmdir()


def main():
    spec = json.loads(Path(sys.argv[1]).read_text())
    for number, table in enumerate(spec["tables"]):
        write_table(table, spec["data"].removeprefix("file://"), 100 * number + spec["seed"])


if __name__ == "__main__":
    main()
