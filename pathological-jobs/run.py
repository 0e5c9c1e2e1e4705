#!/usr/bin/env python3
"""Run pathological jobs on real Spark and keep the event logs that Spark writes.

    python3 pathological-jobs/run.py                                  everything that is not captured yet
    python3 pathological-jobs/run.py skewed-join                      one job, all its captures
    python3 pathological-jobs/run.py skewed-join --spark 3.5.9 --variant faulty --force

Each capture is one run of <job>/job.py and becomes <job>/logs/<variant>-<version>.zstd, byte for byte as
Spark wrote it.  <job>/captures.toml says which variants there are, on which versions and with which settings
(README.md has the keys).  A capture whose log stands there is skipped, so that an interrupted run is simply called
again.  Everything else (virtual environments, shuffle files, unfinished logs) stays below --root.

Needs the standard library of Python 3.11, a Java 17 runtime and the zstd command; a capture on YARN needs Maven.
"""
import argparse
import contextlib
import dataclasses
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
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
VERSIONS = ["3.5.9", "4.3.0"]
PACKAGES = ["pandas==2.2.3", "pyarrow==17.0.0", "numpy==1.26.4"]
MASTER = "local-cluster[2,1,1024]"      # two executors of one core and 1 GiB, each in a process of its own
TIMEOUT_S = 600
ZSTD = b"\x28\xb5\x2f\xfd"
OF_SPARK = (".lz4", ".snappy", ".lzf")  # of logs in framings of Spark's own, which Spark itself has to read
SLOTS = 2                               # captures at once with --share
LOGGING = {
    "spark.eventLog.enabled": "true",
    "spark.eventLog.rolling.enabled": "false",      # one file; 4.x would write a folder
    "spark.eventLog.compress": "true",              # 3.5 would write plain text
    "spark.eventLog.compression.codec": "zstd",
}


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
        print(f"installing PySpark {version} into {environment} (0.5 GB to download)", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
        subprocess.run([environment / "bin" / "pip", "install", "--quiet", "--no-cache-dir", f"pyspark=={version}",
                        *PACKAGES], check=True)
        (environment / "complete").touch()
    return environment


def ensure_client(root, version):
    """The Python environment of a Spark Connect client, which holds no Spark."""
    environment = root / f"client-{version}"
    if not (environment / "complete").exists():
        print(f"installing the Spark Connect client {version} into {environment} (0.1 GB to download)", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
        subprocess.run([environment / "bin" / "pip", "install", "--quiet", "--no-cache-dir", f"pyspark-client=={version}"],
                       check=True)
        (environment / "complete").touch()
    return environment


def spark_home(environment):
    return next(environment.glob("lib/python3*/site-packages/pyspark"))


def ensure_yarn(root):
    """The folder of jars with YARN's servers, which PySpark does not bring. They fit Spark 3.5.9."""
    folder = root / "yarn"
    if not (folder / "complete").exists():
        if shutil.which("mvn") is None:
            raise Failure("no mvn command found (Debian: apt-get install maven)")
        print(f"fetching YARN into {folder} (44 MB to download)", flush=True)
        subprocess.run(["mvn", "--quiet", "--batch-mode", "--file", HERE / "lib" / "yarn.pom.xml",
                        "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies", "-DexcludeTransitive",
                        f"-DoutputDirectory={folder}"], check=True)
        (folder / "complete").touch()
    return folder


# ---------------------------------------------------------------- what is to be captured

@dataclasses.dataclass(frozen=True)
class Capture:
    """One run of one job. `ends`: how the application ends, "succeeds", "fails" (status other than 0) or
    "killed" (the log has no end). `logging`: "one zstd file" or "Spark's defaults". `compact`: how many parts of a
    rolling log the history server, which has the settings `history`, leaves as they are, 0: it is not run. `client`:
    version of the Spark Connect client that the job starts, "" for none. `attempts`: how many drivers YARN starts until
    one ends well; each writes a log of its own."""
    job: str
    variant: str
    version: str
    master: str
    ends: str
    logging: str = "one zstd file"
    compact: int = 0
    history: dict = dataclasses.field(default_factory=dict)
    client: str = ""
    attempts: int = 1
    timeout_s: int = TIMEOUT_S
    conf: dict = dataclasses.field(default_factory=dict)
    args: list = dataclasses.field(default_factory=list)
    recompress: bool = False

    @property
    def name(self):
        return f"{self.variant}-{self.version}"

    def kept(self):
        """The log or folder of logs of this capture, if there is one."""
        return next(iter(sorted((HERE / self.job / "logs").glob(f"{self.name}*"))), None)


def captures(job):
    """What captures.toml of one job asks for, in its order."""
    file = HERE / job / "captures.toml"
    if not file.is_file():
        raise Failure(f"{file} is missing: it says what to capture")
    try:
        asked = tomllib.loads(file.read_text())
    except tomllib.TOMLDecodeError as error:
        raise Failure(f"{file}: {error}") from None
    known = {"master", "versions", "ends", "logging", "compact", "history", "client", "attempts", "timeout_s", "conf", "args",
             "recompress"}
    common = {key: value for key, value in asked.items() if key not in ("variant", "title", "patterns")}
    found = []
    for variant, own in asked.get("variant", {}).items():
        if unknown := sorted((set(own) | set(common)) - known):
            raise Failure(f"{file}: no such key: {', '.join(unknown)} (there are: {', '.join(sorted(known))})")
        said = common | own
        if said.get("ends", "succeeds") not in ("succeeds", "fails", "killed"):
            raise Failure(f'{file}: ends = "{said["ends"]}" is none of succeeds, fails, killed')
        if said.get("logging", "one zstd file") not in ("one zstd file", "Spark's defaults"):
            raise Failure(f"{file}: logging = \"{said['logging']}\" is none of: one zstd file, Spark's defaults")
        for version in said.get("versions", VERSIONS[:1]):
            found.append(Capture(job, variant, version, said.get("master", MASTER), said.get("ends", "succeeds"),
                                 said.get("logging", "one zstd file"), said.get("compact", 0), said.get("history", {}),
                                 said.get("client", ""), said.get("attempts", 1), said.get("timeout_s", TIMEOUT_S),
                                 common.get("conf", {}) | own.get("conf", {}),
                                 [str(arg) for arg in said.get("args", ["--variant", variant])],
                                 said.get("recompress", False)))
    if not found:
        raise Failure(f"{file}: no [variant.NAME] in it")
    return found


# ---------------------------------------------------------------- one capture

@contextlib.contextmanager
def taking_turns(root, share):
    """Two Sparks at once on few cores change each other's timings: wait for the other runners. With `share`, for
    one of SLOTS places only."""
    with contextlib.ExitStack() as held:
        locks = [held.enter_context(open(root / f"slot-{slot}", "w")) for slot in range(SLOTS)]
        if not share:
            for lock in locks:
                fcntl.flock(lock, fcntl.LOCK_EX)
        else:
            while not any(taken(lock) for lock in locks):
                time.sleep(0.2)
        yield


def taken(lock):
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False


def run_spark(root, environment, work, capture):
    """Run the job in `work`; its log appears in work/history. Names and paths in the log come from here only."""
    for folder in ("history", "home", "local", "workers"):
        (work / folder).mkdir(parents=True)
    for source in [*HERE.glob("lib/*.py"), *(HERE / capture.job).glob("*.py")]:
        shutil.copy(source, work / source.name)
    home = spark_home(environment)
    conf = {
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": work / "local",
        "spark.eventLog.dir": f"file://{work}/history",
        **(LOGGING if capture.logging == "one zstd file" else {"spark.eventLog.enabled": "true"}),
        **capture.conf,
    }
    variables = variables_of_spark(root, environment, work)
    if capture.client:
        variables["PATHOLOGICAL_CLIENT"] = str(ensure_client(root, capture.client) / "bin" / "python")
    if capture.master.startswith("yarn"):
        variables["HADOOP_CONF_DIR"] = str(work / "yarn")
    with cluster(root, home, work, variables, capture.master) as where:
        status = submit(home, work, variables, capture, conf, where)
    if (status == 0) != (capture.ends == "succeeds"):
        raise Failure(f"spark-submit ended with status {status}, which is not how it {capture.ends}: see {work}/output.txt")


def submit(home, work, variables, capture, conf, where):
    """Run the job to its end and return the status of spark-submit."""
    command = [home / "bin" / "spark-submit", *where]
    for key, value in conf.items():
        command += ["--conf", f"{key}={value}"]
    command += ["job.py", *capture.args]
    with open(work / "output.txt", "w") as output:
        process = subprocess.Popen([str(part) for part in command], cwd=work, stdout=output, stderr=subprocess.STDOUT,
                                   env=variables, start_new_session=True)
        try:
            return process.wait(capture.timeout_s)
        except subprocess.TimeoutExpired:
            raise Failure(f"stopped after {capture.timeout_s} s: see {work}/output.txt") from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)      # the driver and its executors: one process group
            process.wait()


@contextlib.contextmanager
def cluster(root, home, work, variables, master):
    """The arguments that tell spark-submit where to run. `standalone[workers,cores,MiB]` is a real cluster on this
    machine, whose workers are hosts of their own: 127.0.0.2, 127.0.0.3 and so on. `yarn[executors,cores,MiB]` is a YARN
    of one node, which runs the driver as well."""
    asked = re.fullmatch(r"(standalone|yarn)\[(\d+),(\d+),(\d+)\]", master)
    if not asked:
        yield ["--master", master]
        return
    started = []

    def start(name, more_variables, *command):
        with open(work / f"{name}.txt", "w") as output:
            started.append(subprocess.Popen([str(part) for part in command], cwd=work, stdout=output, stderr=subprocess.STDOUT,
                                            env=variables | more_variables, start_new_session=True))

    try:
        if asked[1] == "yarn":
            start_yarn(ensure_yarn(root), home, work, variables, start)
            yield ["--master", "yarn", "--deploy-mode", "cluster", "--num-executors", asked[2], "--executor-cores", asked[3],
                   "--executor-memory", f"{asked[4]}m", "--py-files", "pathological.py"]
        else:
            yield ["--master", start_standalone(home, work, start, *asked.groups()[1:])]
    finally:
        for process in reversed(started):
            process.terminate()                             # a node manager ends its containers: groups of their own
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)      # a worker and its executors: one process group
            process.wait()


