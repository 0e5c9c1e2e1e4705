// The list of sql_metrics.def.
#include "metrics/sql_metrics.h"

#include <algorithm>

namespace advise::metrics {
namespace {

constexpr SqlMetricInfo kMetrics[] = {
#define ADVISE_SQL_METRIC(name, kind, doc) {name, SqlMetricKind::kind, doc},
#include "metrics/sql_metrics.def"
#undef ADVISE_SQL_METRIC
};
static_assert(std::ranges::is_sorted(kMetrics, {}, &SqlMetricInfo::name));

}  // namespace

std::span<const SqlMetricInfo> KnownSqlMetrics() { return kMetrics; }

const SqlMetricInfo* FindSqlMetric(std::string_view name) {
  const auto* found = std::ranges::lower_bound(kMetrics, name, {}, &SqlMetricInfo::name);
  return found != std::ranges::end(kMetrics) && found->name == name ? found : nullptr;
}

Unit UnitOf(SqlMetricKind kind, SqlMetricPart part) {
  switch (kind) {
    case SqlMetricKind::Count: return Unit::Count;
    case SqlMetricKind::Bytes: return Unit::Bytes;
    case SqlMetricKind::TaskTime: return part == SqlMetricPart::Total ? Unit::SlotMs : Unit::Ms;
    case SqlMetricKind::DriverTime: return Unit::Ms;
    case SqlMetricKind::Average: return Unit::Ratio;
  }
  return Unit::None;
}

std::string_view SqlMetricKindWords(SqlMetricKind kind) {
  switch (kind) {
    case SqlMetricKind::Count: return "a number";
    case SqlMetricKind::Bytes: return "bytes";
    case SqlMetricKind::TaskTime:
    case SqlMetricKind::DriverTime: return "a time";
    case SqlMetricKind::Average: return "an average";
  }
  return {};
}

}  // namespace advise::metrics
