// Tables of the model to tracks, slices and counters (perfetto/trace: track_event.proto, track_descriptor.proto).
#include "export/perfetto.h"

#include <algorithm>
#include <array>
#include <map>

#include "export/proto_writer.h"
#include "model/ledger.h"
#include "support/clean_text.h"

namespace advise::exports {
namespace {

using model::JobModel;

constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr std::size_t kNameColumns = 120;
constexpr std::size_t kTextColumns = 400;

// Numbers of fields, as the .proto files give them.
namespace packet {
constexpr std::uint32_t kOf = 1;  // Trace.packet
constexpr std::uint32_t kTimestamp = 8;
constexpr std::uint32_t kSequence = 10;
constexpr std::uint32_t kTrackEvent = 11;
constexpr std::uint32_t kSequenceFlags = 13;
constexpr std::uint32_t kTrackDescriptor = 60;
}  // namespace packet
namespace track {
constexpr std::uint32_t kUuid = 1;
constexpr std::uint32_t kName = 2;
constexpr std::uint32_t kProcess = 3;
constexpr std::uint32_t kParent = 5;
constexpr std::uint32_t kCounter = 8;
constexpr std::uint32_t kChildOrder = 11;
constexpr std::uint32_t kRank = 12;
constexpr std::uint64_t kExplicit = 3;
constexpr std::uint32_t kPid = 1;          // ProcessDescriptor
constexpr std::uint32_t kProcessName = 6;  // ProcessDescriptor
constexpr std::uint32_t kUnitName = 6;     // CounterDescriptor
}  // namespace track
namespace event {
constexpr std::uint32_t kAnnotation = 4;
constexpr std::uint32_t kType = 9;
constexpr std::uint32_t kTrack = 11;
constexpr std::uint32_t kCategory = 22;
constexpr std::uint32_t kName = 23;
constexpr std::uint32_t kDoubleCounter = 44;
constexpr std::uint32_t kAnnotationInt = 4;
constexpr std::uint32_t kAnnotationText = 6;
constexpr std::uint32_t kAnnotationName = 10;
constexpr std::uint64_t kBegin = 1;
constexpr std::uint64_t kEnd = 2;
constexpr std::uint64_t kCounter = 4;
}  // namespace event

// Arguments of a slice.
class Values {
 public:
  void Int(std::string_view name, std::int64_t value) {
    ProtoMessage one;
    one.Text(event::kAnnotationName, name);
    one.Int(event::kAnnotationInt, value);
    all_.push_back(std::move(one));
  }
  template <class Column>
  void Int(std::string_view name, const Column& column, std::size_t row, std::int64_t divide_by = 1) {
    if (column.Has(row)) Int(name, static_cast<std::int64_t>(column.Get(row)) / divide_by);
  }
  void Text(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    ProtoMessage one;
    one.Text(event::kAnnotationName, CleanText(name, kNameColumns));
    one.Text(event::kAnnotationText, CleanText(value, kTextColumns));
    all_.push_back(std::move(one));
  }
  void Text(std::string_view name, const JobModel& model, const model::StrColumn& column, std::size_t row) {
    if (column.Has(row)) Text(name, model.strings.Get(column.Get(row)));
  }
  void AddTo(ProtoMessage& message) const {
    for (const ProtoMessage& one : all_) message.Message(event::kAnnotation, one);
  }

 private:
  std::vector<ProtoMessage> all_;
};

struct Slice {
  std::int64_t start = 0;  // ms from the start of the application
  std::int64_t end = 0;
  std::string name;
  std::string_view category;
  Values values;
};

class Trace {
 public:
  std::uint64_t Process(const std::string& name, std::int32_t rank) {
    ProtoMessage process;
    process.Varint(track::kPid, ++pids_);
    process.Text(track::kProcessName, name);
    ProtoMessage descriptor;
    const std::uint64_t uuid = ++uuids_;
    descriptor.Varint(track::kUuid, uuid);
    descriptor.Message(track::kProcess, process);
    descriptor.Varint(track::kChildOrder, track::kExplicit);
    descriptor.Int(track::kRank, rank);
    Describe(descriptor);
    return uuid;
  }
  std::uint64_t Track(std::uint64_t parent, std::string_view name) {
    const std::uint64_t uuid = Begin(parent, name);
    Describe(open_);
    return uuid;
  }
  std::uint64_t Counter(std::uint64_t parent, std::string_view name, std::string_view unit) {
    const std::uint64_t uuid = Begin(parent, name);
    ProtoMessage counter;
    counter.Text(track::kUnitName, unit);
    open_.Message(track::kCounter, counter);
    Describe(open_);
    return uuid;
  }

