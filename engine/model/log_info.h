// What is said about the log itself, as plain data: the object `log` of every JSON output (design: JSON of `analyze`),
// and the LOG line of the texts. Filled by the pipeline after reading.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace advise::model {

// A counter of ingest/ingest_stats.def that is not 0.
struct IngestNote {
  std::string code;      // "torn-line"
  std::string severity;  // "info", "notice" or "data-loss"
  std::uint64_t count = 0;
  std::string text;     // what it means and what to do
  std::string example;  // where it was met first; empty: not known
};

struct LogInfo {
  std::string path;        // as the user wrote it
  std::string selected{};  // "SQL execution 7", "job 12": all else is about that alone; empty: everything
  std::string format;      // "single", "rolling", "databricks", "spark-1.2-folder", "stdin"
  std::string codec;       // "zstd"; several joined by "+", in order of first appearance
  std::optional<std::string> spark_version;  // as the log writes it; nullopt: the log does not
  std::string environment;                   // model::Environment as printed
  bool complete = false;                     // App.complete
  // Counts of reading.
  std::uint64_t bytes = 0;  // on disk
  std::uint64_t decoded_bytes = 0;
  std::uint64_t lines = 0;
  std::uint64_t events = 0;
  std::uint64_t unknown_events = 0;
  std::uint64_t bad_lines = 0;
  std::vector<IngestNote> notes;  // in the order of ingest_stats.def
};

}  // namespace advise::model
