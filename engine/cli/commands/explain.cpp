// advise explain CODE: what a diagnostic means, with an example.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "cli/common.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "ingest/ingest_stats.h"
#include "support/did_you_mean.h"
#include "workbench/lint.h"

namespace advise::cli {
namespace {

void Print(std::string_view code, std::string_view title, std::string_view text) {
  std::printf("%.*s: %.*s\n\n%.*s\n", static_cast<int>(code.size()), code.data(), static_cast<int>(title.size()),
              title.data(), static_cast<int>(text.size()), text.data());
}

}  // namespace

int RunExplain(const std::vector<std::string>& arguments) {
  CLI::App app("What a diagnostic, a note about a log or a problem of a rule means; without a code: all of them.",
               "advise explain");
  std::string code;
  app.add_option("code", code, "as printed: error[CODE], a code of the LOG section, or one of `advise lint`");
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  std::vector<std::string_view> codes;
  for (const DiagnosticInfo& info : AllDiagnostics()) {
    codes.push_back(info.code);
    if (code.empty()) {
      std::printf("%-26.*s %.*s\n", static_cast<int>(info.code.size()), info.code.data(),
                  static_cast<int>(info.title.size()), info.title.data());
    } else if (info.code == code) {
      Print(info.code, info.title, info.explanation);
      return kDone;
    }
  }
  for (const ingest::StatInfo& stat : ingest::AllStats()) {
    codes.push_back(stat.code);
    if (code.empty()) {
      std::printf("%-26.*s note about a log\n", static_cast<int>(stat.code.size()), stat.code.data());
    } else if (stat.code == code) {
      Print(stat.code, "a note about a log", stat.text);
      return kDone;
    }
  }
  for (const std::string_view lint : workbench::LintCodes()) {
    codes.push_back(lint);
    if (code.empty()) {
      std::printf("%-26.*s problem of a rule\n", static_cast<int>(lint.size()), lint.data());
    } else if (lint == code) {
      Print(lint, "a problem of a rule (advise lint)", workbench::LintCodeText(lint));
      return kDone;
    }
  }
  if (code.empty()) return kDone;
  const std::optional<std::string_view> near = DidYouMean(code, codes);
  PrintError({DiagnosticCode::Usage, "there is no code `" + code + "`",
              near ? "did you mean `" + std::string(*near) + "`?" : "`advise explain` lists all"},
             When::Auto);
  return kBadInput;
}

}  // namespace advise::cli
