// One function per kind of golden: it reads the input files of a folder under tests/golden/<kind>/ and returns the text
// that must equal expected.txt there. The runner compares; tests/tools/update_golden rewrites.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace advise::golden {

struct Runner {
  std::string_view kind;  // the folder under tests/golden/
  std::string (*run)(const std::filesystem::path& folder);
};
// All kinds (runners.cpp).
std::span<const Runner> Runners();

// tests/golden/syntax: input.rules
std::string RunSyntaxGolden(const std::filesystem::path& folder);

// tests/golden/bind: input.rules, optionally set.txt with a --set PARAM=VALUE a line
std::string RunBindGolden(const std::filesystem::path& folder);

// tests/golden/program: input.rules
std::string RunProgramGolden(const std::filesystem::path& folder);

// tests/golden/report: no input; the folder's name says case, width, charset and level (golden/report_cases.h)
std::string RunReportGolden(const std::filesystem::path& folder);

// tests/golden/page: no input; every kind of block in every format (golden/run_page.cpp)
std::string RunPageGolden(const std::filesystem::path& folder);

}  // namespace advise::golden
