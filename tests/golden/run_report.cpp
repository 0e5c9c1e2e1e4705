// tests/golden/report/<case>-<width>-<charset>-<level>[-colour]: the text report of a hand-made run (report_cases.h).
// <case>-json: its JSON.
#include <sstream>
#include <vector>

#include "golden/report_cases.h"
#include "golden/runners.h"
#include "report/writers/json.h"
#include "report/writers/terminal.h"

namespace advise::golden {
namespace {

std::vector<std::string> SplitAtDashes(const std::string& name) {
  std::vector<std::string> parts;
  std::istringstream in(name);
  for (std::string part; std::getline(in, part, '-');) parts.push_back(part);
  return parts;
}

}  // namespace

std::string RunReportGolden(const std::filesystem::path& folder) {
  const std::vector<std::string> parts = SplitAtDashes(folder.filename().string());
  if (parts.size() == 2 && parts[1] == "json") {
    std::ostringstream out;
    report::WriteJson(MakeReportCase(parts[0], explain::Level::Practitioner), out);
    return out.str();
  }
  if (parts.size() < 4) return "the folder's name must be <case>-<width>-<charset>-<level> or <case>-json\n";
  const auto level = explain::ParseLevel(parts[3]);
  if (!level) return "unknown level " + parts[3] + "\n";
  const report::TerminalOptions options{
      .width = std::stoul(parts[1]), .utf8 = parts[2] == "utf8", .colour = parts.size() > 4};
  return report::WriteTerminal(MakeReportCase(parts[0], *level), options);
}

}  // namespace advise::golden
