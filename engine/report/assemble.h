// Everything that was found becomes the Report: numbering, folds, sentences. The last step before the writers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "diagnose/coverage.h"
#include "diagnose/finding.h"
#include "diagnose/in_force.h"
#include "diagnose/nearest.h"
#include "explain/narration.h"
#include "model/job_model.h"
#include "model/log_info.h"
#include "plan/plan.h"
#include "recommend/recommendation.h"
#include "report/report.h"

namespace advise::report {

struct AssembleOptions {
  explain::Level level = explain::Level::Practitioner;
  std::size_t top = 3;
  bool flat = false;     // symptoms stand beside their causes
  bool details = false;  // also make Report::details
};

struct AssembleInput {
  const model::JobModel& model;
  model::LogInfo log;
  std::vector<diagnose::Finding> findings;  // ranked
  std::vector<recommend::Recommendation> recommendations;
  std::vector<explain::Narration> narrations;  // of findings and recommendations, by their ids
  diagnose::Coverage coverage;
  std::vector<diagnose::NearMiss> nearest;  // the closest first
  std::vector<diagnose::Unexplained> unexplained{};
  std::optional<plan::Plan> plan{};
  diagnose::InForce in_force{};
};

Report Assemble(AssembleInput input, const AssembleOptions& options);

}  // namespace advise::report