def start_standalone(home, work, start, workers, cores, memory):
    """Start a master and its workers; return the master's address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"spark://127.0.0.1:{port}"
    local = {"SPARK_LOCAL_DIRS": str(work / "local")}
    spark_class = home / "bin" / "spark-class"
    start("master", local, spark_class, "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", port,
          "--webui-port", 0)
    for number in range(int(workers)):
        host = f"127.0.0.{number + 2}"
        start(f"worker-{number}", local | {"SPARK_LOCAL_IP": host}, spark_class, "org.apache.spark.deploy.worker.Worker",
              "--host", host, "--cores", cores, "--memory", f"{memory}M", "--work-dir", work / "workers" / str(number),
              "--webui-port", 0, address)
    await_line(work / "master.txt", "Registering worker", int(workers))
    return address


def start_yarn(jars, home, work, variables, start):
    """Start a resource manager and one node manager, which are told where they are by a file of their own. Their class
    path begins with their own jars: Spark brings the same web proxy for another servlet library."""
    settings = {
        "yarn.resourcemanager.hostname": "127.0.0.1",
        "yarn.resourcemanager.scheduler.class": "org.apache.hadoop.yarn.server.resourcemanager.scheduler.fifo.FifoScheduler",
        "yarn.web-proxy.address": "127.0.0.1:8088",                 # else the machine's name: it stands in the log
        "yarn.nodemanager.hostname": "127.0.0.1",
        "yarn.nodemanager.local-dirs": work / "local",
        "yarn.nodemanager.log-dirs": work / "workers",
        "yarn.nodemanager.user-home-dir": work / "home",
        "yarn.nodemanager.env-whitelist": ",".join(variables),      # a container has the environment that run.py gives
        "yarn.nodemanager.vmem-check-enabled": "false",             # a JVM reserves far more than it uses
    }
    (work / "yarn").mkdir()
    properties = "".join(f"<property><name>{key}</name><value>{value}</value></property>\n" for key, value in settings.items())
    (work / "yarn" / "yarn-site.xml").write_text(f"<configuration>\n{properties}</configuration>\n")
    java = [Path(variables["JAVA_HOME"], "bin", "java"), "-Xmx512m", "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "-Dlog4j2.configurationFile=classpath:org/apache/spark/log4j2-defaults.properties",
            "-cp", f"{work}/yarn:{jars}/*:{home}/jars/*"]
    start("resource-manager", {}, *java, "org.apache.hadoop.yarn.server.resourcemanager.ResourceManager")
    start("node-manager", {}, *java, "org.apache.hadoop.yarn.server.nodemanager.NodeManager")
    await_line(work / "resource-manager.txt", "NodeManager from node", 1)


def await_line(file, line, times):
    """Wait until a server has written a line so many times."""
    end = time.monotonic() + 180
    while file.read_text(errors="replace").count(line) < times:
        if time.monotonic() > end:
            raise Failure(f"the cluster did not start: see {file.parent}/*.txt")
        time.sleep(0.2)


def variables_of_spark(root, environment, work):
    """The whole environment of Spark's processes."""
    variables = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "HOME": work / "home",
        "JAVA_HOME": java_home(),
        "JAVA_TOOL_OPTIONS": f"-Duser.name=analyst -Duser.home={work}/home",
        "SPARK_HOME": spark_home(environment),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_USER": "analyst",
        "HADOOP_USER_NAME": "analyst",
        "SPARK_WORKER_DIR": work / "workers",
        "PYSPARK_PYTHON": environment / "bin" / "python",
        "PATHOLOGICAL_ROOT": root,
    }
    return {key: str(value) for key, value in variables.items()}


