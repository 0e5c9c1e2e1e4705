// `advise model`: the job as rules see it, as JSON (design: "JSON of `model`"; schema: writers/model.schema.json) and
// as text for people. Every attribute of the catalogue, null where the log does not hold it, and why it does not.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "model/job_model.h"
#include "model/log_info.h"

namespace advise::exports {

struct ModelOutput {
  const model::JobModel& model;
  model::LogInfo log;
  // nullopt: everything. An entity alone: its array. With `id` (metrics::EntityKey): one element of it; an id that
  // names none is written as null: ask metrics::FindEntity before.
  std::optional<model::Entity> entity{};
  std::string id{};
};

// "stages", "stage" and "Stage" are Entity::Stage. nullopt: no such entity.
std::optional<model::Entity> ParseModelEntity(std::string_view name);

// Arrays are streamed, one element a line. Ends with a line end.
void WriteModelJson(const ModelOutput& output, std::ostream& out);

// Single rows of an entity, for who takes the model in portions. The model outlives it.
class ModelRows {
 public:
  ModelRows(const model::JobModel& model, model::Entity entity);
  ~ModelRows();
  ModelRows(const ModelRows&) = delete;
  ModelRows& operator=(const ModelRows&) = delete;
  // An object as in the arrays of WriteModelJson.
  std::string Row(std::uint32_t row);
  // The object `units` for this entity, and `missing` for the rows that were asked so far.
  std::string Units();
  std::string Missing();

 private:
  struct Writer;
  std::unique_ptr<Writer> writer_;
};

// An overview, a table of the entity's most useful columns, or all attributes of one element. `unicode`: "–" for
// missing values and "…" for cut ones, else "-" and "...".
void WriteModelText(const ModelOutput& output, std::ostream& out, bool unicode = true);

}  // namespace advise::exports
