// grammar/README.md is true: its examples compile, each with those before it; their tests pass; the messages and the
// table of functions are the program's.
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "rules/functions/function.h"
#include "rules/packs/load.h"
#include "support/diagnostic_render.h"
#include "workbench/run_tests.h"

namespace advise::test {
namespace {

struct Block {
  std::string kind;  // what stands behind ```: "rules", "rules wrong", "text" …
  std::string text;
};

std::string ReadPage() {
  std::ifstream file(std::filesystem::path(ADVISE_SOURCE_DIR) / "grammar/README.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<Block> BlocksOf(const std::string& page) {
  std::vector<Block> blocks;
  std::istringstream lines(page);
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("```")) {
      if (inside) blocks.back().text += line + "\n";
      continue;
    }
    inside = !inside;
    if (inside) blocks.push_back({line.substr(3), {}});
  }
  CHECK_FALSE(inside);
  return blocks;
}

struct Outcome {
  std::string messages;  // of the compiler
  std::string failures;  // of the tests, a line each
  std::size_t tests = 0;
};

std::string FailureLine(const workbench::TestResult& test, const workbench::TestFailure& failure) {
  return "\"" + test.name + "\": expected " + failure.expected + ", found " + failure.found +
         (failure.reason.empty() ? "" : ": " + failure.reason) + "\n";
}

// `name` is what messages show. The built-in core pack is there if `core`.
Outcome OutcomeOf(const std::string& name, const std::string& text, bool core) {
  SourceManager sources;
  Diagnostics diagnostics;
  rules::CompileOptions options;
  options.tests = true;
  // One a process: test cases run side by side.
  const auto folder =
      std::filesystem::temp_directory_path() / ("advise_grammar_readme_" + std::to_string(std::random_device()()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / name) << text;
  const std::filesystem::path here = std::filesystem::current_path();
  std::filesystem::current_path(folder);  // so that messages show the bare name
  std::vector<std::string> paths;
  if (core) paths.push_back((std::filesystem::path(ADVISE_SOURCE_DIR) / "rulepacks/core").string());
  paths.push_back(name);
  const rules::RuleSet set = rules::Compile(sources, paths, options, diagnostics);
  std::filesystem::current_path(here);
  std::filesystem::remove_all(folder);
  Outcome outcome;
  outcome.messages = Render(sources, diagnostics);
  const workbench::LoadLog no_logs = [](const std::string& path) -> Result<model::JobModel> {
    return Fail(DiagnosticCode::LogNotFound, "`" + path + "` does not exist");
  };
  const auto own = [&](const rules::BoundTest& test) { return sources.name(test.span.source) == name; };
  for (const workbench::TestResult& test : workbench::RunTests(set, sources, own, no_logs)) {
    ++outcome.tests;
    for (const workbench::TestFailure& failure : test.failures) outcome.failures += FailureLine(test, failure);
  }
  return outcome;
}

}  // namespace

TEST_CASE("grammar/README.md: every example compiles and its tests pass") {
  std::string pack;
  std::size_t tests = 0;
  std::size_t rules = 0;
  for (const Block& block : BlocksOf(ReadPage())) {
    if (block.kind == "rules") {
      pack += block.text + "\n";
      ++rules;
      const Outcome outcome = OutcomeOf("team.rules", pack, false);
      CAPTURE(block.text);
      CHECK(outcome.messages == "");
      CHECK(outcome.failures == "");
      tests = outcome.tests;
    } else if (block.kind == "rules team") {
      ++rules;
      const Outcome outcome = OutcomeOf("team.rules", block.text, true);
      CHECK(outcome.messages == "");
    }
  }
  CHECK(rules >= 9);
  CHECK(tests >= 9);
}

TEST_CASE("grammar/README.md: the messages are those of the program") {
  const std::vector<Block> blocks = BlocksOf(ReadPage());
  std::string pack;
  std::size_t messages = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const Block& block = blocks[i];
    if (block.kind == "rules") pack += block.text + "\n";
    if (block.kind != "rules wrong" && block.kind != "rules fails") {
      const std::string known[] = {"rules", "rules team", "text", "markdown"};
      CHECK(std::find(std::begin(known), std::end(known), block.kind) != std::end(known));
      continue;
    }
    REQUIRE(i + 1 < blocks.size());
    REQUIRE(blocks[i + 1].kind == "text");
    ++messages;
    // A wrong rule stands alone, so that its lines count from 1; a failing test needs the rules above.
    if (block.kind == "rules wrong") {
      CHECK(OutcomeOf("team.rules", block.text, false).messages == blocks[i + 1].text);
    } else {
      const Outcome outcome = OutcomeOf("team.rules", pack + block.text, false);
      CHECK(outcome.messages == "");
      CHECK(outcome.failures == blocks[i + 1].text);
    }
  }
  CHECK(messages >= 3);
}

TEST_CASE("grammar/README.md: the table of functions is whole") {
  const std::string page = ReadPage();
  for (const rules::RuleFunction& function : rules::AllFunctions()) {
    // The table is Markdown: a bar in a cell is escaped.
    std::string signature;
    for (const char c : function.signature) signature += c == '|' ? "\\|" : std::string(1, c);
    const std::string row = "| `" + signature + "` | " + std::string(function.doc) + " |\n";
    CAPTURE(row);
    CHECK(page.find(row) != std::string::npos);
  }
}

}  // namespace advise::test
