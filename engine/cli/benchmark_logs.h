// Logs against which rules are judged (lint, tune, diff-rules), with their labels, where there are any.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cli/common.h"
#include "workbench/labels.h"

namespace advise::cli {

struct BenchmarkOptions {
  std::vector<std::string> paths;  // files and folders of logs
  std::string labels;              // --labels: of the logs below the one folder; empty: the expected.yaml files there
  unsigned threads = 0;
};

class BenchmarkLogs {
 public:
  explicit BenchmarkLogs(BenchmarkOptions options) : options_(std::move(options)) {}

  // false: the labels cannot be used with these paths (printed). What is wrong with single ones is reported.
  bool ReadLabels(Diagnostics& diagnostics);
  // None of the files that are read may be the output: false (printed).
  bool Protect(Output& output) const;

  using Use = std::function<void(const RunLog& log, const std::string& job, const workbench::LogLabels* labels)>;
  // Each log once, in the order of the paths. Labels whose log was not among them are told.
  ReadingResult ForEach(Output& output, PhaseTimes& times, const Use& use);

 private:
  struct Labelled {
    std::string job;
    const workbench::LogLabels* labels = nullptr;
    bool read = false;
  };
  std::map<std::string, Labelled>::iterator Find(std::filesystem::path path);

  BenchmarkOptions options_;
  std::vector<workbench::LabelFile> files_;
  std::map<std::string, Labelled> by_path_;
};

}  // namespace advise::cli
