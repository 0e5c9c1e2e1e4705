// SQL metrics of plan nodes by their names. The list is that of Spark's own operators; a plan may hold others, those of
// accelerators and of table formats, so a name that is not in it is no error. Needs no log.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "metrics/attribute.h"

namespace advise::metrics {

// What a metric measures, which decides the type that it has in rules.
enum class SqlMetricKind : std::uint8_t {
  Count,       // rows, files, blocks …
  Bytes,       //
  TaskTime,    // of tasks: adds up over them to slot time
  DriverTime,  // of the driver: wall time
  Average,     // one number a task, such as probes a key
};

// Which number of a metric: tasks and the driver added up (of an average: the mean), or the largest that one task or
// the driver sent.
enum class SqlMetricPart : std::uint8_t { Total, Largest };

struct SqlMetricInfo {
  std::string_view name;
  SqlMetricKind kind = SqlMetricKind::Count;
  std::string_view doc;  // which operators have it, and what it is there
};

// By name.
std::span<const SqlMetricInfo> KnownSqlMetrics();
// Null: Spark's own operators have none of that name.
const SqlMetricInfo* FindSqlMetric(std::string_view name);

// The unit in which rules see it: Count, Bytes, SlotMs, Ms or Ratio. The largest time of one task is in Ms.
Unit UnitOf(SqlMetricKind kind, SqlMetricPart part);
// "a number", "bytes", "a time", "an average": what logs tell apart.
std::string_view SqlMetricKindWords(SqlMetricKind kind);

}  // namespace advise::metrics
