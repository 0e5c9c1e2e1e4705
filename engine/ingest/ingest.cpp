// Workers pull chunks under a lock (so decompression is serial and overlaps with the parsing of others) and decode them
// on their own. A decoded batch waits until all before it are applied; whoever brings the next one applies it and what
// waited for it, the others go on reading. Chunks never share state, so the result is that of one thread.
#include "ingest/ingest.h"

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "ingest/chunk_reader.h"
#include "ingest/environments/environment.h"
#include "ingest/event_decoder.h"
#include "model/job_model_builder.h"

namespace advise::ingest {
namespace {

void DecodeChunk(const Chunk& chunk, EventDecoder& decoder, EventBatch& batch) {
  const std::string_view text = chunk.text();
  batch.bytes = text.size();
  batch.stats.Add(Stat::LongLine, chunk.long_lines);
  std::size_t at = 0;
  std::uint64_t number = 0;
  decoder.StartChunk();
  while (at < text.size()) {
    const void* found = std::memchr(text.data() + at, '\n', text.size() - at);
    const bool last = found == nullptr;
    const std::size_t end =
        last ? text.size() : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    decoder.Decode(text.substr(at, end - at), ++number, last && chunk.ends_log, batch);
    at = end + 1;
  }
}

// Examples of a chunk say "line 17" of the chunk; the log's own numbers are known when it is applied.
void MergeStats(IngestStats& stats, const EventBatch& batch, std::uint64_t lines_before) {
  constexpr std::string_view kLine = "line ";
  for (const StatInfo& info : AllStats()) {
    const std::uint64_t count = batch.stats.count(info.id);
    if (count == 0) continue;
    std::string example = batch.stats.example(info.id);
    if (example.compare(0, kLine.size(), kLine) == 0) {
      example = std::string(kLine) + std::to_string(std::stoull(example.substr(kLine.size())) + lines_before);
    }
    stats.Add(info.id, count, example);
  }
}

// One reading of one log by several workers.
class Reading {
 public:
  Reading(ByteSource& source, const IngestOptions& options, std::uint64_t total_bytes)
      : source_(source),
        options_(options),
        total_bytes_(total_bytes),
        reader_(source, options.limits),
        builder_(options.limits) {
    if (options.selection.any()) filter_.emplace(options.selection);
  }

  // Run by every worker. An exception (no memory, a bug of ours) ends the reading for all; Rethrow brings it back.
  void Work() {
    try {
      EventDecoder decoder(options_.limits, options_.detail);
      Chunk chunk;
      while (Pull(chunk)) {
        std::unique_ptr<EventBatch> batch = EmptyBatch();
        DecodeChunk(chunk, decoder, *batch);
        if (!Deliver(chunk.number, std::move(batch))) return;
      }
    } catch (...) {
      const std::lock_guard<std::mutex> lock(turn_);
      if (exception_ == nullptr) exception_ = std::current_exception();
      turned_.notify_all();
    }
  }

  void Rethrow() const {
    if (exception_ != nullptr) std::rethrow_exception(exception_);
  }

  model::JobModelBuilder& builder() { return builder_; }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] const std::map<std::string, std::uint64_t, std::less<>>& unknown() const { return unknown_; }
  [[nodiscard]] const EnvironmentHints& hints() const { return hints_; }
  [[nodiscard]] const std::optional<EventFilter>& filter() const { return filter_; }

  IngestStats stats;
  std::uint64_t lines = 0;
  std::uint64_t events = 0;
  bool interrupted = false;
  [[nodiscard]] std::uint64_t decoded_bytes() const { return reader_.bytes(); }

 private:
  bool Pull(Chunk& chunk) {
    const std::lock_guard<std::mutex> lock(pull_);
    if (done_) return false;
    if (options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed)) {
      interrupted = true;
      done_ = true;
      return false;
    }
    Result<bool> more = reader_.Next(chunk);
    if (!more) {
      error_ = more.error();
      done_ = true;
      return false;
    }
    if (!*more) done_ = true;
    if (options_.progress) options_.progress(source_.bytes_consumed(), total_bytes_);
    return *more;
  }

  std::unique_ptr<EventBatch> EmptyBatch() {
    const std::lock_guard<std::mutex> lock(turn_);
    if (empty_.empty()) return std::make_unique<EventBatch>();
    std::unique_ptr<EventBatch> batch = std::move(empty_.back());
    empty_.pop_back();
    return batch;
  }

  // Applies the batch and all that waited for it; or leaves it for the worker that decodes the one before it, and waits
  // only when too many are left so (memory). false: another worker failed.
  bool Deliver(std::uint64_t number, std::unique_ptr<EventBatch> batch) {
    std::unique_lock<std::mutex> lock(turn_);
    decoded_.emplace(number, std::move(batch));
    while (true) {
      if (exception_ != nullptr) return false;
      if (!applying_ && !decoded_.empty() && decoded_.begin()->first == next_) {
        ApplyNext(lock);
      } else if (decoded_.size() <= kWaitingBatches) {
        return true;
      } else {
        turned_.wait(lock);
      }
    }
  }

