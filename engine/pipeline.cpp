// The whole program on one screen; read this second.
#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "advise.h"
#include "diagnose/diagnose.h"
#include "diagnose/from_matches.h"
#include "diagnose/nearest.h"
#include "diagnose/rank.h"
#include "explain/narrate.h"
#include "ingest/describe.h"
#include "plan/make_plan.h"
#include "plan/rank_by_saving.h"
#include "recommend/propose.h"
#include "report/assemble.h"
#include "rules/bind/check_unused.h"
#include "rules/packs/find.h"
#include "support/data_dir.h"

namespace advise {

Result<RunLog> Read(const ingest::LogInput& input, const ingest::IngestOptions& options, PhaseTimes& times) {
  const PhaseTimer timer(times, "read");
  ADVISE_TRY(ingest::Ingested run, ingest::Ingest(input, options));
  model::LogInfo info = ingest::Describe(input, run, options.selection);
  return RunLog{std::move(run.model), std::move(info)};
}

Result<Rulebook> Compile(const RuleOptions& options, SourceManager& sources, Diagnostics& diagnostics,
                         PhaseTimes& times) {
  const PhaseTimer timer(times, "rules");
  const std::optional<std::filesystem::path> data = FindDataDir();
  std::vector<std::string> on_disk;
  std::ranges::copy_if(options.paths, std::back_inserter(on_disk),
                       [&](const std::string& path) { return !options.open_files.contains(path); });
  ADVISE_TRY(rules::PackPaths packs, rules::FindPacks(data, options.default_packs, on_disk));
  for (const auto& [path, text] : options.open_files) {
    if (std::ranges::find(options.paths, path) != options.paths.end()) packs.paths.push_back(path);
  }
  rules::CompileOptions how;
  how.params = options.parameters;
  how.tests = options.tests;
  how.built_in_tests = options.built_in_tests;
  how.open_files = &options.open_files;
  how.built_in = packs.built_in;
  how.limits = options.limits;
  Rulebook book;
  if (options.default_packs) book.image = rules::ReadImage(FindImageFolders());
  how.image = &book.image;
  book.rules = rules::Compile(sources, packs.paths, how, diagnostics);
  for (const std::string& path : options.paths) {
    if (rules::YieldsRules(book.rules, path) || !options.open_files.empty()) continue;
    return Fail(DiagnosticCode::NoRules, "`" + path + "` yields no rule",
                "every item of it has an error, or it is empty; `advise check` shows them all");
  }
  std::vector<explain::TemplateFile> templates = explain::FindOwnTemplates(options.paths);
  if (data) book.unread = explain::FindTemplates(*data / "explain-templates", "explain-templates");
  if (options.all_templates || (options.tests && options.built_in_tests)) {
    templates.insert(templates.end(), book.unread.begin(), book.unread.end());
    book.unread.clear();
  }
  book.templates = explain::ReadTemplates(templates, book.rules, &book.image, sources, options.limits, diagnostics);
  if (options.tests) rules::CheckUnused(book.rules, options.paths.empty(), diagnostics);
  return book;
}

Diagnosis Diagnose(const model::JobModel& model, const rules::RuleSet& rules, PhaseTimes& times) {
  Diagnosis diagnosis{diagnose::Diagnose(rules, model, &times), {}, {}};
  const PhaseTimer timer(times, "recommend");
  diagnosis.recommendations = recommend::Propose(rules, diagnosis, model);
  return diagnosis;
}

void Plan(const model::JobModel& model, Diagnosis& diagnosis, const plan::PlanOptions& options, PhaseTimes& times) {
  const PhaseTimer timer(times, "plan");
  std::vector<plan::Bound> bounds;
  for (const diagnose::Finding& finding : diagnosis.findings) bounds.push_back(plan::BoundOf(finding));
  diagnosis.plan = plan::MakePlan(diagnosis.recommendations, model, options, bounds);
  plan::RankBySaving(diagnosis.findings, diagnosis.recommendations, diagnose::ContextOf(model));
}

namespace {

// Those of the matched rules that the rulebook has not read.
explain::TemplateLibrary ReadMore(const Rulebook& book, const rules::MatchResults& matches, SourceManager& sources,
                                  Diagnostics& diagnostics) {
  std::set<std::string_view> names;
  for (const rules::Match& match : matches.matches) names.insert(book.rules.rules[match.rule].name);
  std::vector<explain::TemplateFile> files;
  std::ranges::copy_if(book.unread, std::back_inserter(files),
                       [&](const explain::TemplateFile& file) { return names.contains(file.rule()); });
  return explain::ReadTemplates(files, book.rules, &book.image, sources, Limits(), diagnostics);
}

}  // namespace

report::Report Assemble(const RunLog& log, const Rulebook& book, Diagnosis diagnosis, const ReportOptions& options,
                        SourceManager& sources, Diagnostics& diagnostics, PhaseTimes& times) {
  const PhaseTimer timer(times, "report");
  const rules::RuleSet& rules = book.rules;
  const rules::MatchReader reader(diagnosis.matches);
  const explain::TemplateLibrary more = ReadMore(book, diagnosis.matches, sources, diagnostics);
  std::vector<explain::Narration> words = explain::Narrate({&book.templates, &more}, diagnosis.matches, reader,
                                                           diagnosis.findings, diagnosis.recommendations);
  const bool silent = std::ranges::all_of(diagnosis.findings, [](const diagnose::Finding& finding) {
    return finding.severity == diagnose::Severity::Info;
  });
  std::vector<diagnose::NearMiss> nearest;
  if (silent) nearest = diagnose::NearestMisses(rules, diagnosis.matches, log.model, {});
  report::AssembleOptions how;
  how.level = options.level;
  how.top = static_cast<std::size_t>(std::max(options.top, 0));
  how.flat = options.flat;
  how.details = options.details;
  return report::Assemble(
      {log.model, log.info, std::move(diagnosis.findings), std::move(diagnosis.recommendations), std::move(words),
       diagnose::CoverageOf(rules, diagnosis.matches, &log.model), std::move(nearest), std::move(diagnosis.unexplained),
       std::move(diagnosis.plan), diagnose::InForceOf(rules, diagnosis.matches)},
      how);
}

}  // namespace advise
