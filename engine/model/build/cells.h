// Small steps that all fillers of rows share.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/job_model.h"
#include "model/raw_events.h"

namespace advise::model {

// Texts of the log that may be long (stack traces, failure messages): at most 4 KiB of them, not cut inside a code
// point. They are shown, not searched.
std::string_view Shorten(std::string_view text);

inline void SetKnown(IntColumn& column, std::size_t row, std::int64_t value) {
  if (value != kMissing) column.Set(row, value);
}
inline void SetKnown(StringPool& strings, StrColumn& column, std::size_t row, const Text& text) {
  if (text) column.Set(row, strings.Intern(*text));
}

// A text that every event of its type has; an excerpt may leave it out.
inline void SetTold(JobModel& model, StrColumn& column, std::size_t row, std::string_view text) {
  if (!text.empty() || !model.excerpt) column.Set(row, model.strings.Intern(text));
}

// first_event and last_event of the application.
void SeeTime(AppTable& app, std::int64_t time);

// "key=value", sorted.
void SetPairs(StringPool& strings, std::vector<StringId>& list, const TextPairs& pairs);

// The peak_* columns of a stage or an executor after one more poll.
template <class Peaks>
void RaisePeaks(Peaks& peaks, std::size_t row, const ExecutorMetrics& polled) {
  std::size_t i = 0;
  const auto raise = [row, &polled, &i](IntColumn& column) {
    const std::int64_t value = polled[i++];
    if (value == kMissing) return;
    if (!column.Has(row) || column.Get(row) < value) column.Set(row, value);
  };
#define ADVISE_RAISE(Spark, suffix, unit, since) raise(peaks.peak_##suffix);
  ADVISE_EXECUTOR_METRICS(ADVISE_RAISE)
#undef ADVISE_RAISE
}

// Named accumulators of a row of the stage or task table.
void KeepNamed(StringPool& strings, std::vector<UserAccumulator>& kept, std::size_t row,
               std::span<const NamedAccumulator> named);

}  // namespace advise::model
