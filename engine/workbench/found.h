// What was found in one log, as labels are held against it. Plain data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "diagnose/finding.h"
#include "model/job_model.h"
#include "workbench/labels.h"

namespace advise::workbench {

struct FoundFinding {
  std::string id;    // "spark.core.skewed_join(2.0,0/3)"
  std::string rule;  // qualified name
  diagnose::Layer layer = diagnose::Layer::Cause;
  diagnose::Severity severity = diagnose::Severity::Info;
  std::size_t rank = 0;  // 1, 2 … among the findings that stand for themselves, in report order; 0: folded, or info
  // Where it points: the entities of its head and what they belong to. A finding about the application has none.
  std::vector<std::int64_t> stages;
  std::vector<std::int64_t> jobs;
  std::vector<std::int64_t> sql;
  std::vector<std::string> queries;
  std::vector<std::string> nodes;
  std::vector<std::string> executors;
  std::vector<LabelChange> changes;      // of the recommendations against it
  std::vector<std::string> advices;      // their rules
  std::optional<std::int64_t> bound_ms;  // upper bound of what a change could save
};

// Why a rule found nothing.
struct Silence {
  std::string rule;
  std::string because;  // "not evaluated: …", "max(r) >= 256MiB: 110 MiB, limit 256 MiB (stage 2.0)"
};

struct FoundInLog {
  std::optional<std::int64_t> duration_ms;  // of the application
  std::vector<FoundFinding> findings;       // in report order
  std::vector<Silence> silent;              // of the rules for which something can be said
};

// Findings in report order (findings/rank.h), without their changes.
std::vector<FoundFinding> DescribeFindings(const model::JobModel& model,
                                           const std::vector<diagnose::Finding>& findings);

}  // namespace advise::workbench
