// Writes one cell of a model by its attribute: the counterpart of metrics/evaluate.h, for tests of packs.
#pragma once

#include <cstdint>
#include <string_view>

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

// `attribute` is no list and no integer of a task (tasks are appended whole); the cell is of its kind.
void SetCell(model::JobModel& model, metrics::AttributeId attribute, std::uint32_t row, const Cell& cell);

// True if the attribute is an integer column of the task table, which can only be appended to.
bool IsAppended(metrics::AttributeId attribute);

}  // namespace advise::workbench
