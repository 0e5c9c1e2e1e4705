// Lays out what a test gives; knows neither events nor the model.
#include "workbench/given_rows.h"

#include <algorithm>
#include <cmath>

#include "metrics/catalogue.h"
#include "support/check.h"

namespace advise::workbench {
namespace {

using metrics::Entity;
using model::kMissing;
using rules::BoundTest;
using rules::GivenCell;
using rules::GivenEntity;

// What a test has unless it gives something else.
constexpr std::int64_t kUsualStart = 1'767'225'600'000;  // 2026-01-01
constexpr std::int64_t kUsualDuration = 10 * 60 * 1000;

// A relation and its other end: giving one gives both.
struct TwoEnds {
  Entity one;
  std::string_view to_one;
  Entity many;
  std::string_view to_many;
};
constexpr TwoEnds kTwoEnds[] = {
    {Entity::Stage, "job", Entity::Job, "stages"},
    {Entity::Stage, "sql_execution", Entity::SqlExecution, "stages"},
    {Entity::Job, "sql_execution", Entity::SqlExecution, "jobs"},
    {Entity::PlanNode, "sql_execution", Entity::SqlExecution, "nodes"},
    {Entity::Executor, "host", Entity::Host, "executors"},
};

// The to-one end, of which events and derive steps make the other.
void GiveToOne(GivenRows& given) {
  for (std::uint32_t row = 0; row < given.rows.size(); ++row) {
    for (const TwoEnds& ends : kTwoEnds) {
      if (given.rows[row].type.entity != ends.many) continue;
      const metrics::AttributeId to_many = IdOf(ends.many, ends.to_many);
      for (const rules::GivenValue& value : std::vector(given.rows[row].values)) {
        if (value.attribute != to_many || value.cell.kind != GivenCell::Kind::Given) continue;
        GivenRow& other = given.rows[value.cell.given];
        if (other.Gives(ends.to_one)) continue;
        GivenCell self;
        self.kind = GivenCell::Kind::Given;
        self.given = row;
        other.values.push_back({IdOf(ends.one, ends.to_one), self});
      }
    }
  }
}

// tasks.duration = [20s x 199, 11min] as 200 attempts.
void AddSamples(const GivenEntity& stage, std::uint32_t row, std::vector<GivenRow>& tasks) {
  if (stage.tasks.empty()) return;
  std::int64_t count = 1;
  for (const rules::GivenSample& sample : stage.tasks) {
    if (sample.every) continue;
    count = 0;
    for (const auto& [cell, times] : sample.runs) count += times;
  }
  GivenCell of_stage;
  of_stage.kind = GivenCell::Kind::Given;
  of_stage.given = row;
  const std::size_t first = tasks.size();
  tasks.resize(first + static_cast<std::size_t>(count),
               {{Entity::Task, std::nullopt}, {{IdOf(Entity::Task, "stage"), of_stage}}});
  for (const rules::GivenSample& sample : stage.tasks) {
    std::size_t at = first;
    for (const auto& [cell, times] : sample.runs) {
      for (std::int64_t i = 0; i < (sample.every ? count : times); ++i)
        tasks[at++].values.push_back({sample.attribute, cell});
    }
  }
}

void SetTimes(GivenRows& given) {
  GivenRow& app = given.app;
  const GivenCell* start = app.Find("start");
  given.start =
      start != nullptr && !start->since_start && app.Number("start") != kMissing ? app.Number("start") : kUsualStart;
  const auto resolve = [&](GivenRow& row) {
    for (auto& [attribute, cell] : row.values) {
      if (cell.since_start) cell.number += static_cast<double>(given.start);
      cell.since_start = false;
    }
  };
  resolve(app);
  std::ranges::for_each(given.rows, resolve);
  std::ranges::for_each(given.tasks, resolve);
  const std::int64_t duration = app.Number("duration");
  const std::int64_t end = app.Number("end");
  given.end = duration != kMissing ? given.start + duration : end != kMissing ? end : given.start + kUsualDuration;
}

}  // namespace

metrics::AttributeId IdOf(Entity entity, std::string_view name) {
  const metrics::Attribute* attribute = metrics::Find(entity, name);
  ADVISE_CHECK(attribute != nullptr, "the catalogue lacks an attribute that tests of packs need");
  return attribute->id;
}

const GivenCell* GivenRow::Find(std::string_view name) const {
  const metrics::AttributeId id = IdOf(type.entity, name);
  const auto found = std::ranges::find(values, id, &rules::GivenValue::attribute);
  return found == values.end() ? nullptr : &found->cell;
}
bool GivenRow::GivesMissing(std::string_view name) const {
  const GivenCell* cell = Find(name);
  return cell != nullptr && cell->kind == GivenCell::Kind::Missing;
}
std::int64_t GivenRow::Number(std::string_view name) const {
  const GivenCell* cell = Find(name);
  return cell != nullptr && cell->kind == GivenCell::Kind::Number ? std::llround(cell->number) : kMissing;
}
std::optional<std::string_view> GivenRow::Text(std::string_view name) const {
  const GivenCell* cell = Find(name);
  return cell != nullptr && cell->kind == GivenCell::Kind::Text ? std::optional(std::string_view(cell->text))
                                                                : std::nullopt;
}
std::optional<bool> GivenRow::Flag(std::string_view name) const {
  const GivenCell* cell = Find(name);
  return cell != nullptr && cell->kind == GivenCell::Kind::Bool ? std::optional(cell->boolean) : std::nullopt;
}
std::optional<std::uint32_t> GivenRow::Other(std::string_view name) const {
  const GivenCell* cell = Find(name);
  return cell != nullptr && cell->kind == GivenCell::Kind::Given ? std::optional(cell->given) : std::nullopt;
}
bool GivenRow::Lists(std::string_view name, std::uint32_t other) const {
  const metrics::AttributeId id = IdOf(type.entity, name);
  return std::ranges::any_of(values, [&](const rules::GivenValue& value) {
    return value.attribute == id && value.cell.kind == GivenCell::Kind::Given && value.cell.given == other;
  });
}

GivenTimes TimesOf(const GivenRow& row, std::string_view from, std::string_view to, std::string_view length) {
  GivenTimes times{row.Number(from), row.Number(to)};
  const std::int64_t between = row.Number(length);
  if (between == kMissing) return times;
  if (times.to == kMissing && times.from != kMissing && !row.Gives(to)) times.to = times.from + between;
  if (times.from == kMissing && times.to != kMissing && !row.Gives(from)) times.from = times.to - between;
  return times;
}

bool GivenRows::Has(Entity entity) const {
  return std::ranges::any_of(rows, [&](const GivenRow& row) { return row.type.entity == entity; });
}

GivenRows LayOut(const BoundTest& test) {
  GivenRows given;
  given.task_of.resize(test.givens.size());
  given.app.type.entity = Entity::App;
  for (const GivenEntity& one : test.givens) {
    given.rows.push_back({one.type, one.values});
    if (one.type.entity == Entity::App)
      given.app.values.insert(given.app.values.end(), one.values.begin(), one.values.end());
  }
  for (std::uint32_t row = 0; row < test.givens.size(); ++row) {
    if (test.givens[row].type.entity == Entity::Stage) AddSamples(test.givens[row], row, given.tasks);
  }
  for (std::uint32_t row = 0; row < test.givens.size(); ++row) {
    if (test.givens[row].type.entity != Entity::Task) continue;
    given.task_of[row] = static_cast<std::uint32_t>(given.tasks.size());
    given.tasks.push_back(given.rows[row]);
  }
  SetTimes(given);
  GiveToOne(given);
  return given;
}

}  // namespace advise::workbench