  // `applying_` gives this worker the builder while the lock is free for the others.
  void ApplyNext(std::unique_lock<std::mutex>& lock) {
    std::unique_ptr<EventBatch> batch = std::move(decoded_.begin()->second);
    decoded_.erase(decoded_.begin());
    applying_ = true;
    lock.unlock();
    Apply(*batch);
    batch->Clear();
    lock.lock();
    applying_ = false;
    ++next_;
    empty_.push_back(std::move(batch));
    turned_.notify_all();
  }

  void Apply(const EventBatch& batch) {
    for (const EventBatch::Ref& ref : batch.order) {
      switch (ref.slot) {
        case EventSlot::TaskStart:
          if (!filter_ || filter_->Keeps(batch.task_starts[ref.index].info)) builder_.On(batch.task_starts[ref.index]);
          break;
        case EventSlot::TaskEnd:
          if (!filter_ || filter_->Keeps(batch.task_ends[ref.index].info))
            builder_.On(batch.task_ends[ref.index], batch.updates, batch.executor_metrics, batch.named);
          break;
        case EventSlot::Other: ApplyOther(batch.others[ref.index]); break;
      }
    }
    MergeStats(stats, batch, lines);
    lines += batch.lines;
    events += batch.events;
    for (const auto& [name, count] : batch.unknown_events) unknown_[name] += count;
  }

  void ApplyOther(const OtherEvent& event) {
    if (const auto* hint = std::get_if<model::PlatformHint>(&event)) {
      hints_.databricks |= hint->environment == model::Environment::Databricks;
      hints_.emr |= hint->environment == model::Environment::Emr;
    }
    if (filter_ && !filter_->Keeps(event)) return;
    std::visit([this](const auto& e) { builder_.On(e); }, event);
  }

  ByteSource& source_;
  const IngestOptions& options_;
  std::uint64_t total_bytes_;

  std::mutex pull_;  // guards reader_, done_, error_, interrupted
  ChunkReader reader_;
  bool done_ = false;
  std::optional<Error> error_;

  // Batches that may wait for an earlier one: bounds memory when one chunk takes much longer than the others.
  static constexpr std::size_t kWaitingBatches = 8;

  std::mutex turn_;  // guards what follows, up to exception_
  std::condition_variable turned_;
  std::map<std::uint64_t, std::unique_ptr<EventBatch>> decoded_;  // chunk number → not yet applied
  std::vector<std::unique_ptr<EventBatch>> empty_;                // for use again
  std::uint64_t next_ = 0;                                        // the chunk to apply next
  bool applying_ = false;                                         // a worker applies: what stands below is its alone
  std::exception_ptr exception_;

  model::JobModelBuilder builder_;
  std::map<std::string, std::uint64_t, std::less<>> unknown_;
  EnvironmentHints hints_;
  std::optional<EventFilter> filter_;
};

void CountIncompleteness(const model::JobModel& m, const model::BuilderCounts& counts, bool whole, IngestStats& stats) {
  stats.Add(Stat::MalformedEvent, counts.malformed);
  stats.Add(Stat::DuplicateEvent, counts.duplicates);
  stats.Add(Stat::EndWithoutStart, counts.ends_without_start);
  stats.Add(Stat::StartWithoutEnd, counts.starts_without_end);
  stats.Add(Stat::TooManyTasks, counts.too_many_tasks);
  stats.Add(Stat::TooManyStages, counts.too_many_stages);
  stats.Add(Stat::TooManyAttempts, counts.too_many_attempts);
  stats.Add(Stat::CrowdedStage, counts.crowded_stages);
  stats.Add(Stat::CrowdedHost, counts.crowded_hosts);
  stats.Add(Stat::TooManyJobEdges, counts.job_edges);
  stats.Add(Stat::TooManyStageEdges, counts.stage_edges);
  stats.Add(Stat::TooManyNodeStages, counts.node_stages);
  stats.Add(Stat::ExecutorBeforeApplication, counts.executors_before_application);
  stats.Add(Stat::ExecutorAfterApplication, counts.executors_after_application);
  if (!m.app.spark.Has(0)) stats.Add(Stat::NoLogStart);
  if (!m.app.start.Has(0)) stats.Add(Stat::NoApplicationStart);
  if (whole && !m.app.end.Has(0)) stats.Add(Stat::NoApplicationEnd);
  std::uint64_t missing_tasks = 0;
  for (std::size_t row = 0; row < m.stages.size(); ++row) {
    const bool open = m.stages.status.Get(row) == model::StageStatus::Active;
    if (open) stats.Add(Stat::StageWithoutEnd, 1, "stage " + std::string(m.strings.Get(m.stages.key.Get(row))));
    if (m.stages.missing_tasks.Has(row) && m.stages.missing_tasks.Get(row) > 0) {
      missing_tasks += static_cast<std::uint64_t>(m.stages.missing_tasks.Get(row));
    }
  }
  stats.Add(Stat::MissingTasks, missing_tasks);
  for (std::size_t row = 0; row < m.jobs.size(); ++row) {
    if (m.jobs.status.Get(row) == model::JobStatus::Running) {
      stats.Add(Stat::JobWithoutEnd, 1, "job " + std::to_string(m.jobs.id.Get(row)));
    }
  }
  for (std::size_t row = 0; row < m.sql_executions.size(); ++row) {
    if (!m.sql_executions.end.Has(row)) {
      stats.Add(Stat::SqlWithoutEnd, 1, "SQL execution " + std::to_string(m.sql_executions.id.Get(row)));
    }
  }
  if (m.app.max_running.Has(0) && m.app.slots.Has(0) && m.app.max_running.Get(0) > m.app.slots.Get(0)) {
    stats.Add(
        Stat::OverSubscribed, 1,
        std::to_string(m.app.max_running.Get(0)) + " at once on " + std::to_string(m.app.slots.Get(0)) + " slots");
  }
}

