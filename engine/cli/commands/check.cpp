// advise check [--fix] FILE|FOLDER…: compiles rule files and prints, or mends, what is wrong with them.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>

#include "cli/common.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "rules/packs/find.h"
#include "support/diagnostic_export.h"
#include "support/text.h"
#include "workbench/apply_fixes.h"

namespace advise::cli {
namespace {

// Writes fixes into the files, and prints what it did. false: a file could not be written (printed).
bool Fix(const RuleOptions& options) {
  std::vector<std::string> files;
  for (const std::string& path : options.paths) {
    for (const auto& file : rules::FilesOf(path)) files.push_back(file.string());
  }
  const workbench::FixResult result = workbench::FixFiles(
      files,
      [&] {
        workbench::Compiled compiled;
        PhaseTimes times;
        const auto book = Compile(options, compiled.sources, compiled.diagnostics, times);
        if (!book) compiled.diagnostics.Report(book.error());
        return compiled;
      },
      [](const std::string& path, const std::string& text) {
        Output out(path, When::Auto);
        out.Write(text);
        return out.Finish();
      });
  for (const workbench::FixedFile& file : result.files) {
    for (const std::string& line : file.done) std::fprintf(stderr, "fixed %s\n", line.c_str());
  }
  return result.unwritten.empty();
}

void PrintJson(const SourceManager& sources, const Diagnostics& diagnostics, std::size_t rules) {
  {
    JsonStream json(std::cout);
    json.BeginObject(JsonLayout::LinePerMember);
    WriteAdviseMember(json);
    json.Count("rules", rules);
    json.Count("errors", diagnostics.CountErrors());
    json.Count("others", diagnostics.all().size() - diagnostics.CountErrors());
    json.Key("diagnostics");
    WriteDiagnosticsJson(sources, diagnostics, json);
    json.EndObject();
  }
  std::cout << '\n';
}

}  // namespace

int RunCheck(const std::vector<std::string>& arguments) {
  CLI::App app("Compile rule files and print what is wrong with them.", "advise check");
  RuleOptions options;
  std::string format = "text";
  bool alone = false;
  bool fix = false;
  app.add_option("rules", options.paths, "rule files or pack folders; none: the built-in packs");
  app.add_flag("--no-default-rules", alone, "without the built-in packs");
  app.add_flag("--fix", fix, "write the fixes that need no decision into the files");
  app.add_option("--format", format, "text; json; sarif: for code scanning; github: annotations of GitHub Actions")
      ->check(CLI::IsMember({"text", "json", "sarif", "github"}))
      ->capture_default_str();
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  options.default_packs = !alone;
  options.tests = true;
  if (fix && options.paths.empty()) {
    PrintError({DiagnosticCode::Usage, "--fix wants rule files or pack folders", "built-in packs stay as they are"},
               When::Auto);
    return kBadInput;
  }
  if (fix && !Fix(options)) return kBadInput;
  PhaseTimes times;
  SourceManager sources;
  Diagnostics diagnostics;
  const Result<Rulebook> book = Compile(options, sources, diagnostics, times);
  // A file of which nothing is left is what this command is there to tell.
  const bool nothing_left = !book && book.error().code == DiagnosticCode::NoRules;
  if (!book && !nothing_left) {
    PrintDiagnostics(sources, diagnostics, When::Auto);
    PrintError(book.error(), When::Auto);
    return kBadInput;
  }
  const std::size_t rules = book ? book->rules.rules.size() : 0;
  if (format == "text") {
    PrintDiagnostics(sources, diagnostics, When::Auto);
    if (!book) PrintError(book.error(), When::Auto);
    const std::size_t errors = diagnostics.CountErrors();
    if (book)
      std::printf("%zu rules, %zu errors, %zu other remarks\n", rules, errors, diagnostics.all().size() - errors);
  } else {
    if (!book) diagnostics.Report(book.error());
    if (format == "json") PrintJson(sources, diagnostics, rules);
    if (format == "sarif") WriteSarif(sources, diagnostics, std::cout);
    if (format == "github") WriteGitHubAnnotations(sources, diagnostics, std::cout);
    std::cout.flush();
  }
  return !book || diagnostics.CountErrors() > 0 ? kFound : kDone;
}

}  // namespace advise::cli
