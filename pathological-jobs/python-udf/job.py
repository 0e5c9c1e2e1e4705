"""Product codes are brought into one form, row by row in Python.

faulty    a plain Python function (udf): rows are pickled and sent to Python processes one by one
clean     the same with Spark's own functions
remedied  the Python function, exchanging its rows through Arrow (spark.sql.execution.pythonUDF.arrow.enabled)
"""
from pathological import describe, hashed, run, session, text, variant_and_arguments
from pyspark.sql import functions as F

ROWS = 2_000_000


def normal_form(code, kind):
    digits = "".join(sign for sign in code[:16] if sign.isdigit())
    return code[16:24].upper() + "-" + digits.rjust(16, "0") + "-" + str(kind % 7)


def main():
    variant, _ = variant_and_arguments()
    spark = session("python-udf", variant)
    describe(spark, "normalise the product codes")
    products = spark.range(0, ROWS, 1, 16).select("id", text(1, 64).alias("code"), hashed(2, 1000).alias("kind"))
    if variant == "clean":
        digits = F.regexp_replace(F.substring("code", 1, 16), "[^0-9]", "")
        form = F.concat(F.upper(F.substring("code", 17, 8)), F.lit("-"), F.lpad(digits, 16, "0"), F.lit("-"),
                        (F.col("kind") % 7).cast("string"))
    else:
        form = F.udf(normal_form, "string")("code", "kind")
    run(products.select("id", form.alias("form")))
    spark.stop()


if __name__ == "__main__":
    main()
