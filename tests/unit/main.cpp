// The test program: doctest's cases, or one golden:
//   advise_tests --golden KIND FOLDER             compares with FOLDER/expected.txt
//   advise_tests --golden KIND FOLDER --update    rewrites it (tests/tools/update_golden)
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "golden/runners.h"

namespace {

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Prints the first lines that differ.
void PrintDifference(const std::string& expected, const std::string& got) {
  std::istringstream left(expected);
  std::istringstream right(got);
  std::string a;
  std::string b;
  int shown = 0;
  for (int line = 1; shown < 20; ++line) {
    const bool more_left = static_cast<bool>(std::getline(left, a));
    const bool more_right = static_cast<bool>(std::getline(right, b));
    if (!more_left && !more_right) break;
    if (!more_left) a.clear();
    if (!more_right) b.clear();
    if (a == b && more_left == more_right) continue;
    std::fprintf(stderr, "line %d\n  expected: %s\n  got:      %s\n", line, a.c_str(), b.c_str());
    ++shown;
  }
}

int RunGolden(std::string_view kind, const std::filesystem::path& folder, bool update) {
  for (const advise::golden::Runner& runner : advise::golden::Runners()) {
    if (runner.kind != kind) continue;
    const std::string got = runner.run(folder);
    if (update) {
      std::ofstream(folder / "expected.txt", std::ios::binary) << got;
      return 0;
    }
    const std::string expected = ReadFile(folder / "expected.txt");
    if (got == expected) return 0;
    PrintDifference(expected, got);
    std::fprintf(stderr, "%s differs; tests/tools/update_golden rewrites it, review the diff\n",
                 folder.filename().c_str());
    return 1;
  }
  std::fprintf(stderr, "no runner for goldens of kind %.*s\n", static_cast<int>(kind.size()), kind.data());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc >= 4 && std::string_view(argv[1]) == "--golden") {
    try {
      return RunGolden(argv[2], argv[3], argc > 4 && std::string_view(argv[4]) == "--update");
    } catch (const std::exception& error) {
      std::fprintf(stderr, "exception: %s\n", error.what());
      return 1;
    }
  }
  doctest::Context context(argc, argv);
  return context.run();
}
