// Bytes of an event log → the job model, and what went wrong on the way.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/event_decoder.h"
#include "ingest/ingest_stats.h"
#include "ingest/log_source.h"
#include "ingest/selection.h"
#include "model/job_model.h"
#include "support/limits.h"
#include "support/result.h"

namespace advise::ingest {

struct IngestOptions {
  Limits limits;
  // Threads that decode; 0: as many as there are cores, at most 4. The result does not depend on it.
  unsigned threads = 0;
  Detail detail = Detail::Rules;
  // Set by a signal handler: reading stops at the next chunk and what was read is the result.
  const std::atomic<bool>* stop = nullptr;
  Selection selection;                 // one query or job alone
  std::shared_ptr<PartOpener> opener;  // of several logs, MakeOpener; null: one for this log alone
  // Called now and then with (bytes taken from the disk, bytes on disk; 0 if unknown), from one thread at a time.
  std::function<void(std::uint64_t, std::uint64_t)> progress;
};

struct Ingested {
  model::JobModel model;
  IngestStats stats;
  std::vector<std::string> codecs;  // as met: "zstd"; several for mixed folders
  std::uint64_t bytes = 0;          // on disk
  std::uint64_t decoded_bytes = 0;
  std::uint64_t lines = 0;
  std::uint64_t events = 0;
  std::vector<std::pair<std::string, std::uint64_t>> unknown_events;  // sorted by name
  bool interrupted = false;
};

// Errors: LogEmpty (no byte), NotAnEventLog (no event in it), Usage (the log does not have what was selected), and what
// OpenLog and reading report.
Result<Ingested> Ingest(const LogInput& input, const IngestOptions& options);

// The same for events that are no file: `text` holds them as lines, `name` stands in messages.
Result<Ingested> IngestText(std::string_view text, const std::string& name, const IngestOptions& options);

}  // namespace advise::ingest