def compact_log(root, environment, work, capture, wait_s=90):
    """Let Spark's history server compact the rolling log in work/history."""
    conf = {
        "spark.history.fs.logDirectory": f"file://{work}/history",
        "spark.history.fs.update.interval": "2s",
        "spark.history.fs.eventLog.rolling.maxFilesToRetain": capture.compact,
        "spark.history.ui.port": "0",
        **capture.history,
    }
    variables = variables_of_spark(root, environment, work)
    variables["SPARK_HISTORY_OPTS"] = " ".join(f"-D{key}={value}" for key, value in conf.items())
    with open(work / "history-server.txt", "w") as output:
        process = subprocess.Popen([spark_home(environment) / "bin" / "spark-class",
                                    "org.apache.spark.deploy.history.HistoryServer"], cwd=work, stdout=output,
                                   stderr=subprocess.STDOUT, env=variables, start_new_session=True)
        try:
            end = time.monotonic() + wait_s
            while time.monotonic() < end and process.poll() is None and not any((work / "history").rglob("events_*.compact")):
                time.sleep(0.5)
            time.sleep(5)                                   # it deletes the compacted parts after that
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if not any((work / "history").rglob("events_*.compact")):
        raise Failure(f"the history server did not compact the log: see {work}/history-server.txt")


