// Rows of one table of the model, picked, sorted and cut to a page: what `advise model LOG ENTITY` has, in portions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/job_model.h"
#include "support/result.h"

namespace advise::service {

// A row counts if its value of the attribute is there and within this.
struct RowCondition {
  std::string attribute;
  std::optional<std::string> equals;  // as printed: "FAILED", "true", "12.0", "17"
  std::optional<double> least;        // in the attribute's stored unit
  std::optional<double> most;
};
struct RowRequest {
  model::Entity entity = model::Entity::Stage;
  std::string id;  // one element (metrics::EntityKey); empty: all that the conditions leave
  std::vector<RowCondition> where;
  std::string sort;  // an attribute; empty: the order of the table
  bool descending = false;
};

// All rows that are meant, in order; those without the value to sort by come last. Errors (Usage): an attribute that
// the entity does not have, with the nearest; one that cannot be compared; an id that the log does not have.
Result<std::vector<std::uint32_t>> PickRows(const model::JobModel& model, const RowRequest& request);

}  // namespace advise::service
