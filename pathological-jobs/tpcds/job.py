"""TPC-DS: a range of its 99 queries, one after the other, each under its own description (q1 to q99).

make_data.py makes the tables and the texts of the queries. Each result is computed whole and written nowhere. A query
that fails is reported and the next one runs. Prints the wall time of each query.

    --first 1 --last 33        which queries (--only q1,q3 instead: a list)
"""
import os
import time
from pathlib import Path

from pathological import describe, session, variant_and_arguments


def main():
    variant, options = variant_and_arguments(first=1, last=99, only="", scale=1)
    folder = Path(os.environ.get("PATHOLOGICAL_ROOT", "/opt/spark"), f"tpcds-sf{options.scale}")
    if not (folder / "complete").exists():
        raise SystemExit(f"{folder} is not complete: run make_data.py first")
    spark = session("tpcds", variant)
    describe(spark, "tables")
    for table in sorted(folder.glob("*.parquet")):
        spark.read.parquet(f"file://{table}").createOrReplaceTempView(table.stem)
    names = options.only.split(",") if options.only else [f"q{number}" for number in range(options.first, options.last + 1)]
    ended, work_ms = 0, 0
    for name in names:
        describe(spark, name)
        began = time.monotonic()
        try:
            spark.sql((folder / "queries" / f"{name}.sql").read_text()).write.format("noop").mode("overwrite").save()
            ended += 1
            result = "ended"
        except Exception as failure:                      # the next query shall run
            result = f"failed: {str(failure).splitlines()[0]}"
        took_ms = int((time.monotonic() - began) * 1000)
        work_ms += took_ms
        print(f"{name}: {took_ms} ms {result}", flush=True)
    print(f"answer: {ended} of {len(names)} queries ended in {work_ms} ms", flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