  // Slices that may overlap: on as many tracks as that takes, the first free one each.
  void Slices(std::uint64_t parent, const std::string& name, std::vector<Slice> slices, bool numbered = false) {
    std::ranges::stable_sort(slices, {}, &Slice::start);
    std::vector<std::pair<std::uint64_t, std::int64_t>> lanes;  // track, when it is free
    for (const Slice& slice : slices) {
      auto lane = std::ranges::find_if(lanes, [&](const auto& l) { return l.second <= slice.start; });
      if (lane == lanes.end()) {
        const bool number = numbered || !lanes.empty();
        const std::string lane_name = number ? name + " " + std::to_string(lanes.size() + 1) : name;
        lane = lanes.insert(lane, {Track(parent, lane_name), 0});
      }
      lane->second = std::max(slice.end, slice.start);
      Put(lane->first, slice);
    }
  }
  void Count(std::uint64_t counter, std::int64_t ms, double value) {
    ProtoMessage message;
    message.Varint(event::kType, event::kCounter);
    message.Varint(event::kTrack, counter);
    message.Double(event::kDoubleCounter, value);
    Add(ms, 1, message);
  }

  // Descriptors, then events by time.
  void Write(std::ostream& out) {
    std::ranges::stable_sort(events_, {}, [](const Event& e) { return std::pair(e.ms, e.phase); });
    bool first = true;
    for (const ProtoMessage& descriptor : descriptors_) {
      ProtoMessage one;
      one.Message(packet::kTrackDescriptor, descriptor);
      Send(one, first, out);
    }
    for (const Event& event : events_) {
      ProtoMessage one;
      one.Varint(packet::kTimestamp, static_cast<std::uint64_t>(event.ms) * static_cast<std::uint64_t>(kNsPerMs));
      one.Message(packet::kTrackEvent, event.message);
      Send(one, first, out);
    }
  }

 private:
  struct Event {
    std::int64_t ms;
    int phase;  // at the same time: what ends comes before what begins
    ProtoMessage message;
  };

  std::uint64_t Begin(std::uint64_t parent, std::string_view name) {
    open_ = {};
    const std::uint64_t uuid = ++uuids_;
    open_.Varint(track::kUuid, uuid);
    open_.Varint(track::kParent, parent);
    open_.Text(track::kName, name);
    open_.Int(track::kRank, ++ranks_);
    return uuid;
  }
  void Describe(const ProtoMessage& descriptor) { descriptors_.push_back(descriptor); }

  void Put(std::uint64_t on, const Slice& slice) {
    ProtoMessage begin;
    begin.Varint(event::kType, event::kBegin);
    begin.Varint(event::kTrack, on);
    begin.Text(event::kCategory, slice.category);
    begin.Text(event::kName, slice.name);
    slice.values.AddTo(begin);
    Add(slice.start, 1, begin);
    ProtoMessage end;
    end.Varint(event::kType, event::kEnd);
    end.Varint(event::kTrack, on);
    Add(std::max(slice.start, slice.end), slice.end > slice.start ? 0 : 1, end);
  }
  // Nothing lies before the start: clocks of other machines may say so.
  void Add(std::int64_t ms, int phase, const ProtoMessage& message) {
    events_.push_back({std::max<std::int64_t>(ms, 0), ms < 0 ? 1 : phase, message});
  }
  static void Send(ProtoMessage& message, bool& first, std::ostream& out) {
    message.Varint(packet::kSequence, 1);
    if (first) message.Varint(packet::kSequenceFlags, 1);  // incremental state starts here
    first = false;
    ProtoMessage trace;
    trace.Message(packet::kOf, message);
    out << trace.bytes();
  }

