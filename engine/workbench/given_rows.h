// What a test gives, laid out for events and overlay: points in time as such, both ends of every relation, one row a
// task attempt.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "model/column.h"
#include "rules/bind/bound_test.h"

namespace advise::workbench {

// What is given of one entity.
struct GivenRow {
  metrics::EntityType type;
  std::vector<rules::GivenValue> values;  // several of one attribute: members of a set

  // Null if it is not given. "missing" is given.
  [[nodiscard]] const rules::GivenCell* Find(std::string_view name) const;
  [[nodiscard]] bool Gives(std::string_view name) const { return Find(name) != nullptr; }
  [[nodiscard]] bool GivesMissing(std::string_view name) const;
  // kMissing or nothing where it is not given, or given as missing.
  [[nodiscard]] std::int64_t Number(std::string_view name) const;
  [[nodiscard]] std::optional<std::string_view> Text(std::string_view name) const;
  [[nodiscard]] std::optional<bool> Flag(std::string_view name) const;
  [[nodiscard]] std::optional<std::uint32_t> Other(std::string_view name) const;  // a given
  [[nodiscard]] bool Lists(std::string_view name, std::uint32_t other) const;     // in a set
};

// [from, to): what is given, and of two times and the length between them the third. A row of three attributes.
struct GivenTimes {
  std::int64_t from = model::kMissing;
  std::int64_t to = model::kMissing;
};
GivenTimes TimesOf(const GivenRow& row, std::string_view from, std::string_view to, std::string_view length);

struct GivenRows {
  std::int64_t start = 0;              // of the application, also where it is given as missing
  std::int64_t end = 0;                // likewise
  GivenRow app;                        // all that is given of it
  std::vector<GivenRow> rows;          // one a given
  std::vector<GivenRow> tasks;         // attempts: samples of stages, then those that are given one by one
  std::vector<std::uint32_t> task_of;  // one a given: of a Task its place in `tasks`

  [[nodiscard]] bool Has(metrics::Entity entity) const;
};
GivenRows LayOut(const rules::BoundTest& test);

metrics::AttributeId IdOf(metrics::Entity entity, std::string_view name);

}  // namespace advise::workbench
