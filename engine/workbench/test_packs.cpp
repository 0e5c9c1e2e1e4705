// Chooses tests by their packs and reads the logs that they name.
#include "workbench/test_packs.h"

#include <algorithm>
#include <utility>

#include "support/quoted.h"
#include "support/text.h"

namespace advise::workbench {

Result<std::vector<TestResult>> TestPacks(const rules::RuleSet& rules, const std::vector<std::string>& packs,
                                          const SourceManager& sources, const ingest::IngestOptions& options) {
  std::vector<std::string> wanted = packs;
  for (const std::string& pack : packs) {
    if (std::ranges::find(rules.packs, pack, &rules::PackInfo::name) != rules.packs.end()) continue;
    return Fail(DiagnosticCode::UnknownPack, "there is no pack " + Quoted(pack),
                "packs: " + Join(rules.packs, ", ", &rules::PackInfo::name));
  }
  for (const rules::PackInfo& pack : rules.packs) {
    if (packs.empty() && !pack.built_in) wanted.push_back(pack.name);
  }
  const auto load = [&](const std::string& path) -> Result<model::JobModel> {
    ADVISE_TRY(const std::vector<ingest::LogInput> logs, ingest::FindLogs(path, options.limits));
    PhaseTimes times;
    ADVISE_TRY(RunLog log, Read(logs.front(), options, times));
    return std::move(log.model);
  };
  const auto runs = [&](const rules::BoundTest& test) {
    return wanted.empty() || std::ranges::find(wanted, test.pack) != wanted.end();
  };
  return RunTests(rules, sources, runs, load);
}

}  // namespace advise::workbench
