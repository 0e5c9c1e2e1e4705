// `advise model` for people: an overview, tables of the columns that are asked for most, and one element in full.
// Values as support/format.h writes them, with the stored number beside it where the two differ.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <span>
#include <vector>

#include "export/model_quantiles.h"
#include "export/model_writer.h"
#include "metrics/catalogue.h"
#include "metrics/evaluate.h"
#include "support/check.h"
#include "support/clean_text.h"
#include "support/format.h"

namespace advise::exports {
namespace {

using metrics::Attribute;
using metrics::Unit;
using metrics::Value;
using metrics::ValueKind;
using model::Entity;
using model::JobModel;

constexpr std::size_t kCellWidth = 48;      // of a table; longer texts are cut
constexpr std::size_t kListedMembers = 12;  // of a set in one element; the JSON has all

struct Style {
  std::string_view missing;
  std::string_view cut;
};

// Columns of the tables. "key" is metrics::EntityKey, everything else an attribute; a set is shown as its size.
std::span<const std::string_view> TableColumns(Entity entity) {
  static constexpr std::array<std::string_view, 9> kJobs = {
      "key", "status", "start", "duration", "stages", "task_count", "failed_tasks", "sql_execution", "name"};
  static constexpr std::array<std::string_view, 14> kStages = {
      "key",          "status", "job",         "duration",           "critical_time",       "task_count",
      "failed_tasks", "waves",  "input_bytes", "shuffle_read_bytes", "shuffle_write_bytes", "spill_bytes",
      "output_bytes", "name"};
  static constexpr std::array<std::string_view, 13> kTasks = {
      "key",      "stage",    "index",   "attempt",     "status",       "executor",          "launch",
      "duration", "run_time", "gc_time", "input_bytes", "shuffle_read", "disk_bytes_spilled"};
  static constexpr std::array<std::string_view, 12> kExecutors = {
      "key",      "host",  "cores",        "slots",     "memory",   "added",
      "lifetime", "tasks", "failed_tasks", "busy_time", "gc_share", "removal_class"};
  static constexpr std::array<std::string_view, 4> kHosts = {"key", "executors", "task_count", "relative_speed"};
  static constexpr std::array<std::string_view, 8> kSql = {"key",  "status", "start", "duration",
                                                           "jobs", "stages", "nodes", "description"};
  static constexpr std::array<std::string_view, 8> kNodes = {"key",   "kind", "stages", "output_rows",
                                                             "bytes", "time", "spill",  "name"};
  static constexpr std::array<std::string_view, 8> kShuffles = {"key",     "from",      "to",         "bytes",
                                                                "records", "map_tasks", "partitions", "side"};
  static constexpr std::array<std::string_view, 7> kGaps = {"key",       "start",      "duration", "kind",
                                                            "after_job", "before_job", "evidence"};
  static constexpr std::array<std::string_view, 8> kCached = {
      "key", "storage_level", "partitions", "cached_partitions", "memory", "disk", "uses", "name"};
  static constexpr std::array<std::string_view, 7> kIncidents = {"key",  "time",  "source", "executor",
                                                                 "kind", "count", "message"};
  switch (entity) {
    case Entity::App: return {};
    case Entity::Job: return kJobs;
    case Entity::Stage: return kStages;
    case Entity::Task: return kTasks;
    case Entity::Executor: return kExecutors;
    case Entity::Host: return kHosts;
    case Entity::SqlExecution: return kSql;
    case Entity::PlanNode: return kNodes;
    case Entity::Shuffle: return kShuffles;
    case Entity::Gap: return kGaps;
    case Entity::CachedRdd: return kCached;
    case Entity::Incident: return kIncidents;
  }
  return {};
}

std::size_t Width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

// Log texts may hold anything, escape sequences of terminals included.
std::string OneLine(std::string_view text) { return PrintableText(text, LineEnds::Replace); }

std::string Cut(std::string text, std::size_t width, const Style& style) {
  if (Width(text) <= width) return text;
  std::size_t end = 0;
  for (std::size_t points = 0; end < text.size(); ++end) {
    const bool starts = (static_cast<unsigned char>(text[end]) & 0xc0) != 0x80;
    if (starts && points++ == width - Width(style.cut)) break;
  }
  text.resize(end);
  return text + std::string(style.cut);
}

std::string Integer(std::int64_t value) { return std::to_string(value); }

std::string Shortest(double value) {
  char text[40];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

// "2025-11-22 18:45:07.123 UTC", proleptic Gregorian (days_from_civil turned round, Howard Hinnant's date algorithms).
std::string UtcTime(std::int64_t epoch_ms) {
  constexpr std::int64_t kDayMs = 86'400'000;
  if (epoch_ms < 0 || epoch_ms > 253'402'300'799'999) return Integer(epoch_ms);  // year 9999
  const std::int64_t days = epoch_ms / kDayMs + 719'468;
  const std::int64_t of_day = epoch_ms % kDayMs;
  const std::int64_t era = days / 146'097;
  const std::int64_t day_of_era = days - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * day_of_year + 2) / 153;
  const std::int64_t day = day_of_year - (153 * shifted + 2) / 5 + 1;
  const std::int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  const auto padded = [](std::int64_t value, std::size_t digits) {
    std::string text = Integer(value);
    return std::string(digits > text.size() ? digits - text.size() : 0, '0') + text;
  };
  return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) + " " + padded(of_day / 3'600'000, 2) + ":" +
         padded(of_day / 60'000 % 60, 2) + ":" + padded(of_day / 1'000 % 60, 2) + "." + padded(of_day % 1'000, 3) +
         " UTC";
}

std::string NumberText(const Value& value, Unit unit) {
  const bool whole = value.state == Value::State::Integer;
  const std::int64_t integer = whole ? value.integer : std::llround(value.real);
  switch (unit) {
    case Unit::Ms: return FormatTime(integer);
    case Unit::Ns: return FormatTime(integer / 1'000'000);
    case Unit::SlotMs: return FormatSlotTime(integer);
    case Unit::Bytes: return FormatBytes(integer);
    case Unit::Count: return whole ? FormatCount(integer) : FormatRatio(value.real);
    case Unit::Share: return FormatShare(value.real);
    case Unit::Ratio: return FormatRatio(value.real);
    case Unit::EpochMs: return UtcTime(integer);
    case Unit::None:
    case Unit::Id: return Integer(integer);
  }
  return {};
}

// The stored number with its unit, where NumberText does not already say it exactly.
std::string Stored(const Value& value, Unit unit) {
  if (unit == Unit::None || unit == Unit::Id || unit == Unit::Count) return {};
  const std::string number = value.state == Value::State::Integer ? Integer(value.integer) : Shortest(value.real);
  if (unit == Unit::EpochMs) return number;
  return number + " " + std::string(metrics::UnitName(unit));
}

class ModelText {
 public:
  ModelText(const ModelOutput& output, std::ostream& out, const Style& style)
      : model_(output.model), output_(output), out_(out), style_(style) {}