unsigned ThreadCount(const IngestOptions& options, std::uint64_t total_bytes) {
  if (options.threads != 0) return options.threads;
  // A log of one chunk is read before a second thread has started. 0: the size is not known (standard input).
  if (total_bytes != 0 && total_bytes < ChunkReader::kChunkBytes) return 1;
  return std::clamp(std::thread::hardware_concurrency(), 1U, 4U);
}

// Bytes that are in memory already.
class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string_view text) : text_(text) {}
  Result<std::size_t> Read(std::span<char> out) override {
    const std::size_t count = std::min(out.size(), text_.size() - read_);
    std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(read_), count, out.begin());
    read_ += count;
    return count;
  }
  [[nodiscard]] std::uint64_t bytes_consumed() const override { return read_; }

 private:
  std::string_view text_;
  std::size_t read_ = 0;
};

// `out` has its bytes and codecs, `container_stats` is what opening the source counts.
Result<Ingested> IngestSource(ByteSource& source, const LogInput& input, const IngestOptions& options, Ingested out,
                              IngestStats& container_stats) {
  Reading reading(source, options, out.bytes);
  if (!input.version_hint.empty()) reading.builder().SetVersionHint(input.version_hint);
  {
    std::vector<std::jthread> others;
    const unsigned threads = ThreadCount(options, out.bytes);
    try {
      for (unsigned i = 1; i < threads; ++i) others.emplace_back([&reading] { reading.Work(); });
    } catch (const std::system_error&) {
      // No further thread is to be had: those that there are do the work.
    }
    reading.Work();
  }
  reading.Rethrow();
  if (reading.error()) return tl::unexpected<Error>(*reading.error());
  out.decoded_bytes = reading.decoded_bytes();
  if (out.decoded_bytes == 0 && !reading.interrupted) {
    return Fail(DiagnosticCode::LogEmpty, "`" + input.display_path + "` is empty",
                "Spark flushes events while the application runs; copy the log again after it ended");
  }
  out.interrupted = reading.interrupted;
  if (reading.events == 0 && !out.interrupted) {
    return Fail(DiagnosticCode::NotAnEventLog,
                "`" + input.display_path + "` is not a Spark event log: none of its " + std::to_string(reading.lines) +
                    " lines is an event",
                "event logs are written with spark.eventLog.enabled=true into spark.eventLog.dir; driver and executor "
                "logs are another thing, and are not read yet");
  }
  if (reading.filter()) {
    const EventFilter& filter = *reading.filter();
    if (!filter.found()) {
      const std::string known = filter.KnownIds();
      return Fail(DiagnosticCode::Usage, "`" + input.display_path + "` has no " + options.selection.Name(),
                  known.empty() ? "it has none at all" : "it has " + known);
    }
    reading.builder().SetPart(filter.part());
  }
  const DetectedEnvironment where = DetectEnvironment(reading.builder().model(), reading.hints());
  reading.builder().SetEnvironment(where.environment, where.platform_version);
  out.model = reading.builder().Build();
  out.stats = container_stats;
  out.stats.Merge(reading.stats);
  if (out.interrupted) out.stats.Add(Stat::Interrupted);
  CountIncompleteness(out.model, reading.builder().counts(), !options.selection.any(), out.stats);
  out.lines = reading.lines;
  out.events = reading.events;
  for (const auto& [name, count] : reading.unknown()) out.unknown_events.emplace_back(name, count);
  return out;
}

}  // namespace

Result<Ingested> Ingest(const LogInput& input, const IngestOptions& options) {
  Ingested out;
  for (const LogPart& part : input.parts) out.bytes += part.bytes;
  IngestStats container_stats = input.stats;
  // Decoders count damage into these two while they are read: they must stay where they are.
  std::vector<std::string> codecs;
  ADVISE_TRY(const std::unique_ptr<ByteSource> source, OpenLog(input, options.limits, container_stats, codecs, options.opener));
  ADVISE_TRY(Ingested read, IngestSource(*source, input, options, std::move(out), container_stats));
  read.codecs = std::move(codecs);
  return read;
}

Result<Ingested> IngestText(std::string_view text, const std::string& name, const IngestOptions& options) {
  LogInput input;
  input.display_path = name;
  TextSource source(text);
  IngestStats stats;
  Ingested out;
  out.bytes = text.size();
  out.codecs = {"plain"};
  return IngestSource(source, input, options, std::move(out), stats);
}

}  // namespace advise::ingest
