// The whole program on one screen; read this second.
#include "advise.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "diagnose/diagnose.h"
#include "diagnose/from_matches.h"
#include "diagnose/nearest.h"
#include "explain/narrate.h"
#include "ingest/ingest.h"
#include "recommend/propose.h"
#include "report/assemble.h"
#include "rules/match/match.h"
#include "rules/packs/load.h"
#include "support/data_dir.h"
#include "support/text.h"

namespace advise {
namespace {

std::string_view SeverityName(ingest::StatSeverity severity) {
  switch (severity) {
    case ingest::StatSeverity::Info: return "info";
    case ingest::StatSeverity::Notice: return "notice";
    case ingest::StatSeverity::DataLoss: return "data-loss";
  }
  return "";
}

// What the log itself was like, for every output.
model::LogInfo DescribeLog(const ingest::LogInput& input, const ingest::Ingested& run) {
  model::LogInfo info;
  info.path = input.display_path;
  info.format = ingest::Name(input.layout);
  info.codec = Join(run.codecs, "+");
  const model::AppTable& app = run.model.app;
  if (app.spark.Has(0)) info.spark_version = std::string(run.model.strings.Get(app.spark.Get(0)));
  info.environment = model::EnumName(app.environment.Get(0));
  // Compaction leaves out finished jobs: what is there is whole, the run is not.
  info.complete =
      app.complete.Has(0) && app.complete.Get(0) && !run.interrupted && run.stats.count(ingest::Stat::Compacted) == 0;
  info.bytes = run.bytes;
  info.decoded_bytes = run.decoded_bytes;
  info.lines = run.lines;
  info.events = run.events;
  info.unknown_events = run.stats.count(ingest::Stat::UnknownEvent);
  for (const ingest::Stat bad : {ingest::Stat::TornLine, ingest::Stat::BadLine, ingest::Stat::ForeignLine,
                                 ingest::Stat::LongLine, ingest::Stat::DeepLine}) {
    info.bad_lines += run.stats.count(bad);
  }
  for (const ingest::StatInfo& stat : ingest::AllStats()) {
    const std::uint64_t count = run.stats.count(stat.id);
    if (count == 0) continue;
    info.notes.push_back({std::string(stat.code), std::string(SeverityName(stat.severity)), count,
                          std::string(stat.text), run.stats.example(stat.id)});
  }
  return info;
}

// The folders of a data folder's rulepacks/, by name: each is a pack.
std::vector<std::string> PacksIn(const std::filesystem::path& folder) {
  std::vector<std::string> packs;
  std::error_code error;
  for (const std::filesystem::directory_entry& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.is_directory(error)) packs.push_back(entry.path().string());
  }
  std::sort(packs.begin(), packs.end());
  return packs;
}

// Whether the text is of this rule file, or of a file in this folder.
bool IsFrom(SourceId source, std::string_view path, const SourceManager& sources) {
  return source != SourceId::None && sources.name(source).substr(0, path.size()) == path;
}

// A rule file counts when anything of it is in the set: a rule, a test, or what it changes in other packs.
bool YieldsRules(const std::string& path, const rules::RuleSet& set, const SourceManager& sources) {
  const auto is_from = [&](SourceId source) { return IsFrom(source, path, sources); };
  for (const rules::BoundRule& rule : set.rules) {
    if (is_from(rule.name_span.source)) return true;
  }
  for (const std::unique_ptr<rules::ast::File>& file : set.files) {
    if (!is_from(file->source)) continue;
    for (const rules::ast::Item& item : file->items) {
      if (std::holds_alternative<rules::ast::Override>(item) || std::holds_alternative<rules::ast::Suppress>(item) ||
          std::holds_alternative<rules::ast::Test>(item))
        return true;
    }
  }
  return false;
}

void AddUse(const rules::MatchResults& matches, RuleUse& use) {
  ++use.logs;
  use.hidden.resize(matches.suppressions.size());
  use.lapsed.resize(matches.suppressions.size());
  use.given_up.resize(matches.suppressions.size());
  for (std::size_t i = 0; i < matches.suppressions.size(); ++i) {
    use.hidden[i] += matches.suppressions[i].hidden;
    use.lapsed[i] = use.lapsed[i] || matches.suppressions[i].lapsed;
    use.given_up[i] = use.given_up[i] || matches.suppressions[i].given_up;
  }
  use.enabled_again.insert(use.enabled_again.end(), matches.enabled_again.begin(), matches.enabled_again.end());
  std::ranges::sort(use.enabled_again);
  use.enabled_again.erase(std::unique(use.enabled_again.begin(), use.enabled_again.end()), use.enabled_again.end());
}

}  // namespace

