#!/usr/bin/env python3
"""make_growth_log.py DIMENSION N OUT: an event log that is small but for one dimension, of which it has N.

`--list` prints the dimensions. The events hold what Spark 3.5 writes and advise reads, no more; the same arguments give the
same bytes. tests/bench/growth runs advise over them.
"""
import io
import json
import sys
import tarfile

T0 = 1_700_000_000_000  # ms: start of the application
SQL = "org.apache.spark.sql.execution.ui."


class Log:
    def __init__(self, out, executors=4, hosts=2, settings=0):
        self.out = out
        self.time = T0 + 2000
        self.task = 0
        self.rdd = 0
        self.executors = executors
        self.put("SparkListenerLogStart", **{"Spark Version": "3.5.1"})
        self.put("SparkListenerResourceProfileAdded", **{
            "Resource Profile Id": 0, "Executor Resource Requests": {"cores": {"Resource Name": "cores", "Amount": 4},
                                                                     "memory": {"Resource Name": "memory", "Amount": 4096}},
            "Task Resource Requests": {"cpus": {"Resource Name": "cpus", "Amount": 1.0}}})
        properties = {"spark.app.name": "growth", "spark.executor.cores": "4", "spark.executor.memory": "4g",
                      "spark.master": "yarn", "spark.sql.shuffle.partitions": "200"}
        properties.update({f"spark.custom.key{i}": f"value {i}" for i in range(settings)})
        self.put("SparkListenerEnvironmentUpdate", **{
            "JVM Information": {"Java Version": "17.0.9"}, "Spark Properties": properties, "System Properties": {},
            "Classpath Entries": {}})
        self.put("SparkListenerApplicationStart", **{"App Name": "growth", "App ID": "app-1", "Timestamp": T0, "User": "u"})
        for i in range(executors):
            self.executor(i, f"host{i % hosts}", T0 + 1000)

    def put(self, event, **fields):
        self.out.write(json.dumps({"Event": event, **fields}, separators=(",", ":")) + "\n")

    def executor(self, number, host, time):
        self.put("SparkListenerExecutorAdded", **{
            "Timestamp": time, "Executor ID": str(number),
            "Executor Info": {"Host": host, "Total Cores": 4, "Log Urls": {}, "Attributes": {}, "Resources": {},
                              "Resource Profile Id": 0}})
        self.put("SparkListenerBlockManagerAdded", **{
            "Block Manager ID": {"Executor ID": str(number), "Host": host, "Port": 1}, "Maximum Memory": 1 << 30,
            "Timestamp": time})

    def remove_executor(self, number, time, reason="Container killed by YARN for exceeding memory limits."):
        self.put("SparkListenerExecutorRemoved",
                 **{"Timestamp": time, "Executor ID": str(number), "Removed Reason": reason})

    def rdd_info(self, scope=None, parents=(), tasks=1, cached=False):
        info = {"RDD ID": self.rdd, "Name": "MapPartitionsRDD", "Callsite": "count at a.py:1", "Parent IDs": list(parents),
                "Storage Level": {"Use Disk": cached, "Use Memory": cached, "Use Off Heap": False, "Deserialized": cached,
                                  "Replication": 1},
                "Barrier": False, "Number of Partitions": tasks, "Number of Cached Partitions": tasks if cached else 0,
                "Memory Size": 1000 if cached else 0, "Disk Size": 0}
        if scope:
            info["Scope"] = json.dumps({"id": scope[0], "name": scope[1]})
        self.rdd += 1
        return info

    def stage_info(self, stage, tasks=1, attempt=0, parents=(), rdds=None, name="count at a.py:1", **more):
        return {"Stage ID": stage, "Stage Attempt ID": attempt, "Stage Name": name, "Number of Tasks": tasks,
                "RDD Info": rdds if rdds is not None else [self.rdd_info(tasks=tasks)], "Parent IDs": list(parents),
                "Details": "", "Accumulables": [], "Resource Profile Id": 0, **more}

    def job_start(self, job, infos, sql=None, properties=None):
        properties = dict(properties or {})
        if sql is not None:
            properties["spark.sql.execution.id"] = str(sql)
        self.put("SparkListenerJobStart", **{"Job ID": job, "Submission Time": self.time, "Stage Infos": infos,
                                             "Stage IDs": [i["Stage ID"] for i in infos], "Properties": properties})

    def job_end(self, job, failed=None):
        result = {"Result": "JobSucceeded"} if failed is None else {
            "Result": "JobFailed", "Exception": {"Message": failed, "Stack Trace": []}}
        self.put("SparkListenerJobEnd", **{"Job ID": job, "Completion Time": self.time, "Job Result": result})

    def submit(self, info):
        self.put("SparkListenerStageSubmitted", **{"Stage Info": {**info, "Submission Time": self.time}, "Properties": {}})

    def complete(self, info, began, failure=None):
        more = {"Failure Reason": failure} if failure else {}
        self.put("SparkListenerStageCompleted", **{
            "Stage Info": {**info, "Submission Time": began, "Completion Time": self.time, **more}})

    def run_task(self, stage, index, attempt=0, executor=None, ms=100, reason=None, accumulables=(), metrics=None,
                 task_attempt=0, start=None):
        launch = self.time if start is None else start
        executor = self.task % self.executors if executor is None else executor
        info = {"Task ID": self.task, "Index": index, "Attempt": task_attempt, "Partition ID": index, "Launch Time": launch,
                "Executor ID": str(executor), "Host": f"host{executor}", "Locality": "PROCESS_LOCAL", "Speculative": False,
                "Getting Result Time": 0, "Finish Time": 0, "Failed": False, "Killed": False, "Accumulables": []}
        self.task += 1
        head = {"Stage ID": stage, "Stage Attempt ID": attempt}
        self.put("SparkListenerTaskStart", **head, **{"Task Info": info})
        info = {**info, "Finish Time": launch + ms, "Failed": reason is not None, "Accumulables": list(accumulables)}
        self.put("SparkListenerTaskEnd", **head, **{
            "Task Type": "ResultTask", "Task End Reason": reason or {"Reason": "Success"}, "Task Info": info,
            "Task Metrics": {"Executor Deserialize Time": 1, "Executor Run Time": ms - 5, "Executor CPU Time": ms * 900000,
                             "JVM GC Time": 1, "Result Size": 1000, "Memory Bytes Spilled": 0, "Disk Bytes Spilled": 0,
                             "Shuffle Write Metrics": {"Shuffle Bytes Written": 1000, "Shuffle Write Time": 10,
                                                       "Shuffle Records Written": 10},
                             **(metrics or {})}})

    def run_stage(self, info, tasks=None, ms=100, **more):
        began = self.time
        self.submit(info)
        for index in range(info["Number of Tasks"] if tasks is None else tasks):
            self.run_task(info["Stage ID"], index, info["Stage Attempt ID"], ms=ms, start=began, **more)
        self.time += ms
        self.complete(info, began)

    def sql_start(self, sql, plan, description="query"):
        self.put(SQL + "SparkListenerSQLExecutionStart", executionId=sql, rootExecutionId=sql, description=description,
                 details="", physicalPlanDescription="", sparkPlanInfo=plan, time=self.time, modifiedConfigs={})

    def sql_end(self, sql):
        self.put(SQL + "SparkListenerSQLExecutionEnd", executionId=sql, time=self.time, errorMessage="")

    def job(self, number, stages=1, tasks=2, chain=True, pause=1, ms=100, **more):
        """One job whose stages run one after the other; ids of stages are free above those of earlier jobs."""
        first = self.next_stage
        self.next_stage += stages
        infos = [self.stage_info(first + i, tasks, parents=[first + i - 1] if chain and i else []) for i in range(stages)]
        self.job_start(number, infos, **more)
        for info in infos:
            self.run_stage(info, ms=ms)
        self.job_end(number)
        self.time += pause

    next_stage = 0

    def end(self):
        self.put("SparkListenerApplicationEnd", Timestamp=self.time + 10)


