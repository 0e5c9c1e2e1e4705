// advise schema, rules, params, functions: the reference for rule authors.
#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>

#include "cli/common.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "report/writers/markdown.h"
#include "report/writers/text.h"
#include "workbench/reference.h"

namespace advise::cli {
namespace {

using workbench::Reference;

// What the four commands share: their options, and how a reference is printed.
struct ReferenceCommand {
  std::string name;  // what is asked for
  std::string format = "text";
  RuleOptions rules;
  bool alone = false;

  void Declare(CLI::App& app, const std::string& what, bool of_rules) {
    app.add_option("name", name, what);
    app.add_option("--format", format, "text, json or markdown")
        ->check(CLI::IsMember({"text", "json", "markdown"}))
        ->capture_default_str();
    if (!of_rules) return;
    app.add_option("--rules", rules.paths, "rule file or pack folder (repeatable)")->allow_extra_args(false);
    app.add_flag("--no-default-rules", alone, "without the built-in packs");
  }

  [[nodiscard]] int Print(const Result<Reference>& reference) const {
    if (!reference) {
      PrintError(reference.error(), When::Auto);
      return kBadInput;
    }
    if (format == "json") {
      workbench::WriteReferenceJson(*reference, std::cout);
    } else if (format == "markdown") {
      std::cout << report::WriteMarkdown(workbench::PageOf(*reference));
    } else {
      report::TextOptions how;
      how.width = static_cast<std::size_t>(OutputWidth());
      how.utf8 = Utf8Output();
      how.colour = UseColor(When::Auto, 1);
      std::cout << report::WriteText(workbench::PageOf(*reference), how);
    }
    std::cout.flush();
    return kDone;
  }

  // Of the packs: compiles them first.
  int PrintOfRules(Result<Reference> (*make)(const Rulebook&, const SourceManager&, std::string_view)) {
    rules.default_packs = !alone;
    rules.tests = true;
    PhaseTimes times;
    SourceManager sources;
    Diagnostics diagnostics;
    const Result<Rulebook> book = Compile(rules, sources, diagnostics, times);
    if (!book) {
      PrintDiagnostics(sources, diagnostics, When::Auto);
      PrintError(book.error(), When::Auto);
      return kBadInput;
    }
    if (diagnostics.CountErrors() > 0) PrintDiagnostics(sources, diagnostics, When::Auto);
    return Print(make(*book, sources, name));
  }
};

}  // namespace

int RunSchema(const std::vector<std::string>& arguments) {
  CLI::App app("What rules may ask: things, their attributes with types and units, edges.", "advise schema");
  ReferenceCommand command;
  command.Declare(app, "an entity, or one attribute of it: Stage, Stage.duration", false);
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  return command.Print(workbench::SchemaReference(command.name));
}

int RunFunctions(const std::vector<std::string>& arguments) {
  CLI::App app("The functions of the rule language.", "advise functions");
  ReferenceCommand command;
  command.Declare(app, "one function: max", false);
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  return command.Print(workbench::FunctionReference(command.name));
}

int RunParams(const std::vector<std::string>& arguments) {
  CLI::App app("The parameters of the packs: value, default, range, and who asks for them.", "advise params");
  ReferenceCommand command;
  command.Declare(app, "one parameter, or those of a pack: skew_ratio, spark.core", true);
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  return command.PrintOfRules(workbench::ParamReference);
}

int RunRules(const std::vector<std::string>& arguments) {
  CLI::App app("The rules of the packs; one of them with all it says and its tests; the page of a pack.",
               "advise rules");
  ReferenceCommand command;
  command.Declare(app, "one rule, or a pack: skewed_join, spark.core", true);
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  return command.PrintOfRules(workbench::RuleReference);
}

}  // namespace advise::cli