namespace {

ingest::IngestOptions HowToRead(const ReadOptions& options) {
  ingest::IngestOptions how;
  how.limits = options.limits;
  how.detail = options.detail;
  how.threads = options.threads;
  how.stop = options.stop;
  how.progress = options.progress;
  how.selection = options.selection;
  return how;
}

}  // namespace

Result<RunLog> ReadLog(const ingest::LogInput& input, const ReadOptions& options, PhaseTimes& times) {
  const PhaseTimer timer(times, "read");
  // Torn lines, unknown events and missing fields are counted, not fatal.
  ADVISE_TRY(ingest::Ingested run, ingest::Ingest(input, HowToRead(options)));
  RunLog log;
  log.info = DescribeLog(input, run);
  log.info.selected = options.selection.Name();
  log.model = std::move(run.model);
  return log;
}

struct Rules::Impl {
  rules::RuleSet set;
  explain::Explanations explanations;
  // Templates are read when a rule of theirs first matches: a report needs few of some hundred files.
  SourceManager* sources = nullptr;
  std::filesystem::path templates;  // empty: there are none, or all are read
  Limits limits;
  std::set<std::string> asked;  // names of rules whose templates were looked for
  Diagnostics late;             // about templates that were read so

  void ReadTemplatesOf(const rules::MatchResults& matches);
};

void Rules::Impl::ReadTemplatesOf(const rules::MatchResults& matches) {
  if (templates.empty()) return;
  std::set<std::string> names;
  for (const rules::Match& match : matches.matches) {
    if (const std::string& name = set.rules[match.rule].name; asked.insert(name).second) names.insert(name);
  }
  if (names.empty()) return;
  const explain::TemplateSet found = explain::LoadTemplates(templates, names, late);
  explanations.merge(explain::BindTemplates(found, set, *sources, limits, late));
}

Rules::Rules(std::unique_ptr<Impl> given) : impl(std::move(given)) {}
Rules::~Rules() = default;
Rules::Rules(Rules&&) noexcept = default;
Rules& Rules::operator=(Rules&&) noexcept = default;
std::size_t Rules::size() const { return impl->set.rules.size(); }

std::vector<RulePackInfo> Rules::packs() const {
  std::vector<RulePackInfo> packs;
  for (const rules::PackInfo& pack : impl->set.packs) {
    const auto of_pack = [&](const rules::BoundRule& rule) { return rule.pack == pack.name; };
    packs.push_back(
        {pack.name, pack.version, static_cast<std::size_t>(std::ranges::count_if(impl->set.rules, of_pack))});
  }
  return packs;
}

Result<Rules> CompileRules(const RuleOptions& options, SourceManager& sources, Diagnostics& diagnostics,
                           PhaseTimes& times) {
  const PhaseTimer timer(times, "rules");
  const std::optional<std::filesystem::path> data = FindDataDir();
  if (!data && options.default_packs) {
    return Fail(
        DiagnosticCode::DataNotFound, "the built-in rule packs were not found",
        "set ADVISE_DATA_DIR to the folder that holds rulepacks/ and explain-templates/, or give --no-default-rules");
  }
  std::vector<std::string> paths;
  if (options.default_packs) paths = PacksIn(*data / "rulepacks");
  paths.insert(paths.end(), options.paths.begin(), options.paths.end());
  for (const std::string& path : options.paths) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) {
      return Fail(DiagnosticCode::RulesNotFound, "the rule file `" + path + "` does not exist");
    }
  }
  rules::CompileOptions how;
  how.limits = options.limits;
  how.tests = options.tests;
  how.built_in = options.default_packs ? paths.size() - options.paths.size() : 0;
  for (const auto& [name, value] : options.parameters) how.params.push_back({name, value});
  auto impl = std::make_unique<Rules::Impl>();
  impl->set = rules::Compile(sources, paths, how, diagnostics);
  for (const std::string& path : options.paths) {
    if (!YieldsRules(path, impl->set, sources)) {
      return Fail(DiagnosticCode::NoRules, "`" + path + "` yields no rule",
                  "every item of it has an error, or it is empty; `advise check` shows them all");
    }
  }
  if (data && options.tests) {
    const explain::TemplateSet templates = explain::LoadTemplates(*data / "explain-templates", diagnostics);
    impl->explanations = explain::BindTemplates(templates, impl->set, sources, options.limits, diagnostics);
  } else if (data) {
    impl->sources = &sources;
    impl->templates = *data / "explain-templates";
    impl->limits = options.limits;
  }
  return Rules(std::move(impl));
}

