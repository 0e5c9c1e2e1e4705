// Every diagnostic of the rule language is produced by a golden, or by a test that is named here with the reason.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include "doctest/doctest.h"
#include "support/diagnostic_codes.h"
#include "support/diagnostics.h"

namespace advise::test {
namespace {

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// A golden is one rule text; these need more than that.
struct Elsewhere {
  std::string_view code;
  std::string_view test;  // a file that has the code in what it expects
};
constexpr Elsewhere kElsewhere[] = {
    {"pack-version", "tests/unit/rules_bind_test.cpp"},      // two packs
    {"rules-unreadable", "tests/unit/rules_bind_test.cpp"},  // a path
    {"rules-not-found", "tests/cli/exit_codes"},             // a path
    {"no-rules", "tests/cli/exit_codes"},                    // a whole run
    {"stale-suppression", "tests/cli/exit_codes"},           // a log
    {"lapsed", "tests/cli/exit_codes"},                      // a log
    {"bad-labels", "tests/cli/eval"},                        // labelled logs
    {"unused-name", "tests/cli/author_tools"},               // all packs and templates
};

// Rows of diagnostics.def from `first` on belong to the rule language; the ones before to logs and the program.
constexpr DiagnosticCode kFirst = DiagnosticCode::Syntax;

}  // namespace

TEST_CASE("diagnostics: every one of the rule language is shown by a golden or a named test") {
  const std::filesystem::path root = ADVISE_SOURCE_DIR;
  std::string goldens;
  std::size_t mistakes = 0;
  for (const char* kind : {"syntax", "bind"}) {
    for (const auto& folder : std::filesystem::directory_iterator(root / "tests/golden" / kind)) {
      const std::string text = ReadAll(folder.path() / "expected.txt");
      if (text.starts_with("error[") || text.starts_with("warning[")) ++mistakes;
      goldens += text;
    }
  }
  // What `advise check` says of whole files.
  for (const auto& file : std::filesystem::directory_iterator(root / "tests/packs/messages")) {
    if (file.path().extension() == ".txt") goldens += ReadAll(file.path());
  }
  CHECK(mistakes >= 25);
  std::set<std::string_view> unused;
  for (const Elsewhere& row : kElsewhere) unused.insert(row.code);
  for (const DiagnosticInfo& info : AllDiagnostics()) {
    const bool language = info.id >= kFirst || info.code == "rules-not-found" || info.code == "no-rules";
    if (!language) continue;
    CAPTURE(info.code);
    const auto* row = std::ranges::find(kElsewhere, info.code, &Elsewhere::code);
    if (row == std::end(kElsewhere)) {
      CHECK(goldens.find("[" + std::string(info.code) + "]") != std::string::npos);
      continue;
    }
    unused.erase(info.code);
    CHECK(ReadAll(root / row->test).find(info.code) != std::string::npos);
  }
  CHECK(unused.empty());
}

}  // namespace advise::test