  std::uint64_t pids_ = 0;
  std::uint64_t uuids_ = 0;
  std::int32_t ranks_ = 0;
  ProtoMessage open_;
  std::vector<ProtoMessage> descriptors_;
  std::vector<Event> events_;
};

class RunTrace {
 public:
  explicit RunTrace(const TraceInput& input) : input_(input), model_(input.model) {
    if (model_.app.first_event.Has(0)) zero_ = model_.app.first_event.Get(0);
    if (model_.app.last_event.Has(0)) last_ = model_.app.last_event.Get(0) - zero_;
  }

  void Write(std::ostream& out) {
    const std::string name = Name(model_.app.name, 0);
    const std::uint64_t driver = trace_.Process(name.empty() ? "driver" : "driver of " + name, 0);
    Application(driver, name);
    Notes(driver, "critical path", "path", input_.critical_path);
    Notes(driver, "findings", "finding", input_.findings);
    Queries(driver);
    Jobs(driver);
    Stages(driver);
    Gaps(driver);
    SlotCounters(driver);
    LedgerCounters(driver);
    Executors();
    trace_.Write(out);
  }

 private:
  [[nodiscard]] std::string Name(const model::StrColumn& column, std::size_t row) const {
    return column.Has(row) ? CleanText(model_.strings.Get(column.Get(row)), kNameColumns) : "";
  }
  // What has no end in the log lasts to the end of the log; what has no start is not drawn.
  template <class Column>
  [[nodiscard]] std::int64_t Since(const Column& column, std::size_t row) const {
    return column.Has(row) ? column.Get(row) - zero_ : last_;
  }

  void Application(std::uint64_t driver, const std::string& name) {
    Slice slice{0, last_, name.empty() ? "application" : name, "application", {}};
    slice.values.Text("id", model_, model_.app.id, 0);
    slice.values.Text("spark", model_, model_.app.spark, 0);
    slice.values.Int("slots", model_.app.slots, 0);
    slice.values.Int("executors", model_.app.executors, 0);
    std::array<std::int64_t, model::kAccounts> ms = AccountTotals();
    for (std::size_t i = 0; i < model::kAccounts; ++i) {
      if (ms[i] > 0) slice.values.Int("wall_" + std::string(EnumName(static_cast<model::Account>(i))) + "_us", ms[i]);
    }
    trace_.Slices(driver, "application", {std::move(slice)});
  }
  [[nodiscard]] std::array<std::int64_t, model::kAccounts> AccountTotals() const {
    std::array<std::int64_t, model::kAccounts> us{};
    for (const model::LedgerEntry& entry : model_.ledger.entries)
      us[static_cast<std::size_t>(model::AccountOf(entry.part))] += entry.us;
    return us;
  }

  void Notes(std::uint64_t driver, const std::string& name, std::string_view category,
             const std::vector<TraceNote>& notes) {
    std::vector<Slice> slices;
    for (const TraceNote& note : notes) {
      Slice slice{note.start_ms, note.end_ms, CleanText(note.name, kNameColumns), category, {}};
      for (const auto& [key, value] : note.values) slice.values.Text(key, value);
      slices.push_back(std::move(slice));
    }
    trace_.Slices(driver, name, std::move(slices));
  }

  void Queries(std::uint64_t driver) {
    const model::SqlTable& queries = model_.sql_executions;
    std::vector<Slice> slices;
    for (std::size_t row = 0; row < queries.size(); ++row) {
      if (!queries.start.Has(row)) continue;
      const std::string id = std::to_string(queries.id.Get(row));
      Slice slice{Since(queries.start, row), Since(queries.end, row), "query " + id, "sql", {}};
      slice.values.Text("description", model_, queries.description, row);
      slice.values.Text("status", EnumName(queries.status.Get(row)));
      slices.push_back(std::move(slice));
    }
    trace_.Slices(driver, "queries", std::move(slices));
  }

  void Jobs(std::uint64_t driver) {
    const model::JobTable& jobs = model_.jobs;
    std::vector<Slice> slices;
    for (std::size_t row = 0; row < jobs.size(); ++row) {
      if (!jobs.start.Has(row)) continue;
      Slice slice{Since(jobs.start, row), Since(jobs.end, row), "job " + std::to_string(jobs.id.Get(row)), "job", {}};
      slice.values.Text("name", model_, jobs.name, row);
      slice.values.Text("status", EnumName(jobs.status.Get(row)));
      slice.values.Text("failure", model_, jobs.failure_summary, row);
      slices.push_back(std::move(slice));
    }
    trace_.Slices(driver, "jobs", std::move(slices));
  }

