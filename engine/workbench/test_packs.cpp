// Chooses tests by their packs and reads the logs that they name.
#include "workbench/test_packs.h"

#include <algorithm>
#include <utility>

#include "support/quoted.h"
#include "support/text.h"

namespace advise::workbench {

bool TestChoice::Has(const std::string& pack) const { return std::ranges::find(packs, pack) != packs.end(); }

Result<TestChoice> ChooseTests(const rules::RuleSet& rules, const std::vector<std::string>& packs,
                               const ingest::IngestOptions& options) {
  TestChoice choice{packs, {}};
  for (const std::string& pack : packs) {
    if (std::ranges::find(rules.packs, pack, &rules::PackInfo::name) != rules.packs.end()) continue;
    return Fail(DiagnosticCode::UnknownPack, "there is no pack " + Quoted(pack),
                "packs: " + Join(rules.packs, ", ", &rules::PackInfo::name));
  }
  for (const rules::PackInfo& pack : rules.packs) {
    if (packs.empty() && !pack.built_in) choice.packs.push_back(pack.name);
  }
  if (choice.packs.empty()) {
    for (const rules::PackInfo& pack : rules.packs) choice.packs.push_back(pack.name);
  }
  choice.load = [options](const std::string& path) -> Result<model::JobModel> {
    ADVISE_TRY(const std::vector<ingest::LogInput> logs, ingest::FindLogs(path, options.limits));
    PhaseTimes times;
    ADVISE_TRY(RunLog log, Read(logs.front(), options, times));
    return std::move(log.model);
  };
  return choice;
}

std::vector<TestResult> TestPacks(const rules::RuleSet& rules, const TestChoice& choice, const SourceManager& sources) {
  return RunTests(
      rules, sources, [&](const rules::BoundTest& test) { return choice.Has(test.pack); }, choice.load);
}

}  // namespace advise::workbench
