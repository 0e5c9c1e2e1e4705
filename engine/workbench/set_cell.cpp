// One writer a kind of column, chosen by a table over the schema.
#include "workbench/set_cell.h"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <vector>

#include "metrics/catalogue.h"
#include "metrics/families.def"
#include "model/derive/scan.h"
#include "support/check.h"

namespace advise::workbench {
namespace {

using metrics::AllAttributes;
using model::Entity;
using model::EnumColumn;
using model::FlagColumn;
using model::IntColumn;
using model::IntListColumn;
using model::JobModel;
using model::PackedColumn;
using model::RealColumn;
using model::RefColumn;
using model::SetColumn;
using model::StrColumn;
using model::StrListColumn;

void Write(JobModel&, IntColumn& column, std::uint32_t row, const Cell& cell) {
  column.Set(row, std::llround(cell.number));
}
void Write(JobModel&, RealColumn& column, std::uint32_t row, const Cell& cell) { column.Set(row, cell.number); }
void Write(JobModel& model, StrColumn& column, std::uint32_t row, const Cell& cell) {
  column.Set(row, model.strings.Intern(cell.text));
}
void Write(JobModel&, FlagColumn& column, std::uint32_t row, const Cell& cell) { column.Set(row, cell.boolean); }
template <class E>
void Write(JobModel&, EnumColumn<E>& column, std::uint32_t row, const Cell& cell) {
  const auto names = model::EnumNames<E>();
  const auto found = std::ranges::find(names, cell.text);
  ADVISE_CHECK(found != names.end(), "a value that the enum does not have");
  column.Set(row, static_cast<E>(found - names.begin()));
}
// A list gets one text more, in its place: all lists that can be given are sorted.
void Write(JobModel& model, StrListColumn& column, std::uint32_t row, const Cell& cell) {
  std::vector<StringId>& texts = column.Mutable(row);
  const auto place = std::ranges::lower_bound(texts, cell.text, {}, [&](StringId id) { return model.strings.Get(id); });
  if (place == texts.end() || model.strings.Get(*place) != cell.text)
    texts.insert(place, model.strings.Intern(cell.text));
}
template <Entity E>
void Write(JobModel&, RefColumn<E>& column, std::uint32_t row, const Cell& cell) {
  column.Set(row, model::Row<E>(std::size_t{cell.row}));
}
template <Entity E>
void Write(JobModel&, SetColumn<E>& column, std::uint32_t row, const Cell& cell) {
  auto& members = column.Mutable(row);
  const model::Row<E> member(std::size_t{cell.row});
  const auto place = std::lower_bound(members.begin(), members.end(), member);
  if (place == members.end() || *place != member) members.insert(place, member);
}

template <class Column>
inline constexpr bool kIsPacked = std::is_same_v<Column, PackedColumn>;
// Lists of numbers cannot be given.
template <class Column>
inline constexpr bool kIsList = std::is_same_v<Column, IntListColumn>;
template <class Column>
inline constexpr bool kIsSet = std::is_same_v<Column, StrListColumn>;
template <Entity E>
inline constexpr bool kIsSet<SetColumn<E>> = true;

struct Access {
  void (*set)(JobModel&, std::uint32_t, const Cell&) = nullptr;
  PackedColumn& (*packed)(JobModel&) = nullptr;  // an integer of tasks
};

template <class ColumnOf>
[[gnu::noinline]] Access MakeAccess(ColumnOf) {
  using Column = std::remove_cvref_t<std::invoke_result_t<ColumnOf, JobModel&>>;
  Access access;
  if constexpr (kIsPacked<Column>) {
    access.packed = [](JobModel& model) -> PackedColumn& { return ColumnOf{}(model); };
  } else if constexpr (!kIsList<Column>) {
    access.set = [](JobModel& model, std::uint32_t row, const Cell& cell) {
      Column& column = ColumnOf{}(model);
      if (cell.kind != Cell::Kind::Missing) return Write(model, column, row, cell);
      if constexpr (kIsSet<Column>) {
        column.Mutable(row).clear();
      } else {
        column.Clear(row);
      }
    };
  }
  return access;
}

[[gnu::noinline]] void Append(std::vector<Access>& all, const Access& access) { all.push_back(access); }

// In the order of AllAttributes().
std::vector<Access> MakeAll() {
  std::vector<Access> all;
#define ADVISE_COLUMN(name, Column, unit, since, scope, missing, doc) \
  Append(all, MakeAccess([](JobModel & model) -> auto& { return Family::Table(model).name; }));
#define ADVISE_TABLE(EntityName, table, COLUMNS)                  \
  {                                                               \
    struct Family {                                               \
      static auto& Table(JobModel& model) { return model.table; } \
    };                                                            \
    COLUMNS(ADVISE_COLUMN)                                        \
  }
#define ADVISE_PEAK(Spark, suffix, unit, since) ADVISE_COLUMN(peak_##suffix, IntColumn, unit, since, Rest, "", "")
#define ADVISE_PEAKS(EntityName, table)                                 \
  {                                                                     \
    struct Family {                                                     \
      static auto& Table(JobModel& model) { return model.table.peaks; } \
    };                                                                  \
    ADVISE_EXECUTOR_METRICS(ADVISE_PEAK)                                \
  }
  ADVISE_FAMILIES(ADVISE_TABLE, ADVISE_PEAKS)
#undef ADVISE_COLUMN
#undef ADVISE_TABLE
#undef ADVISE_PEAK
#undef ADVISE_PEAKS
  ADVISE_CHECK(all.size() == AllAttributes().size(), "catalogue and cells list different attributes");
  return all;
}

const Access& AccessOf(metrics::AttributeId attribute) {
  static const std::vector<Access> kAll = MakeAll();
  return kAll[static_cast<std::size_t>(attribute)];
}

}  // namespace

void SetCell(model::JobModel& model, metrics::AttributeId attribute, std::uint32_t row, const Cell& cell) {
  const Access& access = AccessOf(attribute);
  ADVISE_CHECK(access.set != nullptr, "a cell that cannot be set");
  access.set(model, row, cell);
}

void SetTaskCells(model::JobModel& model, metrics::AttributeId attribute,
                  std::span<const std::pair<std::uint32_t, std::int64_t>> cells) {
  PackedColumn& column = AccessOf(attribute).packed(model);
  std::vector<std::int64_t> values = model::AllValues(column);
  for (const auto& [row, value] : cells) values[row] = value;
  column = {};
  for (const std::int64_t value : values) column.Push(value);
}

bool IsTaskInteger(metrics::AttributeId attribute) { return AccessOf(attribute).packed != nullptr; }

}  // namespace advise::workbench