  void Stages(std::uint64_t driver) {
    const model::StageTable& stages = model_.stages;
    std::map<std::uint32_t, std::map<model::Account, std::int64_t>> wall;
    for (const model::LedgerEntry& entry : model_.ledger.entries) {
      if (entry.stage.valid()) wall[entry.stage.index][model::AccountOf(entry.part)] += entry.us;
    }
    std::vector<Slice> slices;
    for (std::size_t row = 0; row < stages.size(); ++row) {
      if (!stages.submitted.Has(row)) continue;
      Slice slice{Since(stages.submitted, row), Since(stages.completed, row), StageName(row), "stage", {}};
      Values& values = slice.values;
      values.Text("name", model_, stages.name, row);
      values.Text("status", EnumName(stages.status.Get(row)));
      values.Text("failure", model_, stages.failure_summary, row);
      values.Int("tasks", stages.task_count, row);
      values.Int("failed_tasks", stages.failed_tasks, row);
      values.Int("input_bytes", stages.input_bytes, row);
      values.Int("output_bytes", stages.output_bytes, row);
      values.Int("shuffle_read_bytes", stages.shuffle_read_bytes, row);
      values.Int("shuffle_write_bytes", stages.shuffle_write_bytes, row);
      values.Int("spill_bytes", stages.spill_bytes, row);
      for (const auto& [account, us] : wall[static_cast<std::uint32_t>(row)])
        values.Int("wall_" + std::string(EnumName(account)) + "_us", us);
      slices.push_back(std::move(slice));
    }
    trace_.Slices(driver, "stages", std::move(slices));
  }
  [[nodiscard]] std::string StageName(std::size_t row) const {
    return "stage " + std::string(model_.strings.Get(model_.stages.key.Get(row)));
  }

  void Gaps(std::uint64_t driver) {
    const model::GapTable& gaps = model_.gaps;
    std::vector<Slice> slices;
    for (std::size_t row = 0; row < gaps.size(); ++row) {
      const std::int64_t start = Since(gaps.start, row);
      Slice slice{start, start + gaps.duration.Get(row), std::string(EnumName(gaps.kind.Get(row))), "gap", {}};
      std::ranges::replace(slice.name, '_', ' ');
      slice.values.Text("evidence", model_, gaps.evidence, row);
      if (gaps.account.Has(row)) slice.values.Text("account", EnumName(gaps.account.Get(row)));
      slices.push_back(std::move(slice));
    }
    trace_.Slices(driver, "pauses without a task", std::move(slices));
  }

  // Steps: at each time at which it changes, how much.
  using Steps = std::map<std::int64_t, double>;
  void Draw(std::uint64_t parent, std::string_view name, std::string_view unit, const Steps& steps) {
    if (steps.empty()) return;
    const std::uint64_t counter = trace_.Counter(parent, name, unit);
    double value = 0;
    for (const auto& [ms, change] : steps) {
      if (change == 0) continue;
      value += change;
      trace_.Count(counter, ms, value);
    }
  }

  void SlotCounters(std::uint64_t driver) {
    Steps used;
    Steps owned;
    for (std::size_t row = 0; row < model_.tasks.size(); ++row) {
      const std::int64_t start = Since(model_.tasks.launch, row);
      const std::int64_t end = std::max(start, Since(model_.tasks.finish, row));
      used[start] += 1;
      used[end] -= 1;
    }
    const model::ExecutorTable& executors = model_.executors;
    for (std::size_t row = 0; row < executors.size(); ++row) {
      if (!executors.runs_tasks.Get(row) || !executors.slots.Has(row) || !executors.added.Has(row)) continue;
      const auto slots = static_cast<double>(executors.slots.Get(row));
      owned[Since(executors.added, row)] += slots;
      if (executors.removed.Has(row)) owned[Since(executors.removed, row)] -= slots;
    }
    Draw(driver, "slots in use", "slots", used);
    Draw(driver, "slots there", "slots", owned);
  }

