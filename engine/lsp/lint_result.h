// What `advise lint` measured of the rules of a file: the result that it wrote, `.advise-lint.json` beside the file or
// above it, or a file that the editor names.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace advise::lsp {

inline constexpr const char* kLintResultName = ".advise-lint.json";

struct LintedRule {
  std::uint64_t fired = 0;      // logs
  std::uint64_t undecided = 0;  // logs
  std::string fingerprint;      // of its text when it was linted
};
struct LintResult {
  std::string path;
  std::string why;  // not empty: it is not to be had, and why
  std::uint64_t logs = 0;
  std::map<std::string, LintedRule> rules;  // by qualified name
};

class LintResults {
 public:
  // The file that is asked instead of looking for one.
  void Name(std::filesystem::path path) { named_ = std::move(path); }
  // nullptr: there is none for the rule file, and none was named. Read again when it changed.
  const LintResult* For(const std::filesystem::path& rule_file);

 private:
  std::filesystem::path named_;
  struct Kept {
    LintResult result;
    std::filesystem::file_time_type written;
    std::uintmax_t size = 0;
  };
  std::map<std::string, Kept> kept_;
};

}  // namespace advise::lsp
