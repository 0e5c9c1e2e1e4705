// advise fmt [--check] FILE|FOLDER…|-: rule files in the house layout.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <system_error>

#include "cli/common.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "rules/syntax/ast_print.h"
#include "rules/syntax/format.h"
#include "rules/syntax/parse.h"
#include "support/quoted.h"
#include "support/read_file.h"

namespace advise::cli {
namespace {

namespace fs = std::filesystem;

// The *.rules files of a folder at any depth, by path; hidden folders and links to folders not.
std::vector<fs::path> RuleFilesBelow(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const bool hidden = it->path().filename().string().starts_with('.');
    if (hidden && it->is_directory(error)) it.disable_recursion_pending();
    if (it->path().extension() == ".rules" && it->is_regular_file(error)) files.push_back(it->path());
  }
  std::ranges::sort(files);
  return files;
}

// One run of the command.
class FormatRun {
 public:
  explicit FormatRun(bool check) : check_(check) {}

  void Path(const std::string& path) {
    if (path == "-") {
      Text("-", std::string(std::istreambuf_iterator<char>(std::cin), {}));
      return;
    }
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      File(path);
      return;
    }
    const std::vector<fs::path> files = RuleFilesBelow(path);
    if (files.empty()) Fail(Quoted(path) + " holds no *.rules file");
    for (const fs::path& file : files) File(file);
  }

  // The exit status.
  int Finish() {
    PrintDiagnostics(sources_, diagnostics_, When::Auto);
    if (failed_ || diagnostics_.CountErrors() > 0) return kBadInput;
    return check_ && changed_ > 0 ? kFound : kDone;
  }

 private:
  void Fail(const std::string& message) {
    PrintError({DiagnosticCode::RulesUnreadable, message, ""}, When::Auto);
    failed_ = true;
  }

  void File(const fs::path& path) {
    SmallFile file = ReadSmallFile(path, {}, Limits{}.rule_bytes);
    if (!file.text) {
      Fail(Quoted(path.string()) + " " + file.why);
      return;
    }
    Text(path.string(), std::move(*file.text));
  }

  void Text(const std::string& name, std::string text) {
    const SourceId id = sources_.Add(name == "-" ? "<standard input>" : name, std::move(text));
    const auto formatted = rules::syntax::Format(sources_, id, Limits(), diagnostics_);
    if (!formatted) {
      failed_ = true;
      return;
    }
    const bool differs = *formatted != sources_.text(id);
    if (differs && !MeansTheSame(id, *formatted)) return;
    if (name == "-" && !check_) {
      std::cout << *formatted;
      return;
    }
    if (!differs) return;
    ++changed_;
    if (check_) {
      std::cout << name << " is not formatted\n";
      return;
    }
    Output out(name, When::Auto);
    out.Write(*formatted);
    if (!out.Finish()) {
      failed_ = true;
      return;
    }
    std::cout << "formatted " << name << "\n";
  }

  // A layout that changed what a file says would be a bug of ours: then the file stays as it is.
  bool MeansTheSame(SourceId id, const std::string& formatted) {
    rules::ast::PrintOptions how;
    how.all_parentheses = true;
    Diagnostics ignored;
    const auto tree = [&](SourceId source) {
      return rules::ast::Print(rules::syntax::ParseFile(sources_, source, Limits(), ignored), how);
    };
    const SourceId after = sources_.Add(std::string(sources_.name(id)), formatted);
    if (tree(id) == tree(after) && ignored.CountErrors() == 0) return true;
    PrintError(
        {DiagnosticCode::Internal, "the layout of " + std::string(sources_.name(id)) + " would change its meaning",
         "the file is left as it is"},
        When::Auto);
    failed_ = true;
    return false;
  }

  bool check_;
  SourceManager sources_;
  Diagnostics diagnostics_;
  std::size_t changed_ = 0;
  bool failed_ = false;
};

}  // namespace

int RunFmt(const std::vector<std::string>& arguments) {
  CLI::App app("Rule files in the house layout: order of clauses, indentation, spaces. Comments and line breaks stay.",
               "advise fmt");
  std::vector<std::string> paths;
  bool check = false;
  app.add_option("path", paths, "rule files, folders, or - from standard input to standard output")->required();
  app.add_flag("--check", check, "write nothing; status 1 and the names if a file would change");
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  FormatRun run(check);
  for (const std::string& path : paths) run.Path(path);
  return run.Finish();
}

}  // namespace advise::cli