def foreign_names(text):
    """Names of this machine, its user or the checkout that stand in a log although the configuration is neutral.
    ("root {" is a message of Spark Connect, not the user.)"""
    names = {socket.gethostname(), socket.getfqdn(), getpass.getuser(), str(Path.home()), str(HERE.parent)}
    names -= {"localhost", "analyst", ""}
    return sorted(name for name in names if re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-]| \{{)", text))


# Runs inside of Spark's Python: prints the events of a log whatever its codec.
READ_LOG = """
import sys
from pyspark.java_gateway import launch_gateway
jvm = launch_gateway().jvm
conf = jvm.org.apache.hadoop.conf.Configuration()
path = jvm.org.apache.hadoop.fs.Path(sys.argv[1])
log = jvm.org.apache.spark.deploy.history.EventLogFileReader.openEventLog(path, path.getFileSystem(conf))
sys.stdout.buffer.write(log.readAllBytes())
"""


def read_by_spark(file, environment):
    """The events of a log in a framing of Spark's own. Takes some seconds: it starts a JVM."""
    variables = {"PATH": os.environ["PATH"], "JAVA_HOME": java_home(), "SPARK_HOME": str(spark_home(environment)),
                 "SPARK_LOCAL_IP": "127.0.0.1"}
    read = subprocess.run([environment / "bin" / "python", "-c", READ_LOG, f"file://{file.resolve()}"], env=variables,
                          capture_output=True)
    if read.returncode != 0:
        raise Failure(f"{file}: Spark cannot read it: {read.stderr.decode(errors='replace').strip().splitlines()[-1]}")
    return read.stdout.decode(errors="replace")


def log_text(file, environment):
    """The events of one log file. `environment`: of a Spark, for the codecs that nothing else reads."""
    if any(suffix in OF_SPARK for suffix in file.suffixes):
        return read_by_spark(file, environment)
    if file.read_bytes()[:4] == ZSTD:           # a compacted part may be plain text whatever its name
        decoded = subprocess.run(["zstd", "-dcq", file], capture_output=True)
        if decoded.returncode != 0 and file.suffix != ".inprogress":
            raise Failure(f"{file}: {decoded.stderr.decode().strip()}")
        return decoded.stdout.decode(errors="replace")
    return file.read_text(errors="replace")


def check_log(files, ends, environment):
    """Return the application's duration in ms (None without an end); refuse a log that is incomplete or names this
    machine."""
    times = {}
    for file in files:
        text = log_text(file, environment)
        if names := foreign_names(text):
            raise Failure(f"{file}: names of this machine in the log: {', '.join(names)}")
        for line in re.findall(r'^{"Event":"SparkListenerApplication(?:Start|End)".*$', text, re.M):
            event = json.loads(line)
            times[event["Event"]] = event["Timestamp"]
    if ends == "killed":
        return None
    if len(times) != 2:
        raise Failure(f"{files[0]}: the application has no end")
    return times["SparkListenerApplicationEnd"] - times["SparkListenerApplicationStart"]


def capture_log(root, capture, share):
    environment = ensure_spark(root, capture.version)
    work = root / "captures" / f"{capture.job}-{capture.name}"
    shutil.rmtree(work, ignore_errors=True)
    began = time.monotonic()
    run_spark(root, environment, work, capture)
    logs = sorted(log for log in (work / "history").iterdir() if not log.name.endswith(".crc"))
    if len(logs) != capture.attempts:
        raise Failure(f"expected {capture.attempts} logs in {work}/history, found {[log.name for log in logs]}")
    if capture.compact:
        compact_log(root, environment, work, capture)
    durations_ms = []
    for log in logs:
        if (capture.ends != "killed") == log.name.endswith(".inprogress"):
            raise Failure(f"{log}: that is not how a log looks whose application {capture.ends}")
        files = sorted(file for file in log.rglob("*") if not file.name.startswith(".")) if log.is_dir() else [log]
        durations_ms.append(check_log(files, capture.ends, environment))
    folder = len(logs) > 1 or logs[0].is_dir()
    target = HERE / capture.job / "logs" / (capture.name + ("" if folder else "".join(kept_suffixes(logs[0].name))))
    target.parent.mkdir(exist_ok=True)
    if (old := capture.kept()) is not None:
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    if folder:
        shutil.copytree(work / "history", target, ignore=shutil.ignore_patterns(".*.crc"))
    elif capture.recompress:
        recompressed(logs[0], target)
    else:
        shutil.copyfile(logs[0], target)
    size = sum(file.stat().st_size for file in [target, *target.rglob("*")] if file.is_file())
    printed = [answer for file in [work / "output.txt", *sorted((work / "workers").rglob("stdout"))]
               for answer in re.findall(r"^answer: .*$", file.read_text(errors="replace"), re.M)]
    shutil.rmtree(work)
    print(f"{capture.job} {capture.name}: {time.monotonic() - began:.0f} s{' beside another' if share else ''}, "
          f"application {', '.join(map(str, durations_ms))} ms, log {size} bytes; {' '.join(printed)}", flush=True)


def recompressed(log, target):
    """The same events in one Zstandard frame: Spark closes a frame with each SQL event, which makes the log of many large
    plans four times larger."""
    with open(target, "wb") as kept:
        decoder = subprocess.Popen(["zstd", "-dcq", log], stdout=subprocess.PIPE)
        subprocess.run(["zstd", "-19q"], stdin=decoder.stdout, stdout=kept, check=True)
        if decoder.wait() != 0:
            raise Failure(f"{log}: zstd ended with status {decoder.returncode}")


def kept_suffixes(name):
    """app-2026.zstd.inprogress -> .zstd, .inprogress"""
    return [suffix for suffix in Path(name).suffixes if suffix in (".zstd", ".lz4", ".snappy", ".lzf", ".inprogress")]


# ---------------------------------------------------------------- command line

def main():
    jobs = sorted(path.parent.name for path in HERE.glob("*/job.py"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=f"of: {' '.join(jobs)} (default: all)")
    parser.add_argument("--spark", action="append", choices=VERSIONS, help="Spark version, repeatable (default: all)")
    parser.add_argument("--variant", action="append", help="variant of captures.toml, repeatable (default: all)")
    parser.add_argument("--force", action="store_true", help="capture again what is captured already")
    parser.add_argument("--share", action="store_true",
                        help=f"let {SLOTS} captures run at once (they change each other's durations)")
    parser.add_argument("--root", type=Path, default=Path("/opt/spark"),
                        help="neutral folder for Spark and its files; its name stands in the logs (default: %(default)s)")
    options = parser.parse_args()
    if unknown := sorted(set(options.jobs) - set(jobs)):
        parser.error(f"no such job: {' '.join(unknown)} (there are: {' '.join(jobs)})")

    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda number, _: sys.exit(128 + number))   # on the way out run_spark ends its Spark
    failures = 0
    try:
        if shutil.which("zstd") is None:
            raise Failure("no zstd command found (Debian: apt-get install zstd)")
        java_home()
        root = options.root.resolve()
        root.mkdir(parents=True, exist_ok=True)
        wanted = [capture for job in options.jobs or jobs for capture in captures(job)
                  if capture.version in (options.spark or VERSIONS)
                  and (not options.variant or capture.variant in options.variant)]
        if not wanted:
            raise Failure("nothing to capture: no variant of captures.toml matches --variant and --spark")
        for capture in wanted:
            if not options.force and capture.kept() is not None:
                print(f"{capture.job} {capture.name}: captured already", flush=True)
                continue
            with taking_turns(root, options.share):
                try:
                    capture_log(root, capture, options.share)
                except Failure as failure:
                    failures += 1
                    print(f"run.py: {capture.job} {capture.name}: {failure}", file=sys.stderr, flush=True)
    except Failure as failure:
        print(f"run.py: {failure}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as failed:
        print(f"run.py: {failed}", file=sys.stderr)
        return 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