namespace {

std::vector<recommend::Recommendation> Recommend(const RunLog& log, const rules::RuleSet& set,
                                                 const diagnose::Diagnosis& diagnosis, PhaseTimes& times) {
  const PhaseTimer timer(times, "recommend");
  const rules::MatchReader reader(diagnosis.matches);
  return recommend::Propose(set, diagnosis, reader, log.model);
}

}  // namespace

report::Report AnalyzeLog(const RunLog& log, const Rules& rules, const ReportOptions& options, PhaseTimes& times,
                          RuleUse* use) {
  const rules::RuleSet& set = rules.impl->set;
  const model::JobModel& model = log.model;
  diagnose::Diagnosis diagnosis = diagnose::Diagnose(set, model, &times);
  std::vector<recommend::Recommendation> recommendations = Recommend(log, set, diagnosis, times);
  const rules::MatchResults& matches = diagnosis.matches;
  if (use != nullptr) AddUse(matches, *use);
  const PhaseTimer timer(times, "report");
  rules.impl->ReadTemplatesOf(matches);
  const rules::MatchReader reader(matches);
  std::vector<explain::Narration> words =
      explain::Narrate(rules.impl->explanations, matches, reader, diagnosis.findings, recommendations);
  const bool silent = std::ranges::all_of(diagnosis.findings, [](const diagnose::Finding& finding) {
    return finding.severity == diagnose::Severity::Info;
  });
  std::vector<diagnose::NearMiss> nearest;
  if (silent) nearest = diagnose::NearestMisses(set, matches, model, {});
  report::AssembleOptions how;
  how.level = options.level;
  how.top = static_cast<std::size_t>(options.top < 0 ? 0 : options.top);
  how.flat = options.flat;
  return report::Assemble({model, log.info, std::move(diagnosis.findings), std::move(recommendations), std::move(words),
                           diagnose::CoverageOf(set, matches), std::move(nearest)},
                          how);
}

workbench::FoundInLog FindInLog(const RunLog& log, const Rules& rules, bool reasons, PhaseTimes& times) {
  const rules::RuleSet& set = rules.impl->set;
  const diagnose::Diagnosis diagnosis = diagnose::Diagnose(set, log.model, &times);
  const std::vector<recommend::Recommendation> recommendations = Recommend(log, set, diagnosis, times);
  workbench::FoundInLog found;
  if (log.model.app.duration.Has(0)) found.duration_ms = log.model.app.duration.Get(0);
  found.findings = workbench::DescribeFindings(log.model, diagnosis.findings);
  for (workbench::FoundFinding& finding : found.findings) {
    for (const recommend::Recommendation& advice : recommendations) {
      if (!advice.chosen || std::ranges::find(advice.for_findings, finding.id) == advice.for_findings.end()) continue;
      finding.advices.push_back(advice.rule);
      for (const recommend::Change& change : advice.changes) finding.changes.push_back({change.kind, change.key});
    }
  }
  if (!reasons) return found;
  for (const diagnose::NotEvaluated& group : diagnose::CoverageOf(set, diagnosis.matches).not_evaluated) {
    for (const std::string& rule : group.rules) found.silent.push_back({rule, "not evaluated: " + group.because});
  }
  for (const diagnose::NearMiss& miss :
       diagnose::NearestMisses(set, diagnosis.matches, log.model, {set.rules.size(), 0, true})) {
    found.silent.push_back({miss.rule, "`" + miss.condition + "`: " + miss.value + ", limit " + miss.limit +
                                           (miss.subject.empty() ? "" : " (" + miss.subject + ")")});
  }
  return found;
}

