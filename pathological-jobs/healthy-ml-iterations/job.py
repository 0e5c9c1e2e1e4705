"""A logistic regression over cached features: one pass over the cache in each iteration.

clean     the only variant: the cache fits, every iteration reads it, the tasks are even
"""
from pathological import describe, hashed, session, variant_and_arguments
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.feature import VectorAssembler
from pyspark.sql import functions as F

ROWS = 300_000
FEATURES = 16
PARTITIONS = 8
ITERATIONS = 12


def main():
    variant, _ = variant_and_arguments()
    spark = session("healthy-ml-iterations", variant)
    names = [f"x{number}" for number in range(FEATURES)]
    columns = [(hashed(number, 10_000) / 10_000).alias(name) for number, name in enumerate(names)]
    rows = spark.range(0, ROWS, 1, PARTITIONS).select("id", *columns)
    weighted = sum((F.col(name) * (number - 7) for number, name in enumerate(names)), F.lit(0.0))
    rows = rows.withColumn("label", F.when(weighted + hashed(99, 400) / 100 > 8, 1.0).otherwise(0.0))
    training = VectorAssembler(inputCols=names, outputCol="features").transform(rows).select("features", "label").cache()
    describe(spark, "load the training rows")
    positive = training.where("label = 1").count()
    describe(spark, "fit the regression")
    model = LogisticRegression(maxIter=ITERATIONS, tol=0.0, regParam=0.001).fit(training)
    print("answer:", positive, model.summary.totalIterations, round(model.summary.accuracy, 4), flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
