// Reads the JSON of `advise lint`, which may be old, torn, or of another program.
#include "lsp/lint_result.h"

#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "support/read_file.h"

namespace advise::lsp {
namespace {

namespace fs = std::filesystem;
using LintJson = nlohmann::json;

constexpr const char* kNoResult = "is no result of `advise lint --format json`";

std::uint64_t CountOf(const LintJson& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}
std::string StringOf(const LintJson& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// `inside`: the folder that it may not lead out of; empty: any.
LintResult ReadLintResult(const fs::path& path, const fs::path& inside) {
  LintResult result{path.string(), {}, 0, {}};
  const SmallFile file = ReadSmallFile(path, inside);
  if (!file.text) {
    result.why = file.why;
    return result;
  }
  const LintJson json = LintJson::parse(*file.text, nullptr, false);
  const bool whole = json.is_object() && json.contains("logs") && json["logs"].is_number_unsigned() &&
                     json.contains("rules") && json["rules"].is_array();
  if (!whole) {
    result.why = kNoResult;
    return result;
  }
  result.logs = CountOf(json, "logs");
  for (const LintJson& rule : json["rules"]) {
    const std::string name = rule.is_object() ? StringOf(rule, "rule") : std::string();
    if (name.empty()) continue;
    result.rules[name] = {CountOf(rule, "fired_logs"), CountOf(rule, "undecided_logs"), StringOf(rule, "fingerprint")};
  }
  return result;
}

// The nearest one, from the folder of the rule file upwards. Empty: there is none.
fs::path FindLintResult(const fs::path& rule_file) {
  std::error_code error;
  for (fs::path folder = rule_file.parent_path(); !folder.empty(); folder = folder.parent_path()) {
    if (fs::exists(fs::symlink_status(folder / kLintResultName, error))) return folder / kLintResultName;
    if (folder == folder.parent_path()) break;
  }
  return {};
}

}  // namespace

const LintResult* LintResults::For(const fs::path& rule_file) {
  const fs::path path = named_.empty() ? FindLintResult(rule_file) : named_;
  if (path.empty()) return nullptr;
  std::error_code error;
  const fs::file_time_type written = fs::last_write_time(path, error);
  const std::uintmax_t size = fs::file_size(path, error);
  Kept& kept = kept_[path.string()];
  const bool same =
      !kept.result.path.empty() && kept.result.why.empty() && kept.written == written && kept.size == size;
  if (!same) kept = {ReadLintResult(path, named_.empty() ? path.parent_path() : fs::path()), written, size};
  return &kept.result;
}

}  // namespace advise::lsp
