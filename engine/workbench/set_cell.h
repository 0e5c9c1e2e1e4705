// Writes one cell of a model by its attribute: the counterpart of metrics/evaluate.h, for tests of packs.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "metrics/attribute.h"
#include "model/job_model.h"

namespace advise::workbench {

struct Cell {
  enum class Kind : std::uint8_t { Missing, Number, Text, Bool, Row };
  Kind kind = Kind::Missing;
  double number = 0;  // in the stored unit
  std::string_view text{};
  bool boolean = false;
  std::uint32_t row = 0;  // of a to-one relation; of a set the member that is added
};

// `attribute` is no list of numbers and no integer of a task; the cell is of its kind.
void SetCell(model::JobModel& model, metrics::AttributeId attribute, std::uint32_t row, const Cell& cell);

// Integers of tasks, whose columns can only be appended to: several cells at once, (row, value). The attribute is one
// of these.
void SetTaskCells(model::JobModel& model, metrics::AttributeId attribute,
                  std::span<const std::pair<std::uint32_t, std::int64_t>> cells);
bool IsTaskInteger(metrics::AttributeId attribute);

}  // namespace advise::workbench