def node(name, children=(), metrics=(), text=None):
    return {"nodeName": name, "simpleString": text or name, "children": list(children), "metadata": {},
            "metrics": [{"name": n, "accumulatorId": i, "metricType": t} for n, i, t in metrics]}


def tasks(out, n):
    log = Log(out)
    log.job(0, tasks=n)
    return log


def stages(out, n):
    log = Log(out)
    for job in range(20):
        log.job(job, stages=max(1, n // 20), tasks=1, chain=False)
    return log


def stages_a_job(out, n):
    log = Log(out)
    log.job(0, stages=n, tasks=1)
    return log


def jobs(out, n):
    log = Log(out)
    for job in range(n):
        log.job(job)
    return log


def concurrent_jobs(out, n):
    """All begin before the first ends; then as many again."""
    log = Log(out)
    for wave in range(2):
        numbers = range(wave * (n // 2), (wave + 1) * (n // 2))
        infos = {job: log.stage_info(job, 1) for job in numbers}
        for job in numbers:
            log.job_start(job, [infos[job]])
        for job in numbers:
            log.run_stage(infos[job], ms=10)
        for job in numbers:
            log.job_end(job)
        log.time += 100
    return log


def sharing_jobs(out, n):
    """Jobs that all list the one map stage that the first has run."""
    log = Log(out)
    shuffle = [log.rdd_info(tasks=2)]
    log.next_stage = 1
    for job in range(n):
        infos = [log.stage_info(0, 2, rdds=shuffle), log.stage_info(job + 1, 1, parents=[0])]
        log.job_start(job, infos)
        if job == 0:
            log.run_stage(infos[0])
        log.run_stage(infos[1])
        log.job_end(job)
        log.time += 1
    return log


def skipped_stages(out, n):
    """Jobs whose map stages have new ids and one RDD; every second one runs its own."""
    log = Log(out)
    shuffle = [log.rdd_info(tasks=2)]
    for job in range(n):
        infos = [log.stage_info(2 * job, 2, rdds=shuffle), log.stage_info(2 * job + 1, 1, parents=[2 * job])]
        log.job_start(job, infos)
        if job % 2 == 0:
            log.run_stage(infos[0])
        log.run_stage(infos[1])
        log.job_end(job)
        log.time += 1
    return log


def attempts(out, n):
    """Attempts of one stage, each failing, then its child."""
    log = Log(out)
    child = log.stage_info(1, 1, parents=[0])
    rdds = [log.rdd_info()]
    log.job_start(0, [log.stage_info(0, 1, rdds=rdds), child])
    for attempt in range(n):
        info = log.stage_info(0, 1, attempt=attempt, rdds=rdds)
        log.submit(info)
        log.run_task(0, 0, attempt, ms=10)
        log.time += 10
        log.complete(info, log.time - 10, None if attempt == n - 1 else "FetchFailed")
    log.run_stage(child)
    log.job_end(0)
    return log


def attempts_both(out, n):
    """A stage and its child retried in turns, as after lost map output."""
    log = Log(out)
    rdds = [[log.rdd_info()], [log.rdd_info()]]
    log.job_start(0, [log.stage_info(0, 1, rdds=rdds[0]), log.stage_info(1, 1, rdds=rdds[1], parents=[0])])
    for attempt in range(n // 2):
        for stage in (0, 1):
            info = log.stage_info(stage, 1, attempt=attempt, rdds=rdds[stage], parents=[0] if stage else [])
            log.submit(info)
            log.run_task(stage, 0, attempt, ms=10)
            log.time += 10
            log.complete(info, log.time - 10, "FetchFailed" if stage and attempt < n // 2 - 1 else None)
    log.job_end(0)
    return log


def executors(out, n, hosts_=8):
    """Four stages with a task on each; one in sixteen executors is slow."""
    log = Log(out, executors=n, hosts=hosts_)
    log.time += 60_000
    for number in range(4):
        info = log.stage_info(number, n)
        log.job_start(number, [info])
        began = log.time
        log.submit(info)
        for i in range(n):
            log.run_task(number, i, executor=i, ms=1600 if i % 16 == 0 else 400, start=began)
        log.time += 40_000
        log.complete(info, began)
        log.job_end(number)
    return log


def hosts(out, n):
    return executors(out, n, n)


def shared_live_jobs(out, n):
    """Jobs that run at once and list one map stage, whose tasks count for all of them."""
    log = Log(out)
    info = log.stage_info(0, 200)
    for job in range(n):
        log.job_start(job, [info, log.stage_info(job + 1, 1, parents=[0])])
    log.run_stage(info)
    for job in range(n):
        log.run_stage(log.stage_info(job + 1, 1, parents=[0]), ms=2)
        log.job_end(job)
    return log


def open_job_gaps(out, n):
    """Gaps inside one long job that come after a job with many results."""
    log = Log(out)
    big = log.stage_info(0, n)
    log.job_start(0, [big])
    log.run_stage(big)
    log.job_end(0)
    long = log.stage_info(1, n)
    log.job_start(1, [long])
    began = log.time
    log.submit(long)
    for i in range(n):
        log.run_task(1, i, ms=100)
        log.time += 200
    log.complete(long, began)
    log.job_end(1)
    return log


def neighbours(out, n):
    """A plan of N operators without metrics of their own in one fragment that ran in N / 4 stages."""
    log = Log(out)
    count = n // 4
    scan = node("Scan parquet t", metrics=[("number of output rows", 1, "sum")])
    for i in range(200):
        scan = node("Project", [scan])
    branches = [node("Project") for _ in range(n - 200)] if n > 200 else []
    log.sql_start(0, node("Union", [scan, *branches]))
    for i in range(count):
        info = log.stage_info(i, 1)
        log.job_start(i, [info], sql=0)
        log.run_stage(info, ms=10, accumulables=[{"ID": 1, "Name": "number of output rows", "Update": "10", "Value": "10",
                                                  "Internal": True, "Metadata": "sql"}])
        log.job_end(i)
    log.sql_end(0)
    return log


def executors_lost(out, n):
    """Executors come, run a task each, and are lost."""
    log = Log(out, executors=0)
    info = log.stage_info(0, n)
    log.job_start(0, [info])
    began = log.time
    log.submit(info)
    for i in range(n):
        log.executor(i, f"host{i % 8}", log.time)
        log.run_task(0, i, executor=i, ms=20)
        log.time += 20
        log.run_task(0, i, executor=i, ms=10, reason={"Reason": "ExecutorLostFailure", "Executor ID": str(i),
                                                      "Exit Caused By App": True, "Loss Reason": "OOM"})
        log.time += 10
        log.remove_executor(i, log.time)
    log.complete(info, began)
    log.job_end(0)
    return log


def exclusions(out, n):
    log = Log(out, executors=n, hosts=max(1, n // 32))
    info = log.stage_info(0, n)
    log.job_start(0, [info])
    began = log.time
    log.submit(info)
    for i in range(n):
        log.run_task(0, i, ms=20)
        log.time += 1
        log.put("SparkListenerExecutorExcludedForStage", time=log.time, executorId=str(i), taskFailures=2, stageId=0,
                stageAttemptId=0)
        log.put("SparkListenerNodeExcludedForStage", time=log.time, hostId=f"host{i % max(1, n // 32)}",
                executorFailures=2, stageId=0, stageAttemptId=0)
    log.time += 20
    log.complete(info, began)
    log.job_end(0)
    return log


def queries(out, n):
    log = Log(out)
    for sql in range(n):
        log.sql_start(sql, node("Project", [node("Scan parquet t", metrics=[("number of output rows", sql, "sum")])]))
        log.time += 5
        log.job(sql, sql=sql)
        log.sql_end(sql)
    return log


def query(log, plan, stages_=1, **more):
    log.sql_start(0, plan)
    log.time += 5
    log.job(0, stages=stages_, sql=0, **more)
    log.sql_end(0)
    return log


def plan_nodes(out, n):
    branches = [node("Project", [node("Filter", [node("Scan parquet t", metrics=[("number of output rows", i, "sum")])])])
                for i in range(n // 3)]
    return query(Log(out), node("Union", branches))


def exchanges(out, n):
    """A union of N exchanges, N stages that ran them: one map stage each, told by the RDD scope and by accumulators."""
    log = Log(out)
    branches = [node("Exchange", [node("Scan parquet t", metrics=[("number of output rows", 2 * i, "sum")])],
                     [("shuffle bytes written", 2 * i + 1, "size")], "Exchange hashpartitioning(a, 200)") for i in range(n)]
    log.sql_start(0, node("Union", branches))
    infos = [log.stage_info(i, 1, rdds=[log.rdd_info(("s%d" % i, "Exchange"))]) for i in range(n)]
    infos.append(log.stage_info(n, 1, parents=range(n)))
    log.job_start(0, infos, sql=0)
    for i, info in enumerate(infos):
        updates = [{"ID": 2 * i + k, "Name": name, "Update": "10", "Value": "10", "Internal": True, "Metadata": "sql"}
                   for k, name in enumerate(("number of output rows", "shuffle bytes written"))] if i < n else []
        log.run_stage(info, ms=10, accumulables=updates)
    log.job_end(0)
    log.sql_end(0)
    return log


def shared_metrics(out, n):
    """Plans of N queries that all show one accumulator, which the stages of all of them update: a cached table."""
    log = Log(out)
    for sql in range(n):
        log.sql_start(sql, node("Scan parquet t", metrics=[("number of output rows", 1, "sum")]))
        info = log.stage_info(sql, 1)
        log.job_start(sql, [info], sql=sql)
        log.run_stage(info, ms=10, accumulables=[{"ID": 1, "Name": "number of output rows", "Update": "10", "Value": "10",
                                                  "Internal": True, "Metadata": "sql"}])
        log.job_end(sql)
        log.sql_end(sql)
    return log


def shared_metric_nodes(out, n):
    """N operators of one plan that show the same accumulator, which N stages update."""
    log = Log(out)
    branches = [node("Scan parquet t", metrics=[("number of output rows", 1, "sum")], text=f"Scan {i}") for i in range(n)]
    log.sql_start(0, node("Union", branches))
    for job in range(n):
        info = log.stage_info(job, 1)
        log.job_start(job, [info], sql=0)
        log.run_stage(info, ms=10, accumulables=[{"ID": 1, "Name": "number of output rows", "Update": "10", "Value": "10",
                                                  "Internal": True, "Metadata": "sql"}])
        log.job_end(job)
    log.sql_end(0)
    return log


def gaps(out, n):
    log = Log(out)
    for job in range(n):
        log.job(job, pause=200)
    return log


def groups(out, n):
    log = Log(out)
    for job in range(n):
        log.job(job, properties={"spark.jobGroup.id": f"group {job}", "spark.job.description": f"step {job}"})
    return log


def rdds(out, n):
    log = Log(out)
    chain = []
    for i in range(n):
        chain.append(log.rdd_info(parents=[i - 1] if i else [], cached=i % 2 == 0))
    info = log.stage_info(0, 2, rdds=chain)
    log.job_start(0, [info])
    log.run_stage(info)
    log.job_end(0)
    return log


def failures(out, n):
    log = Log(out)
    info = log.stage_info(0, n)
    log.job_start(0, [info])
    began = log.time
    log.submit(info)
    for i in range(n):
        for attempt in (0, 1):
            log.run_task(0, i, ms=10, task_attempt=attempt, reason=None if attempt else {
                "Reason": "ExceptionFailure", "Class Name": "java.lang.RuntimeException", "Description": f"bad row {i}",
                "Stack Trace": [], "Full Stack Trace": f"java.lang.RuntimeException: bad row {i}\n\tat a.b(C.scala:{i})",
                "Accumulator Updates": []})
    log.time += 10
    log.complete(info, began)
    log.job_end(0)
    return log


def failed_jobs(out, n):
    log = Log(out)
    for job in range(n):
        info = log.stage_info(job, 1)
        log.job_start(job, [info])
        began = log.time
        log.submit(info)
        for attempt in range(4):
            log.run_task(job, 0, ms=10, task_attempt=attempt, reason={
                "Reason": "ExceptionFailure", "Class Name": "java.lang.RuntimeException", "Description": f"bad row {job}",
                "Stack Trace": [], "Full Stack Trace": f"java.lang.RuntimeException: bad row {job}",
                "Accumulator Updates": []})
            log.time += 10
        log.complete(info, began, f"Job aborted due to stage failure: Task 0 in stage {job}.0 failed 4 times")
        log.job_end(job, f"Job aborted due to stage failure: Task 0 in stage {job}.0 failed 4 times")
        log.time += 100
    return log


def accumulators(out, n):
    log = Log(out)
    info = log.stage_info(0, 4)
    log.job_start(0, [info])
    began = log.time
    log.submit(info)
    for i in range(4):
        log.run_task(0, i, accumulables=[{"ID": k, "Name": f"count {k}", "Update": "1", "Value": str(i + 1),
                                          "Internal": False, "Count Failed Values": False} for k in range(n)])
    log.time += 100
    log.complete({**info, "Accumulables": [{"ID": k, "Name": f"count {k}", "Value": "4", "Internal": False}
                                           for k in range(n)]}, began)
    log.job_end(0)
    return log


def sql_accumulators(out, n):
    log = Log(out)
    plan = node("Scan parquet t", metrics=[(f"metric {k}", k, "sum") for k in range(n)])
    log.sql_start(0, plan)
    info = log.stage_info(0, 4)
    log.job_start(0, [info], sql=0)
    log.run_stage(info, accumulables=[{"ID": k, "Name": f"metric {k}", "Update": "1", "Value": "1", "Internal": True,
                                       "Metadata": "sql"} for k in range(n)])
    log.job_end(0)
    log.sql_end(0)
    return log


def settings(out, n):
    log = Log(out, settings=n)
    log.job(0)
    return log


def archive(out, n):
    """A .tar.gz of N logs whose order is not that of their names; stages with many tasks, so that unpacking counts."""
    text = io.StringIO()
    tasks(text, 500).end()
    data = text.getvalue().encode()
    with tarfile.open(fileobj=out.buffer, mode="w:gz", compresslevel=1) as tar:
        for i in range(n):
            info = tarfile.TarInfo(f"app-{i * 7919 % 10007}")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


# The dimension and the N of its smallest run; the others are 4 N and 16 N.
DIMENSIONS = {
    "tasks": (tasks, 4000), "stages": (stages, 1000), "stages_a_job": (stages_a_job, 500), "jobs": (jobs, 500),
    "concurrent_jobs": (concurrent_jobs, 500), "sharing_jobs": (sharing_jobs, 500),
    "skipped_stages": (skipped_stages, 500), "attempts": (attempts, 500), "attempts_both": (attempts_both, 500),
    "executors": (executors, 500), "hosts": (hosts, 500), "executors_lost": (executors_lost, 500),
    "exclusions": (exclusions, 500), "queries": (queries, 500), "plan_nodes": (plan_nodes, 6000),
    "exchanges": (exchanges, 250), "neighbours": (neighbours, 500), "shared_metrics": (shared_metrics, 500),
    "shared_metric_nodes": (shared_metric_nodes, 500), "shared_live_jobs": (shared_live_jobs, 250),
    "open_job_gaps": (open_job_gaps, 500), "gaps": (gaps, 500), "groups": (groups, 500), "rdds": (rdds, 3000),
    "failures": (failures, 500), "failed_jobs": (failed_jobs, 250), "accumulators": (accumulators, 4000),
    "sql_accumulators": (sql_accumulators, 4000), "settings": (settings, 4000), "archive": (archive, 12),
}


def main():
    if sys.argv[1:] == ["--list"]:
        for name, (_, smallest) in DIMENSIONS.items():
            print(name, smallest)
        return
    name, n, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    with open(path, "w", encoding="utf-8") as out:
        log = DIMENSIONS[name][0](out, n)
        if log:
            log.end()


main()
