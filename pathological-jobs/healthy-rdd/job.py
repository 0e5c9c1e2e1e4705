"""Prices of options by simulation: an RDD of seeds, each simulated with NumPy, the results added up by option.

clean     the only variant: Python is the right tool here. A task gets 16 seeds and computes for a second; nearly no rows
          cross between the JVM and Python
"""
import numpy
from pathological import describe, session, variant_and_arguments

OPTIONS = 24
SEEDS = 640
TASKS = 40
PATHS = 8_000
STEPS = 50


def simulate(seed):
    """(option, (sum of pay-offs, paths)) of one seed; NumPy's generator is given the seed, so that every run is the same."""
    option = seed % OPTIONS
    steps = numpy.random.default_rng(seed).standard_normal((PATHS, STEPS))
    prices = 100 * numpy.exp((0.01 * steps + 0.0001).cumsum(axis=1))
    payoff = numpy.maximum(prices.mean(axis=1) - (90 + option), 0)
    return option, (float(payoff.sum()), PATHS)


def main():
    variant, _ = variant_and_arguments()
    spark = session("healthy-rdd", variant)
    describe(spark, "simulate the options")
    seeds = spark.sparkContext.parallelize(range(SEEDS), TASKS)
    sums = seeds.map(simulate).reduceByKey(lambda one, other: (one[0] + other[0], one[1] + other[1]), 4)
    prices = sorted((option, total / paths) for option, (total, paths) in sums.collect())
    print("answer:", len(prices), round(sum(price for _, price in prices), 6), flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
