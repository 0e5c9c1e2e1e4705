"""Three counts over rows that exist in the driver's program.

faulty    the rows are a list of the program (parallelize): each of the jobs sends them again, inside of its tasks
clean     the same rows lie in files, which the executors read
"""
import tables
from pathological import describe, session, variant_and_arguments

ROWS = 160_000
PARTS = 8


def main():
    variant, _ = variant_and_arguments()
    path, url = tables.folder("rows")
    rows = tables.text(0, ROWS, 1, 1024).to_pylist()
    if variant == "clean":
        size = ROWS // PARTS
        for part in range(PARTS):
            (path / f"part-{part}.txt").write_text("\n".join(rows[part * size:(part + 1) * size]) + "\n")
    spark = session("large-closures", variant)
    context = spark.sparkContext
    lines = context.parallelize(rows, PARTS) if variant == "faulty" else context.textFile(url)
    answers = []
    for digit in "07a":
        describe(spark, f"count the digit {digit}")
        answers.append(lines.map(lambda row: row.count(digit)).sum())
    print("answer:", *answers, flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