  void Overview();
  void Table(Entity entity);
  void Element(Entity entity, std::uint32_t row);

 private:
  std::string Text(const Attribute& attribute, std::uint32_t row, bool in_table);
  std::string Members(const Attribute& attribute, std::uint32_t row, bool in_table);
  void Quantiles(std::uint32_t stage);
  void Metrics(std::uint32_t node);
  void Rows(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& right);
  void Reasons();

  const JobModel& model_;
  const ModelOutput& output_;
  std::ostream& out_;
  Style style_;
  std::map<metrics::AttributeId, std::string> missing_;  // met while writing, in catalogue order
};

std::string ModelText::Members(const Attribute& attribute, std::uint32_t row, bool in_table) {
  std::vector<std::string> members;
  std::size_t count = 0;
  const auto keep = [&](std::string member) {
    if (count++ < kListedMembers && !in_table) members.push_back(std::move(member));
  };
  if (attribute.kind == ValueKind::EntitySet) {
    for (const std::uint32_t member : metrics::EvaluateSet(model_, attribute.id, row)) {
      keep(count < kListedMembers && !in_table ? metrics::EntityKey(model_, attribute.target, member) : std::string());
    }
  } else if (attribute.kind == ValueKind::TextList) {
    for (const std::string_view text : metrics::EvaluateTextList(model_, attribute.id, row)) keep(OneLine(text));
  } else {
    for (const std::int64_t number : metrics::EvaluateNumberList(model_, attribute.id, row)) keep(Integer(number));
  }
  if (in_table) return FormatCount(static_cast<std::int64_t>(count));
  if (count == 0) return "none";
  std::string text;
  for (const std::string& member : members) text += (text.empty() ? "" : ", ") + member;
  if (count > members.size())
    text += ", " + std::string(style_.cut) + " (" + FormatCount(static_cast<std::int64_t>(count)) + ")";
  return text;
}

std::string ModelText::Text(const Attribute& attribute, std::uint32_t row, bool in_table) {
  if (attribute.kind == ValueKind::EntitySet || attribute.kind == ValueKind::TextList ||
      attribute.kind == ValueKind::NumberList) {
    return Members(attribute, row, in_table);
  }
  const Value value = metrics::Evaluate(model_, attribute.id, row);
  switch (value.state) {
    case Value::State::Missing:
      missing_.try_emplace(attribute.id, OneLine(metrics::WhyMissing(model_, attribute.id)));
      return std::string(style_.missing);
    case Value::State::Integer:
    case Value::State::Real: return NumberText(value, attribute.unit);
    case Value::State::Bool: return value.boolean ? "yes" : "no";
    case Value::State::Text: return OneLine(value.text);
    case Value::State::Entity:
      return OneLine(metrics::EntityKey(model_, attribute.target, static_cast<std::uint32_t>(value.integer)));
  }
  return {};
}

// Lines of cells, as wide as the widest of their column, two blanks between. All cells are measured before the first is
// added to the text, so that a table of millions of rows needs no memory: see Table.
class Columns {
 public:
  explicit Columns(std::vector<bool> right) : right_(std::move(right)), widths_(right_.size(), 0) {}
  void Measure(const std::vector<std::string>& cells) {
    for (std::size_t c = 0; c < cells.size(); ++c) widths_[c] = std::max(widths_[c], Width(cells[c]));
  }
  [[nodiscard]] std::string Line(const std::vector<std::string>& cells) const {
    std::string line;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const std::string pad(widths_[c] - Width(cells[c]), ' ');
      if (c > 0) line += "  ";
      line += right_[c] ? pad + cells[c] : cells[c] + pad;
    }
    while (line.ends_with(' ')) line.pop_back();
    return line + '\n';
  }

