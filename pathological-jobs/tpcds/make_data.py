#!/usr/bin/env python3
"""Make the TPC-DS tables and the texts of its 99 queries, once, below the neutral root.

    python3 pathological-jobs/tpcds/make_data.py                /opt/spark/tpcds-sf1: 24 Parquet files, 0.4 GB
    python3 pathological-jobs/tpcds/make_data.py --root /data

DuckDB 1.1.3 (from PyPI, in a virtual environment of its own) generates both: its wheel of that version is the last that
holds TPC-DS. What is there already is not made again.
"""
import argparse
import re
import subprocess
import sys
from pathlib import Path

DUCKDB = "duckdb==1.1.3"
QUERIES = 99
QUOTED_ALIASES = (16, 32, 50, 62, 92, 94, 95, 99)      # Spark reads "name" as a string: these write `name`


def ensure_duckdb(root):
    """The python of a virtual environment with DuckDB."""
    environment = root / "venv-duckdb"
    if not (environment / "complete").exists():
        print(f"installing {DUCKDB} into {environment}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
        subprocess.run([environment / "bin" / "pip", "install", "--quiet", "--no-cache-dir", DUCKDB], check=True)
        (environment / "complete").touch()
    return environment / "bin" / "python"


def generate(folder, scale):
    """Runs inside DuckDB's environment."""
    import duckdb
    database = duckdb.connect()
    database.execute("set threads = 2")
    database.execute("load tpcds")
    database.execute(f"call dsdgen(sf = {scale})")
    for (table,) in database.execute("select table_name from duckdb_tables() order by 1").fetchall():
        database.execute(f"copy {table} to '{folder}/{table}.parquet' (format parquet)")
        (rows,) = database.execute(f"select count(*) from {table}").fetchone()
        print(f"{table}: {rows} rows", flush=True)
    (folder / "queries").mkdir(exist_ok=True)
    for number, query in database.execute("select query_nr, query from tpcds_queries()").fetchall():
        if number in QUOTED_ALIASES:
            query = re.sub(r'"([^"]+)"', r"`\1`", query)
        (folder / "queries" / f"q{number}.sql").write_text(query.strip().rstrip(";") + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=Path("/opt/spark"), help="neutral folder (default: %(default)s)")
    parser.add_argument("--scale", type=int, default=1, help="TPC-DS scale factor (default: %(default)s)")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = options.root / f"tpcds-sf{options.scale}"
    if options.inside:
        generate(folder, options.scale)
        (folder / "complete").touch()
        return 0
    if (folder / "complete").exists():
        print(f"{folder} is complete")
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    try:
        python = ensure_duckdb(options.root)
        subprocess.run([python, Path(__file__).resolve(), "--root", options.root, "--scale", str(options.scale), "--inside"],
                       check=True)
    except subprocess.CalledProcessError as failed:
        print(f"make_data.py: {failed}", file=sys.stderr)
        return 1
    tables = sorted(folder.glob("*.parquet"))
    print(f"{folder}: {len(tables)} tables, {sum(table.stat().st_size for table in tables) / 1e6:.0f} MB, "
          f"{len(list(folder.glob('queries/*.sql')))} of {QUERIES} queries")
    return 0


if __name__ == "__main__":
    sys.exit(main())
