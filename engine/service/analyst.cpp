// Reading and reporting with a memory: keys hold the state of the files, so that a log that grew is read again.
#include "service/analyst.h"

#include <filesystem>

#include "support/text.h"

namespace advise::service {
namespace {

// Of all logs that are kept, in bytes of their text: their models take some hundredths of it.
constexpr std::uint64_t kKeptBytes = std::uint64_t{8} << 30;

std::string KeyOf(const ListedLog& log, const ingest::Selection& selection) {
  std::string key = log.id + '\n' + selection.Name();
  for (const ingest::LogPart& part : log.input.parts) {
    std::error_code error;
    const auto changed = std::filesystem::last_write_time(part.path, error);
    key += '\n' + part.path + ' ' + std::to_string(std::filesystem::file_size(part.path, error)) + ' ' +
           std::to_string(changed.time_since_epoch().count());
  }
  return key;
}

std::string KeyOf(const plan::PlanOptions& plan) {
  return std::to_string(static_cast<int>(plan.objective)) + ' ' +
         (plan.max_changes ? std::to_string(*plan.max_changes) : "all") + ' ' +
         (plan.no_code_changes ? "conf" : "any") + ' ' + Join(plan.pinned, " ");
}

}  // namespace

Result<std::unique_ptr<Analyst>> Analyst::Make(const Options& options, SourceManager& sources,
                                               Diagnostics& diagnostics) {
  std::unique_ptr<Analyst> analyst(new Analyst(options, sources));
  RuleOptions how;
  how.paths = options.rules;
  how.all_templates = true;  // else each report would read some more and keep them
  PhaseTimes times;
  ADVISE_TRY(Rulebook book, Compile(how, sources, diagnostics, times));
  analyst->book_ = std::move(book);
  return analyst;
}

Result<std::shared_ptr<const RunLog>> Analyst::ReadLog(const ListedLog& log, const Ask& ask, ingest::Detail detail) {
  const std::string key = KeyOf(log, ask.selection) + (detail == ingest::Detail::Rest ? "\nrest" : "");
  const std::scoped_lock reading(reading_);
  {
    const std::scoped_lock lock(kept_);
    if (auto run = runs_.Get(key)) return run;
  }
  ingest::IngestOptions how;
  how.threads = options_.threads;
  how.detail = detail;
  how.selection = ask.selection;
  how.stop = ask.stop;
  how.progress = ask.progress;
  PhaseTimes times;
  ADVISE_TRY(RunLog read, Read(log.input, how, times));
  if (ask.stop != nullptr && ask.stop->load()) return Fail(DiagnosticCode::Usage, "cancelled");
  auto run = std::make_shared<const RunLog>(std::move(read));
  const std::scoped_lock lock(kept_);
  runs_.Put(key, run);
  runs_.Shrink([](const auto& all) {
    std::uint64_t bytes = 0;
    for (const auto& [name, one] : all) bytes += one->info.decoded_bytes;
    return bytes > kKeptBytes;
  });
  return run;
}

Result<std::shared_ptr<const Analysis>> Analyst::Analyze(const ListedLog& log, const Ask& ask) {
  const std::string key = KeyOf(log, ask.selection) + '\n' + std::string(LevelName(ask.level)) + ' ' +
                          std::to_string(ask.top) + ' ' + KeyOf(ask.plan);
  {
    const std::scoped_lock lock(kept_);
    if (auto analysis = analyses_.Get(key)) return analysis;
  }
  ADVISE_TRY(std::shared_ptr<const RunLog> run, ReadLog(log, ask, ingest::Detail::Rules));
  PhaseTimes times;
  SourceManager sources;
  Diagnostics remarks;
  Diagnosis diagnosis = Diagnose(run->model, book_->rules, times);
  plan::PlanOptions plan = ask.plan;
  plan.subsets = true;
  Plan(run->model, diagnosis, plan, times);
  ReportOptions how;
  how.level = ask.level;
  how.top = ask.top;
  how.details = true;
  auto analysis = std::make_shared<const Analysis>(
      Analysis{run, Assemble(*run, *book_, std::move(diagnosis), how, sources, remarks, times)});
  if (ask.stop != nullptr && ask.stop->load()) return Fail(DiagnosticCode::Usage, "cancelled");
  const std::scoped_lock lock(kept_);
  analyses_.Put(key, analysis);
  return analysis;
}

Result<std::shared_ptr<const Examination>> Analyst::Examine(const ListedLog& log, const Ask& ask) {
  const std::string key = KeyOf(log, ask.selection);
  {
    const std::scoped_lock lock(kept_);
    if (auto examination = examinations_.Get(key)) return examination;
  }
  ADVISE_TRY(std::shared_ptr<const RunLog> run, ReadLog(log, ask, ingest::Detail::Rules));
  PhaseTimes times;
  SourceManager none;  // all templates have been read
  auto examination =
      std::make_shared<const Examination>(Examination{run, advise::ask::Examine(*run, *book_, none, times)});
  if (ask.stop != nullptr && ask.stop->load()) return Fail(DiagnosticCode::Usage, "cancelled");
  const std::scoped_lock lock(kept_);
  examinations_.Put(key, examination);
  return examination;
}

}  // namespace advise::service
