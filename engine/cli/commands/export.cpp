// advise export LOG --format perfetto: the run for tools that show timelines.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "cli/common.h"
#include "cli/output.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "export/perfetto.h"

namespace advise::cli {
namespace {

using exports::TraceNote;

// From the start of the application, ms. nullopt: the log does not say when it was.
std::optional<std::pair<std::int64_t, std::int64_t>> TimeOf(const model::JobModel& model, model::Entity entity,
                                                            std::uint32_t row) {
  const auto between = [&](const auto& start, const auto& end) -> std::optional<std::pair<std::int64_t, std::int64_t>> {
    if (!start.Has(row) || !model.app.first_event.Has(0)) return std::nullopt;
    const std::int64_t zero = model.app.first_event.Get(0);
    const std::int64_t last = model.app.last_event.Get(0);
    return std::pair(start.Get(row) - zero, (end.Has(row) ? end.Get(row) : last) - zero);
  };
  switch (entity) {
    case model::Entity::Stage: return between(model.stages.submitted, model.stages.completed);
    case model::Entity::Job: return between(model.jobs.start, model.jobs.end);
    case model::Entity::SqlExecution: return between(model.sql_executions.start, model.sql_executions.end);
    case model::Entity::Executor: return between(model.executors.added, model.executors.removed);
    case model::Entity::Task: return between(model.tasks.launch, model.tasks.finish);
    case model::Entity::Gap: {
      auto time = between(model.gaps.start, model.gaps.start);
      if (time) time->second = time->first + model.gaps.duration.Get(row);
      return time;
    }
    default: return std::nullopt;
  }
}

// A finding lies over the pieces of the critical path that it is about, else over its subject, else over the run.
std::vector<TraceNote> NotesOf(const model::JobModel& model, const report::Report& report) {
  std::vector<TraceNote> notes;
  for (const report::ShownFinding& shown : report.findings) {
    if (shown.number == 0) continue;
    const diagnose::Finding& finding = shown.finding;
    std::optional<std::pair<std::int64_t, std::int64_t>> time;
    const auto add = [&](model::Entity entity, std::uint32_t row) {
      const auto piece = TimeOf(model, entity, row);
      if (!piece) return;
      if (!time) time = piece;
      time = std::pair(std::min(time->first, piece->first), std::max(time->second, piece->second));
    };
    for (const auto& [entity, row] : finding.path) add(entity, row);
    for (const diagnose::SubjectPart& part : finding.subject) {
      if (!time && !part.group) add(part.entity, part.row);
    }
    if (!time) time = std::pair(std::int64_t{0}, report.app.duration_ms.value_or(0));
    TraceNote note{std::to_string(shown.number) + " " + finding.title, time->first, time->second, {}};
    note.values = {{"id", finding.id},
                   {"severity", std::string(rules::Word(finding.severity))},
                   {"costs", shown.amount},
                   {"message", finding.message}};
    for (const report::Action& action : report.actions) {
      if (action.number == shown.number) note.values.emplace_back("change", action.title + " " + action.saving);
    }
    notes.push_back(std::move(note));
  }
  return notes;
}

std::vector<TraceNote> PathOf(const report::Report& report) {
  std::vector<TraceNote> notes;
  for (const report::PathSegment& segment : report.strip.path)
    notes.push_back({segment.name.empty() ? "driver" : segment.name, segment.start_ms, segment.end_ms, {}});
  return notes;
}

}  // namespace

int RunExport(const std::vector<std::string>& arguments) {
  CLI::App app("The run as a file for other tools: a trace for ui.perfetto.dev.", "advise export");
  std::string path;
  std::string format = "perfetto";
  std::string output;
  ReadingRequest reading;
  app.add_option("log", path, "event log: a file, a folder with one log, or - for standard input")->required();
  app.add_option("--format", format, "perfetto: a trace of driver, jobs, stages and slots, with the findings")
      ->check(CLI::IsMember({"perfetto"}))
      ->capture_default_str();
  app.add_option("-o,--output", output, "write to this file; else to standard output, which must be no terminal");
  app.add_option("--sql", reading.options.selection.sql, "this SQL execution alone")->check(CLI::NonNegativeNumber);
  app.add_option("--job", reading.options.selection.job, "this job alone")
      ->check(CLI::NonNegativeNumber)
      ->excludes("--sql");
  app.add_flag("--anonymise,--anonymize", reading.anonymise, "names become host-1, table-3 …");
  app.add_option("--threads", reading.options.threads, "threads that read; 0: by the machine")->capture_default_str();
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  if (output.empty() && ::isatty(STDOUT_FILENO) != 0) {
    PrintError({DiagnosticCode::Usage, "a trace is nothing for a terminal", "-o trace.pftrace"}, When::Auto);
    return kBadInput;
  }

  SourceManager sources;
  Diagnostics diagnostics;
  PhaseTimes times;
  Result<Rulebook> book = Compile({}, sources, diagnostics, times);
  PrintDiagnostics(sources, diagnostics, When::Auto);
  if (!book) {
    PrintError(book.error(), When::Auto);
    return kBadInput;
  }
  Output out(output, When::Auto);
  reading.paths = {path};
  reading.output = &out;
  bool several = false;
  const ReadingResult result = ForEachLog(reading, times, [&](const RunLog& log, const LogPlace& place) {
    several = several || place.of_path > 1;
    if (several) return;
    Diagnosis diagnosis = Diagnose(log.model, book->rules, times);
    Plan(log.model, diagnosis, {}, times);
    ReportOptions how;
    how.top = 1000;
    Diagnostics remarks;
    const report::Report report = Assemble(log, *book, std::move(diagnosis), how, sources, remarks, times);
    std::ostringstream trace;
    exports::WritePerfetto({log.model, PathOf(report), NotesOf(log.model, report)}, trace);
    out.Write(trace.str());
  });
  if (several) {
    PrintError({DiagnosticCode::Usage, "`" + path + "` holds several logs", "name one of them"}, When::Auto);
    return kBadInput;
  }
  if (result.read == 0) return result.Failure();
  return out.Finish() ? kDone : kBadInput;
}

}  // namespace advise::cli
