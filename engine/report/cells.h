// Cells of the model's columns: their value, or nothing where the log does not say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "model/job_model.h"

namespace advise::report {

template <class Column>
std::optional<std::int64_t> IntegerAt(const Column& column, std::size_t row) {
  if (!column.Has(row)) return std::nullopt;
  return column.Get(row);
}

inline std::optional<std::string> TextAt(const model::JobModel& model, const model::StrColumn& column,
                                         std::size_t row) {
  if (!column.Has(row)) return std::nullopt;
  return std::string(model.strings.Get(column.Get(row)));
}

}  // namespace advise::report
