// Rows of executors: what was added, removed and excluded, and the peaks that the driver wrote.
#include "model/build/executor_filler.h"

#include <algorithm>
#include <string>

#include "model/build/cells.h"

namespace advise::model {

void ExecutorFiller::AddedAt(ExecutorRow row, std::int64_t time) {
  if (time == kMissing || model_.executors.added.Has(row.index)) return;
  model_.executors.added.Set(row.index, time);
}

void ExecutorFiller::Fill(ExecutorRow executor, const ExecutorAdded& event) {
  const std::size_t row = executor.index;
  ExecutorTable& t = model_.executors;
  AddedAt(executor, event.time);
  rows_.PlaceExecutor(executor, event.host);
  rows_.PlaceAgain(executor);
  SetKnown(t.cores, row, event.cores);
  SetKnown(t.resource_profile, row, event.resource_profile);
  SetKnown(t.registration_time, row, event.registration_time);
  SetKnown(t.request_time, row, event.request_time);
  SetPairs(model_.strings, t.log_urls.Mutable(row), event.log_urls);
  SetPairs(model_.strings, t.resources.Mutable(row), event.resources);
  SetPairs(model_.strings, t.attributes.Mutable(row), event.attributes);
  t.removed.Clear(row);  // re-registered after it was thought dead
  t.remove_reason.Clear(row);
  SeeTime(model_.app, event.time);
}

void ExecutorFiller::Fill(ExecutorRow row, const ExecutorRemoved& event) {
  SetKnown(model_.executors.removed, row.index, event.time);
  SetKnown(model_.strings, model_.executors.remove_reason, row.index, event.reason);
  SeeTime(model_.app, event.time);
}

void ExecutorFiller::Fill(ExecutorRow executor, const BlockManagerAdded& event) {
  const std::size_t row = executor.index;
  ExecutorTable& t = model_.executors;
  AddedAt(executor, event.time);
  rows_.PlaceExecutor(executor, event.host);
  if (event.port != kMissing && !event.host.empty()) {
    t.host_port.Set(row, model_.strings.Intern(std::string(event.host) + ":" + std::to_string(event.port)));
  }
  SetKnown(t.memory, row, event.memory);
  if (event.on_heap != kMissing) {
    t.on_heap_memory.Set(row, event.on_heap);
    SetKnown(t.off_heap_memory, row, event.off_heap);
  }
  SeeTime(model_.app, event.time);
}

std::size_t ExecutorFiller::Fill(const Exclusion& event, std::size_t most) {
  if (event.executor) Exclude(rows_.Executor(*event.executor), event);
  if (!event.host) return 0;
  const HostRow host = rows_.FindHost(*event.host);
  if (!host.valid()) return 0;
  const std::span<const ExecutorRow> executors =
      rows_.ExecutorsOn(host, [this](ExecutorRow row) { return live_.IsLive(row); });
  const std::size_t told = std::min(executors.size(), most);
  for (const ExecutorRow row : executors.first(told)) Exclude(row, event);
  return executors.size() - told;
}

void ExecutorFiller::Exclude(ExecutorRow row, const Exclusion& event) {
  if (event.excluded) model_.executors.was_excluded.Set(row.index, true);
  if (event.stage_id == kMissing) {
    model_.executors.is_excluded.Set(row.index, event.excluded);
  } else if (live_.IsLive(row)) {
    excluded_[event.stage_id].Insert(row);
  }
}

void ExecutorFiller::Fill(const StageExecutorMetrics& event) {
  if (!event.executor.empty()) {
    RaisePeaks(model_.executors.peaks, rows_.Executor(event.executor).index, event.metrics);
  }
  const StageRow stage = rows_.FindStage(event.stage_id, event.stage_attempt);
  if (stage.valid() && live_.IsLive(stage)) RaisePeaks(model_.stages.peaks, stage.index, event.metrics);
}

void ExecutorFiller::Finish() {
  ExecutorTable& t = model_.executors;
  for (std::size_t row = 0; row < t.size(); ++row) {
    t.is_active.Set(row, !t.removed.Has(row));
    if (!t.is_excluded.Has(row) && !model_.excerpt) t.is_excluded.Set(row, false);
    if (!t.was_excluded.Has(row) && !model_.excerpt) t.was_excluded.Set(row, false);
    if (!t.host_port.Has(row) && t.host.Has(row)) t.host_port.Set(row, model_.hosts.name.Get(t.host.Get(row).index));
  }
  for (auto& [stage, executors] : excluded_) {
    for (const ExecutorRow row : executors.Sorted()) t.excluded_in_stages.Mutable(row.index).push_back(stage);
  }
}

}  // namespace advise::model
