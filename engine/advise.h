// THE MAP. Read this first, pipeline.cpp second. The program is a chain of functions from plain data to plain data:
//
//   path ──FindLogs──▶ LogInput ──Read──▶ RunLog { JobModel, LogInfo }              log leg: ingest/, model/
//   rule files ──Compile──▶ Rulebook { RuleSet, templates }                         rule leg: rules/, explain/
//   JobModel + RuleSet ──Diagnose──▶ Diagnosis { matches, findings, recommendations }      diagnose/, recommend/
//   Diagnosis ──Plan──▶ Diagnosis { …, savings, plan }                              cost/, plan/
//   Diagnosis ──Assemble──▶ Report ──writers──▶ text, JSON, …                       explain/, report/
//
// The log leg never sees a rule, the rule leg never sees a row: they meet in rules/match/ over the catalogue of
// attributes (metrics/). engine/ARCHITECTURE.md has the drawing, the layers, and where to add what.
//
// Words: a Diagnostic is about the user's input to advise, a Finding is about the Spark job.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "diagnose/diagnose.h"
#include "explain/library.h"
#include "explain/narration.h"
#include "ingest/ingest.h"
#include "ingest/log_source.h"
#include "ingest/selection.h"
#include "model/job_model.h"
#include "model/log_info.h"
#include "plan/plan.h"
#include "recommend/recommendation.h"
#include "report/report.h"
#include "rules/packs/load.h"
#include "rules/plan/rule_set.h"
#include "support/diagnostics.h"
#include "support/limits.h"
#include "support/phase_timer.h"
#include "support/result.h"
#include "support/source.h"

namespace advise {

// One application attempt, read and derived.
struct RunLog {
  model::JobModel model;
  model::LogInfo info;
};

// Reads one log. Torn lines, unknown events and missing fields are counted, not fatal. Errors: what ingest::Ingest
// reports.
Result<RunLog> Read(const ingest::LogInput& input, const ingest::IngestOptions& options, PhaseTimes& times);

// Which rules are used, and how.
struct RuleOptions {
  std::vector<std::string> paths;               // --rules FILE|DIR, in order
  bool default_packs = true;                    // --no-default-rules
  std::vector<rules::ParamSetting> parameters;  // --set PARAM=VALUE
  bool tests = false;                           // read the packs' tests too
  // Only of the paths: for editors, where the built-in packs are as they were tested.
  bool built_in_tests = true;
  bool all_templates = false;                       // read them now: for checks, and for many logs
  std::map<std::string, std::string> open_files{};  // texts that stand for files on the disk, by path
  Limits limits;
};

// Compiled rules and how they are explained. Nothing changes in it after Compile: threads may share one. The
// SourceManager that it was compiled with must outlive it.
struct Rulebook {
  rules::RuleSet rules;
  explain::TemplateLibrary templates;
  // The built-in ones, if they were not read: a report needs few of some hundred files.
  std::vector<explain::TemplateFile> unread;
  rules::Image image;  // of the built-in packs, for these too
};

// Compiles the built-in packs and those named. A bad rule costs itself: it is reported and left out. Fails only when
// the built-in packs are not there, or a named file cannot be read or yields no rule at all.
Result<Rulebook> Compile(const RuleOptions& options, SourceManager& sources, Diagnostics& diagnostics,
                         PhaseTimes& times);

// What the rules say of one log, before anything is worded.
struct Diagnosis : diagnose::Diagnosis {
  std::vector<recommend::Recommendation> recommendations;
  std::optional<plan::Plan> plan;  // once Plan was asked
};
Diagnosis Diagnose(const model::JobModel& model, const rules::RuleSet& rules, PhaseTimes& times);

// Predicts what the recommendations would save, alone and together, and chooses among them.
void Plan(const model::JobModel& model, Diagnosis& diagnosis, const plan::PlanOptions& options, PhaseTimes& times);

// How the report is made.
struct ReportOptions {
  explain::Level level = explain::Level::Practitioner;
  int top = 3;           // findings shown; the others are counted
  bool flat = false;     // symptoms are not folded under their causes
  bool details = false;  // queries, stages and executors too, for formats that show them (report/formats.h)
};

// Words it. Templates that the rulebook has not read are read for this report; they are added to `sources`, and what is
// wrong with them is reported.
report::Report Assemble(const RunLog& log, const Rulebook& rulebook, Diagnosis diagnosis, const ReportOptions& options,
                        SourceManager& sources, Diagnostics& diagnostics, PhaseTimes& times);

}  // namespace advise