Result<std::vector<workbench::CurvePoint>> DetectionCurve(const std::string& path, const Rules& rules,
                                                          const workbench::Mutation& mutation,
                                                          const ReadOptions& options, PhaseTimes& times) {
  ADVISE_TRY(const std::vector<ingest::LogInput> logs, ingest::FindLogs(path, options.limits));
  ADVISE_TRY(const std::string text, ingest::ReadText(logs.front(), options.limits));
  const auto find_in = [&](std::string_view events) -> Result<workbench::FoundInLog> {
    ADVISE_TRY(ingest::Ingested run, ingest::IngestText(events, path, HowToRead(options)));
    RunLog log;
    log.model = std::move(run.model);
    return FindInLog(log, rules, false, times);
  };
  ADVISE_TRY(const workbench::FoundInLog healthy, find_in(text));
  std::vector<workbench::CurvePoint> curve;
  for (const double level : mutation.levels) {
    const std::optional<std::string> mutated = workbench::Mutate(text, mutation, level);
    if (!mutated) return std::vector<workbench::CurvePoint>();
    ADVISE_TRY(const workbench::FoundInLog faulty, find_in(*mutated));
    curve.push_back(workbench::Notice(healthy, faulty, mutation, level));
  }
  return curve;
}

void ReportRuleUse(const Rules& rules, const RuleUse& use, Diagnostics& diagnostics) {
  for (const Diagnostic& late : rules.impl->late.all()) diagnostics.Report(late.code, late.message) = late;
  const rules::RuleSet& set = rules.impl->set;
  for (std::size_t i = 0; i < use.hidden.size(); ++i) {
    const rules::BoundSuppression& suppression = set.suppressions[i];
    const std::string rule = "`" + set.rules[suppression.rule].Id() + "`";
    if (use.lapsed[i]) {
      diagnostics.Report(DiagnosticCode::Lapsed, suppression.span,
                         "this suppression of " + rule + " ended before the log did: its findings are shown");
    } else if (use.given_up[i]) {
      diagnostics
          .Report(DiagnosticCode::LimitExceeded, suppression.span,
                  "this suppression of " + rule + " looks at too many rows or findings: it hides nothing")
          .severity = Severity::Warning;
    } else if (use.hidden[i] == 0) {
      diagnostics
          .Report(
              DiagnosticCode::StaleSuppression, suppression.span,
              "this suppression of " + rule + " hid nothing in " + (use.logs == 1 ? "this log" : "any of these logs"))
          .severity = Severity::Note;
    }
  }
  for (const std::uint32_t rule : use.enabled_again) {
    diagnostics.Report(
        DiagnosticCode::Lapsed, set.rules[rule].disabled_span,
        "`" + set.rules[rule].Id() + "` was disabled until a day before the end of the log: it is on again");
  }
}

Result<std::vector<workbench::TestResult>> TestRules(const Rules& rules, const std::vector<std::string>& packs,
                                                     const RuleOptions& given, const SourceManager& sources,
                                                     const ReadOptions& options) {
  const rules::RuleSet& set = rules.impl->set;
  for (const std::string& pack : packs) {
    if (std::ranges::find(set.packs, pack, &rules::PackInfo::name) != set.packs.end()) continue;
    return Fail(DiagnosticCode::UnknownPack, "there is no pack `" + pack + "`",
                "packs: " + Join(set.packs, ", ", &rules::PackInfo::name));
  }
  const auto wanted = [&](const rules::BoundTest& test) {
    if (!packs.empty()) return std::ranges::find(packs, test.pack) != packs.end();
    if (given.paths.empty()) return true;
    return std::ranges::any_of(given.paths,
                               [&](const std::string& path) { return IsFrom(test.span.source, path, sources); });
  };
  const auto load = [&](const std::string& path) -> Result<model::JobModel> {
    ADVISE_TRY(const std::vector<ingest::LogInput> logs, ingest::FindLogs(path, options.limits));
    PhaseTimes times;
    ADVISE_TRY(RunLog log, ReadLog(logs.front(), options, times));
    return std::move(log.model);
  };
  return workbench::RunTests(set, sources, wanted, load);
}

}  // namespace advise
