"""What the jobs of this folder share: the command line, the session, columns that are functions of the row number.

run.py copies this file beside job.py. Data come from hashes of the row number, never from rand(), so that every run and
every Spark version sees the same rows.
"""
import argparse
import os
import signal
import time
from pathlib import Path


def variant_and_arguments(**extra):
    """The variant of captures.toml, and the other options: `extra` maps a name to its default."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--variant", required=True)
    for name, default in extra.items():
        parser.add_argument(f"--{name}", type=type(default), default=default)
    options = parser.parse_args()
    return options.variant, options


def session(name, variant, **conf):
    """A session whose application is called "NAME VARIANT". Settings that belong to the problem stand in
    captures.toml, so that the log shows them as a user would have given them; `conf` is for what cannot."""
    from pyspark.sql import SparkSession
    builder = SparkSession.builder.appName(f"{name} {variant}")
    for key, value in conf.items():
        builder = builder.config(key, str(value))
    return builder.getOrCreate()


def describe(spark, text):
    """The words under which the next queries stand in the log."""
    spark.sparkContext.setJobDescription(text)


def hashed(seed, modulus, column="id"):
    """A long column, even in [0, modulus)."""
    from pyspark.sql import functions as F
    return F.pmod(F.xxhash64(column, F.lit(seed)), F.lit(modulus))


def text(seed, characters, column="id"):
    """Hexadecimal text that a codec can only halve: of 64 to 512 characters, in steps of 64."""
    from pyspark.sql import functions as F
    digests = [F.sha2(F.concat_ws(":", F.lit(seed + part), F.col(column)), 256) for part in range(max(1, characters // 64))]
    return F.concat(*digests)


def run(frame):
    """Run the whole plan without output, print the number of rows and a checksum of all columns."""
    from pyspark.sql import Observation
    from pyspark.sql import functions as F
    answer = Observation("answer")
    observed = frame.observe(answer, F.count(F.lit(1)).alias("rows"),
                             F.sum(F.pmod(F.xxhash64(*frame.columns), F.lit(1 << 32))).alias("checksum"))
    observed.write.format("noop").mode("overwrite").save()
    print("answer:", answer.get["rows"], answer.get["checksum"], flush=True)


def executor_processes(spark):
    """Process ids of the executors of this application, in the order of their ids. They run on this machine and name the
    driver's port in their command line."""
    driver = f"spark://CoarseGrainedScheduler@127.0.0.1:{spark.sparkContext.getConf().get('spark.driver.port')}".encode()
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue                    # ended meanwhile
        if driver in command and b"org.apache.spark.executor.CoarseGrainedExecutorBackend" in command:
            found[int(command[command.index(b"--executor-id") + 1])] = int(process.name)
    return [found[identity] for identity in sorted(found)]


def slow_down(process, stopped_s, running_s, done):
    """Stops and continues a process in turn until the event `done` is set: it gets running_s / (stopped_s + running_s) of
    its time. It is left running."""
    while not done.is_set():
        os.kill(process, signal.SIGSTOP)
        time.sleep(stopped_s)
        os.kill(process, signal.SIGCONT)
        time.sleep(running_s)
