"""HiBench's KMeans: points in 12 dimensions put into 8 clusters, four rounds by Spark's own KMeans on cached points.

clean     400,000 points in 8 partitions, some 40 MB in the cache
"""
from pathological import describe, hashed, session, variant_and_arguments
from pyspark.ml.clustering import KMeans
from pyspark.ml.feature import VectorAssembler
from pyspark.sql import functions as F

POINTS = 400_000
DIMENSIONS = 12
CLUSTERS = 8
ROUNDS = 4
PARTITIONS = 8


def main():
    variant, _ = variant_and_arguments()
    spark = session("hibench-kmeans", variant)
    columns = [f"x{dimension}" for dimension in range(DIMENSIONS)]
    centre = hashed(99, CLUSTERS)
    points = spark.range(0, POINTS, 1, PARTITIONS).select(
        *[(F.pmod(centre * (7 + dimension), F.lit(13)) + hashed(dimension, 1000) / 1000.0).alias(name)
          for dimension, name in enumerate(columns)])
    vectors = VectorAssembler(inputCols=columns, outputCol="features").transform(points).select("features").cache()
    describe(spark, "fill the cache")
    print("points:", vectors.count())
    describe(spark, "find the clusters")
    model = KMeans(k=CLUSTERS, maxIter=ROUNDS, tol=0.0, seed=1, initMode="random").fit(vectors)
    print("answer:", len(model.clusterCenters()), round(model.summary.trainingCost))
    spark.stop()


if __name__ == "__main__":
    main()