 private:
  std::vector<bool> right_;
  std::vector<std::size_t> widths_;
};

void ModelText::Rows(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& right) {
  Columns columns(right);
  for (const auto& row : rows) columns.Measure(row);
  for (const auto& row : rows) out_ << columns.Line(row);
}

void ModelText::Reasons() {
  if (missing_.empty()) return;
  out_ << '\n' << style_.missing << " is missing, not 0:\n";
  std::vector<std::vector<std::string>> rows;
  for (const auto& [id, why] : missing_) rows.push_back({"  " + std::string(metrics::Get(id).name), why});
  Rows(rows, {false, false});
}

void ModelText::Table(Entity entity) {
  std::vector<const Attribute*> attributes;  // null: the key
  std::vector<bool> right;
  std::vector<std::string> header;
  for (const std::string_view column : TableColumns(entity)) {
    const bool is_key = column == "key";
    const Attribute* attribute = is_key ? nullptr : metrics::Find(entity, column);
    ADVISE_CHECK(is_key || attribute != nullptr, "a table column is not in the catalogue");
    attributes.push_back(attribute);
    right.push_back(!is_key && (attribute->kind == ValueKind::Number || attribute->kind == ValueKind::EntitySet));
    header.push_back(is_key ? "id" : std::string(column));
  }
  const auto cells_of = [&](std::uint32_t row) {
    std::vector<std::string> cells;
    for (const Attribute* attribute : attributes) {
      cells.push_back(
          Cut(attribute == nullptr ? OneLine(metrics::EntityKey(model_, entity, row)) : Text(*attribute, row, true),
              kCellWidth, style_));
    }
    return cells;
  };
  Columns columns(right);
  columns.Measure(header);
  const std::size_t count = model_.RowCount(entity);
  for (std::uint32_t row = 0; row < count; ++row) columns.Measure(cells_of(row));
  out_ << columns.Line(header);
  for (std::uint32_t row = 0; row < count; ++row) out_ << columns.Line(cells_of(row));
  Reasons();
}

void ModelText::Quantiles(std::uint32_t stage) {
  if (!HasSuccess(model_, model::StageRow(stage))) return;
  out_ << "\nsuccessful tasks, quantiles 0.05 0.25 0.5 0.75 0.95\n";
  std::vector<std::vector<std::string>> rows;
  const auto names = QuantileMetricNames();
  for (std::size_t metric = 0; metric < names.size(); ++metric) {
    const auto quantiles = StageQuantiles(model_, model::StageRow(stage), metric);
    if (!quantiles || quantiles->back() == 0) continue;  // all 0 says nothing to a reader; the JSON has them
    std::vector<std::string> cells = {"  " + std::string(names[metric])};
    const Unit unit = QuantileMetricSource(metric).unit;
    for (const std::int64_t value : *quantiles)
      cells.push_back(NumberText({.state = Value::State::Integer, .integer = value}, unit));
    rows.push_back(std::move(cells));
  }
  Rows(rows, {false, true, true, true, true, true});
}

void ModelText::Metrics(std::uint32_t node) {
  const auto metrics_of_node = model_.MetricsOf(model::NodeRow(node));
  if (metrics_of_node.empty()) return;
  out_ << "\nmetrics\n";
  std::vector<std::vector<std::string>> rows = {{"  name", "type", "total", "min", "max", "accumulator"}};
  for (const model::NodeMetric& metric : metrics_of_node) {
    const auto cell = [this](std::int64_t value) {
      return value == model::kMissing ? std::string(style_.missing) : Integer(value);
    };
    rows.push_back({"  " + OneLine(model_.strings.Get(metric.name)), OneLine(model_.strings.Get(metric.type)),
                    cell(metric.total), cell(metric.min), cell(metric.max), Integer(metric.accumulator)});
  }
  Rows(rows, {false, false, true, true, true, true});
}

void ModelText::Element(Entity entity, std::uint32_t row) {
  out_ << model::EntityName(entity) << ' ' << OneLine(metrics::EntityKey(model_, entity, row)) << "\n";
  std::vector<std::vector<std::string>> rows;
  for (const Attribute& attribute : metrics::AttributesOf(entity)) {
    std::vector<std::string> cells = {"  " + std::string(attribute.name), Text(attribute, row, false)};
    if (attribute.kind == ValueKind::Number) {
      const Value value = metrics::Evaluate(model_, attribute.id, row);
      if (!value.missing()) cells.push_back(Stored(value, attribute.unit));
    }
    rows.push_back(std::move(cells));
  }
  // Long texts must not push the numbers apart: only numbers are lined up in three columns.
  std::size_t name_width = 0;
  std::size_t value_width = 0;
  for (const auto& cells : rows) {
    name_width = std::max(name_width, Width(cells[0]));
    if (cells.size() > 2) value_width = std::max(value_width, Width(cells[1]));
  }
  for (const auto& cells : rows) {
    std::string line = cells[0] + std::string(name_width - Width(cells[0]) + 2, ' ');
    if (cells.size() > 2 && !cells[2].empty()) {
      line += cells[1] + std::string(value_width - Width(cells[1]) + 2, ' ') + cells[2];
    } else {
      line += cells[1];
    }
    out_ << line << '\n';
  }
  if (entity == Entity::Stage) Quantiles(row);
  if (entity == Entity::PlanNode) Metrics(row);
  Reasons();
}

void ModelText::Overview() {
  const model::LogInfo& log = output_.log;
  out_ << "Log " << OneLine(log.path) << "\n";
  std::vector<std::vector<std::string>> rows = {
      {"  format", log.format},
      {"  codec", log.codec},
      {"  spark_version", log.spark_version ? OneLine(*log.spark_version) : std::string(style_.missing)},
      {"  environment", log.environment},
      {"  complete", log.complete ? "yes" : "no"},
      {"  bytes", FormatBytes(static_cast<std::int64_t>(log.bytes)) + " (decoded " +
                      FormatBytes(static_cast<std::int64_t>(log.decoded_bytes)) + ")"},
      {"  events", FormatCount(static_cast<std::int64_t>(log.events))},
  };
  for (const model::IngestNote& note : log.notes)
    rows.push_back({"  " + note.code, FormatCount(static_cast<std::int64_t>(note.count)) + ": " + note.text});
  Rows(rows, {false, false});
  out_ << '\n';
  Element(Entity::App, 0);
  out_ << "\nTables (advise model LOG TABLE [ID])\n";
  rows.clear();
  for (std::size_t e = 1; e < model::kEntityCount; ++e) {
    const auto entity = static_cast<Entity>(e);
    rows.push_back({"  " + std::string(model::TableName(entity)),
                    FormatCount(static_cast<std::int64_t>(model_.RowCount(entity)))});
  }
  Rows(rows, {false, true});
}

}  // namespace

void WriteModelText(const ModelOutput& output, std::ostream& out, bool unicode) {
  const Style style = unicode ? Style{.missing = "–", .cut = "…"} : Style{.missing = "-", .cut = "..."};
  ModelText text(output, out, style);
  if (!output.entity) return text.Overview();
  if (*output.entity == Entity::App) return text.Element(Entity::App, 0);
  if (output.id.empty()) return text.Table(*output.entity);
  if (const auto row = metrics::FindEntity(output.model, *output.entity, output.id)) text.Element(*output.entity, *row);
}

}  // namespace advise::exports
