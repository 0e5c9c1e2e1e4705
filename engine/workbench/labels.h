// Labels of logs: what must, may and must not be found in each, as the expected.yaml beside a job's logs says.
// pathological-jobs/README.md has its keys.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/diagnostics.h"

namespace advise::workbench {

// What a finding has to point at; empty parts ask nothing.
struct LabelSubject {
  std::vector<std::int64_t> stages;    // ids; one of them
  std::vector<std::int64_t> jobs;      // ids; one of them
  std::vector<std::int64_t> sql;       // execution ids; one of them
  std::vector<std::string> queries;    // descriptions of SQL executions; one of them
  std::vector<std::string> nodes;      // names of plan nodes as Spark writes them; one of them
  std::vector<std::string> executors;  // ids; one of them
  [[nodiscard]] bool empty() const {
    return stages.empty() && jobs.empty() && sql.empty() && queries.empty() && nodes.empty() && executors.empty();
  }
};

// A change that a plan against the finding should hold.
struct LabelChange {
  std::string kind;  // conf, code, query, cluster
  std::string key;   // of conf: the setting
};

struct Label {
  std::string pattern;  // id of the pattern library: "D01"; may be empty
  // Qualified names, one of which is meant; none: no rule covers the pattern yet. In `must_not` also advices.
  std::vector<std::string> rules;
  std::string
      problem;  // of a `must` that has no rule: what a finding should say. It counts as missed; empty: not at all
  LabelSubject subject;
  std::vector<LabelChange> changes;  // at least one of them; none: nothing is asked
  bool first = false;  // of a `must`: it, or another one so marked, should be the first finding of the report
  std::string note;
};

struct LogLabels {
  std::string file;     // as written: relative to the folder of the label file
  std::string variant;  // faulty, clean, remedied or another name of captures.toml
  std::string spark;    // version
  // Labels hold for some queries of the log alone: findings elsewhere are not judged.
  bool partial = false;
  bool held_out = false;             // rules may not be mended on it: it is scored apart
  std::vector<std::string> queries;  // of a partial log: those that are labelled
  // Durations in ms of every timed run of this variant on this Spark version, the log's own among them; none: the log
  // alone.
  std::vector<std::int64_t> runs_ms;
  std::vector<Label> must;
  std::vector<Label> may;
  std::vector<Label> must_not;
};

struct LabelFile {
  std::string path;  // of the YAML file
  std::string job;
  std::string provenance;  // "injected": the fault was built into a real run
  std::vector<LogLabels> logs;
};

// The expected.yaml files below `folder` (or the one named), in byte order of their paths. What is wrong with one is
// reported; the entry that has it is left out, the others count. Keys that are not read here (measured, mechanism …)
// are for people.
std::vector<LabelFile> ReadLabels(const std::string& folder, Diagnostics& diagnostics);

}  // namespace advise::workbench
