// advise model LOG [ENTITY [ID]]: the job as rules see it.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>

#include "cli/common.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "export/model_writer.h"
#include "metrics/evaluate.h"

namespace advise::cli {

int RunModel(const std::vector<std::string>& arguments) {
  CLI::App app("The job as rules see it: every attribute, value, unit, and what is missing.", "advise model");
  std::string path;
  std::string entity_name;
  std::string id;
  std::string format = "text";
  bool timings = false;
  ReadingRequest request;
  app.add_option("log", path, "event log: a file, a folder, or - for standard input")->required();
  app.add_option("entity", entity_name,
                 "app jobs stages tasks executors hosts sql_executions plan_nodes shuffles gaps cached_rdds incidents");
  app.add_option("id", id, "one element: a stage is id.attempt, as 12.0");
  app.add_option("--format", format, "text or json")->check(CLI::IsMember({"text", "json"}))->capture_default_str();
  app.add_option("--sql", request.options.selection.sql, "this SQL execution alone")->check(CLI::NonNegativeNumber);
  app.add_option("--job", request.options.selection.job, "this job alone")
      ->check(CLI::NonNegativeNumber)
      ->excludes("--sql");
  app.add_flag("--anonymise,--anonymize", request.anonymise,
               "names of applications, users, hosts, paths, tables and columns become host-1, table-3 …");
  app.add_flag("--timings", timings, "times of the phases, on standard error");
  app.add_option("--threads", request.options.threads, "threads that read; 0: by the machine")->capture_default_str();
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;

  std::optional<model::Entity> entity;
  if (!entity_name.empty()) {
    entity = exports::ParseModelEntity(entity_name);
    if (!entity) {
      PrintError({DiagnosticCode::Usage, "`" + entity_name + "` is no entity", "advise model --help lists them"},
                 When::Auto);
      return kBadInput;
    }
  }
  request.paths = {path};
  request.options.detail = ingest::Detail::Rest;
  PhaseTimes times;
  int status = kDone;
  const ReadingResult reading = ForEachLog(request, times, [&](const RunLog& log, const LogPlace&) {
    if (entity && !id.empty() && !metrics::FindEntity(log.model, *entity, id)) {
      PrintError({DiagnosticCode::Usage, "the log has no " + std::string(model::EntityName(*entity)) + " `" + id + "`",
                  "`advise model LOG " + entity_name + "` lists them"},
                 When::Auto);
      status = kBadInput;
      return;
    }
    const exports::ModelOutput output{log.model, log.info, entity, id};
    if (format == "json") {
      exports::WriteModelJson(output, std::cout);
    } else {
      exports::WriteModelText(output, std::cout, Utf8Output());
    }
  });
  std::cout.flush();
  if (timings) std::fprintf(stderr, "%s", times.Print().c_str());
  if (reading.read == 0) return reading.Failure();
  return status;
}

}  // namespace advise::cli
