#!/usr/bin/env python3
"""Run pathological jobs on real Spark and keep the event logs that Spark writes.

    python3 pathological-jobs/run.py                                  everything that is not captured yet
    python3 pathological-jobs/run.py skewed-join                      one job, all variants and versions
    python3 pathological-jobs/run.py skewed-join --spark 3.5.9 --variant faulty --force

Each capture is one run of <job>/job.py and becomes <job>/logs/<variant>-<version>.zstd, byte for byte as
Spark wrote it.  A capture whose log stands there is skipped, so that an interrupted run is simply called again.
Everything else (virtual environments, shuffle files, unfinished logs) stays below --root.

Needs the standard library, a Java 17 runtime and the zstd command.
"""
import argparse
import contextlib
import fcntl
import getpass
import glob
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
VERSIONS = ["3.5.9", "4.3.0"]
VARIANTS = ["faulty", "clean", "remedied"]
MASTER = "local-cluster[2,1,1024]"      # two executors of one core and 1 GiB, each in a process of its own
TIMEOUT_S = 600


class Failure(Exception):
    """What the user can mend: printed without a traceback."""


# ---------------------------------------------------------------- what must be installed

def java_home():
    candidates = [os.environ.get("JAVA_HOME", ""), *sorted(glob.glob("/usr/lib/jvm/*"))]
    for home in filter(None, candidates):
        java = Path(home, "bin", "java")
        if java.is_file():
            version = subprocess.run([java, "-version"], capture_output=True, text=True).stderr
            if re.search(r'version "17[."]', version):
                return home
    raise Failure("no Java 17 found: set JAVA_HOME, or install it (Debian: apt-get install openjdk-17-jre-headless)")