  // The ledger books by stage and pause: each amount counts from the end of its stage or pause on, what belongs to none
  // from the end of the run. So the last value of each counter is the account.
  void LedgerCounters(std::uint64_t driver) {
    std::map<model::Account, Steps> accounts;
    for (const model::LedgerEntry& entry : model_.ledger.entries) {
      std::int64_t at = last_;
      if (entry.stage.valid()) {
        at = Since(model_.stages.completed, entry.stage.index);
      } else if (entry.gap.valid()) {
        at = Since(model_.gaps.start, entry.gap.index) + model_.gaps.duration.Get(entry.gap.index);
      }
      accounts[model::AccountOf(entry.part)][at] += static_cast<double>(entry.us) / 1000.0;
    }
    for (const auto& [account, steps] : accounts) {
      std::string name = "wall time: " + std::string(EnumName(account));
      std::ranges::replace(name, '_', ' ');
      Draw(driver, name, "ms", steps);
    }
  }

  void Executors() {
    std::vector<std::vector<Slice>> slices(model_.executors.size());
    std::vector<Slice> nowhere;
    for (std::size_t row = 0; row < model_.tasks.size(); ++row) {
      const bool placed = model_.tasks.executor.Has(row);
      (placed ? slices[model_.tasks.executor.Get(row).index] : nowhere).push_back(TaskSlice(row));
    }
    const model::ExecutorTable& executors = model_.executors;
    std::int32_t rank = 0;
    for (std::size_t row = 0; row < executors.size(); ++row) {
      if (!executors.runs_tasks.Get(row) && slices[row].empty()) continue;
      std::string name = "executor " + Name(executors.id, row);
      if (executors.host.Has(row)) name += " on " + Name(model_.hosts.name, executors.host.Get(row).index);
      const std::uint64_t process = trace_.Process(name, ++rank);
      Life(process, row);
      trace_.Slices(process, "slot", std::move(slices[row]), true);
    }
    if (!nowhere.empty())
      trace_.Slices(trace_.Process("tasks of unknown executors", ++rank), "slot", std::move(nowhere), true);
  }

  void Life(std::uint64_t process, std::size_t row) {
    const model::ExecutorTable& executors = model_.executors;
    if (!executors.added.Has(row)) return;
    Slice slice{Since(executors.added, row), Since(executors.removed, row), "there", "executor", {}};
    slice.values.Int("slots", executors.slots, row);
    slice.values.Int("memory_bytes", executors.memory, row);
    slice.values.Text("removed because", model_, executors.remove_reason, row);
    trace_.Slices(process, "executor", {std::move(slice)});
  }

  [[nodiscard]] Slice TaskSlice(std::size_t row) const {
    const model::TaskTable& tasks = model_.tasks;
    const model::TaskStatus status = tasks.status.Get(row);
    Slice slice{Since(tasks.launch, row), Since(tasks.finish, row), StageName(tasks.stage.Get(row).index), "task", {}};
    if (status == model::TaskStatus::Failed) slice.name += ", failed";
    if (status == model::TaskStatus::Killed) slice.name += ", killed";
    Values& values = slice.values;
    values.Int("task", tasks.id, row);
    values.Int("index", tasks.index, row);
    values.Int("run_time_ms", tasks.run_time, row);
    values.Int("cpu_time_ms", tasks.cpu_time, row, kNsPerMs);
    values.Int("gc_time_ms", tasks.gc_time, row);
    values.Int("fetch_wait_ms", tasks.fetch_wait_time, row);
    values.Int("input_bytes", tasks.input_bytes, row);
    values.Int("shuffle_read_bytes", tasks.shuffle_read, row);
    values.Int("shuffle_write_bytes", tasks.shuffle_write, row);
    values.Int("spill_bytes", tasks.disk_bytes_spilled, row);
    values.Text("failure", model_, tasks.failure_summary, row);
    return slice;
  }

  const TraceInput& input_;
  const JobModel& model_;
  std::int64_t zero_ = 0;  // since the epoch
  std::int64_t last_ = 0;
  Trace trace_;
};

}  // namespace

void WritePerfetto(const TraceInput& input, std::ostream& out) { RunTrace(input).Write(out); }

}  // namespace advise::exports
