// All chosen changes of settings together, as one block to paste: which, where, in which form, and what had to stay out
// because Spark would not take it together with the rest. Plain data; the report lays it out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/job_model.h"
#include "recommend/recommendation.h"

namespace advise::recommend {

// How settings that are given when the application starts are written where the run was.
enum class StartForm : std::uint8_t {
  SparkSubmit,    // --conf KEY=VALUE, one each
  ClusterConfig,  // KEY VALUE, one a line: the Spark config of a Databricks cluster
  JobProperties,  // --properties=KEY=VALUE,…: a Dataproc job
};

struct PastedSetting {
  std::string key;
  spark::SettingValue value;
  std::vector<std::size_t> recommendations;  // that ask for it, in the list given
};

// A recommendation whose settings stay out, all of them, and why: a sentence without full stop.
struct LeftOut {
  std::size_t recommendation = 0;
  std::string because;
};

struct PasteBlock {
  StartForm start_form = StartForm::SparkSubmit;
  std::vector<PastedSetting> at_start;    // in start_form; in the order of the recommendations
  std::vector<PastedSetting> in_session;  // spark.conf.set("KEY", "VALUE"), or SET KEY=VALUE in SQL, before the query
  std::vector<LeftOut> left_out;
  [[nodiscard]] bool empty() const { return at_start.empty() && in_session.empty(); }
};

// Of the chosen recommendations, in their order: each is taken whole if what is in force in the application, what was
// taken before and its own settings are legal together (paste_block.cpp lists what that means); else it is left out.
PasteBlock MakePasteBlock(const std::vector<Recommendation>& recommendations, const model::JobModel& model);

// Why Spark would not take the settings of these recommendations together, as a sentence without full stop; nullopt: it
// takes them, as far as is known.
std::optional<std::string> AgainstTogether(const std::vector<const Recommendation*>& recommendations,
                                           const model::JobModel& model);

}  // namespace advise::recommend