def ensure_spark(root, version):
    """The virtual environment of one Spark version; one whose making was interrupted is made again."""
    environment = root / f"venv-{version}"
    if not (environment / "complete").exists():
        print(f"installing PySpark {version} into {environment} (0.4 GB to download)", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
        subprocess.run([environment / "bin" / "pip", "install", "--quiet", "--no-cache-dir", f"pyspark=={version}"],
                       check=True)
        (environment / "complete").touch()
    return environment


def spark_home(environment):
    return next(environment.glob("lib/python3*/site-packages/pyspark"))


# ---------------------------------------------------------------- one capture

@contextlib.contextmanager
def only_one(root):
    """Two Sparks at once on few cores change each other's timings: wait for the other runner."""
    with open(root / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run_spark(root, environment, work, job, variant):
    """Run the job in `work`; its log appears in work/history. Names and paths in the log come from here only."""
    for folder in ("history", "home", "local", "workers"):
        (work / folder).mkdir(parents=True)
    shutil.copy(HERE / job / "job.py", work / "job.py")
    home = spark_home(environment)
    conf = {
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": work / "local",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": f"file://{work}/history",
        "spark.eventLog.rolling.enabled": "false",      # one file; 4.x would write a folder
        "spark.eventLog.compress": "true",              # 3.5 would write plain text
        "spark.eventLog.compression.codec": "zstd",
    }
    command = [home / "bin" / "spark-submit", "--master", MASTER]
    for key, value in conf.items():
        command += ["--conf", f"{key}={value}"]
    command += ["job.py", "--variant", variant]
    variables = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "HOME": work / "home",
        "JAVA_HOME": java_home(),
        "JAVA_TOOL_OPTIONS": f"-Duser.name=analyst -Duser.home={work}/home",
        "SPARK_HOME": home,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_USER": "analyst",
        "HADOOP_USER_NAME": "analyst",
        "SPARK_WORKER_DIR": work / "workers",
        "PYSPARK_PYTHON": environment / "bin" / "python",
    }
    with open(work / "output.txt", "w") as output:
        process = subprocess.Popen([str(part) for part in command], cwd=work, stdout=output, stderr=subprocess.STDOUT,
                                   env={key: str(value) for key, value in variables.items()}, start_new_session=True)
        try:
            status = process.wait(TIMEOUT_S)
        except BaseException as stopped:
            os.killpg(process.pid, signal.SIGKILL)      # the driver and its executors: one process group
            process.wait()
            if isinstance(stopped, subprocess.TimeoutExpired):
                raise Failure(f"stopped after {TIMEOUT_S} s: see {work}/output.txt") from None
            raise
    if status != 0:
        raise Failure(f"spark-submit ended with status {status}: see {work}/output.txt")


def foreign_names(text):
    """Names of this machine, its user or the checkout that stand in a log although the configuration is neutral."""
    names = {socket.gethostname(), socket.getfqdn(), getpass.getuser(), str(Path.home()), str(HERE.parent)}
    names -= {"localhost", "analyst", ""}
    return sorted(name for name in names if re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", text))


def check_log(log):
    """Return the application's duration in ms; refuse a log that is incomplete or names this machine."""
    decoded = subprocess.run(["zstd", "-dcq", log], capture_output=True)
    if decoded.returncode != 0:
        raise Failure(f"{log}: {decoded.stderr.decode().strip()}")
    text = decoded.stdout.decode()
    times = {}
    for line in text.splitlines():
        event = json.loads(line)
        if event["Event"] in ("SparkListenerApplicationStart", "SparkListenerApplicationEnd"):
            times[event["Event"]] = event["Timestamp"]
    if len(times) != 2:
        raise Failure(f"{log}: the application has no end")
    if names := foreign_names(text):
        raise Failure(f"{log}: names of this machine in the log: {', '.join(names)}")
    return times["SparkListenerApplicationEnd"] - times["SparkListenerApplicationStart"]


def capture(root, job, variant, version):
    target = HERE / job / "logs" / f"{variant}-{version}.zstd"
    environment = ensure_spark(root, version)
    work = root / "captures" / f"{job}-{variant}-{version}"
    shutil.rmtree(work, ignore_errors=True)
    began = time.monotonic()
    run_spark(root, environment, work, job, variant)
    logs = list((work / "history").iterdir())
    if len(logs) != 1 or logs[0].suffix != ".zstd":
        raise Failure(f"expected one finished log in {work}/history, found {[log.name for log in logs]}")
    duration_ms = check_log(logs[0])
    target.parent.mkdir(exist_ok=True)
    unfinished = target.with_suffix(".part")
    shutil.copyfile(logs[0], unfinished)
    unfinished.replace(target)
    printed = re.findall(r"^answer: .*$", (work / "output.txt").read_text(), re.M)
    shutil.rmtree(work)
    print(f"{job} {variant} {version}: {time.monotonic() - began:.0f} s, application {duration_ms} ms, "
          f"log {target.stat().st_size} bytes; {' '.join(printed)}", flush=True)


# ---------------------------------------------------------------- command line

def main():
    jobs = sorted(path.parent.name for path in HERE.glob("*/job.py"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=f"of: {' '.join(jobs)} (default: all)")
    parser.add_argument("--spark", action="append", choices=VERSIONS, help="Spark version, repeatable (default: all)")
    parser.add_argument("--variant", action="append", choices=VARIANTS, help="repeatable (default: all)")
    parser.add_argument("--force", action="store_true", help="capture again what is captured already")
    parser.add_argument("--root", type=Path, default=Path("/opt/spark"),
                        help="neutral folder for Spark and its files; its name stands in the logs (default: %(default)s)")
    options = parser.parse_args()
    if unknown := sorted(set(options.jobs) - set(jobs)):
        parser.error(f"no such job: {' '.join(unknown)} (there are: {' '.join(jobs)})")

    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda number, _: sys.exit(128 + number))   # on the way out run_spark ends its Spark
    try:
        if shutil.which("zstd") is None:
            raise Failure("no zstd command found (Debian: apt-get install zstd)")
        java_home()
        root = options.root.resolve()
        root.mkdir(parents=True, exist_ok=True)
        for job in options.jobs or jobs:
            for version in options.spark or VERSIONS:
                for variant in options.variant or VARIANTS:
                    if not options.force and (HERE / job / "logs" / f"{variant}-{version}.zstd").exists():
                        print(f"{job} {variant} {version}: captured already", flush=True)
                        continue
                    with only_one(root):
                        capture(root, job, variant, version)
    except Failure as failure:
        print(f"run.py: {failure}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as failed:
        print(f"run.py: {failed}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
