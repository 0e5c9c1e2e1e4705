// One command of advise. Each lives in its own file of commands/ and stands as a row of command_table.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace advise::cli {

// Exit statuses of the contract.
enum ExitStatus : int {
  kDone = 0,       // nothing at or above --fail-on
  kFound = 1,      // something at or above it; check: problems
  kBadInput = 2,   // usage, rule file
  kNoLog = 3,      // a log cannot be read
  kInternal = 70,  // our own bug
};

struct Command {
  std::string_view name;
  std::string_view summary;  // one line of `advise --help`
  // `arguments` are those behind the command's name. Results go to standard output, diagnostics to standard error.
  int (*run)(const std::vector<std::string>& arguments);
};

std::span<const Command> Commands();

int RunAnalyze(const std::vector<std::string>& arguments);
int RunWhy(const std::vector<std::string>& arguments);
int RunWhyNot(const std::vector<std::string>& arguments);
int RunQuery(const std::vector<std::string>& arguments);
int RunModel(const std::vector<std::string>& arguments);
int RunWhatIf(const std::vector<std::string>& arguments);
int RunBacktest(const std::vector<std::string>& arguments);
int RunCheck(const std::vector<std::string>& arguments);
int RunFmt(const std::vector<std::string>& arguments);
int RunNew(const std::vector<std::string>& arguments);
int RunLsp(const std::vector<std::string>& arguments);
int RunSchema(const std::vector<std::string>& arguments);
int RunRules(const std::vector<std::string>& arguments);
int RunParams(const std::vector<std::string>& arguments);
int RunFunctions(const std::vector<std::string>& arguments);
int RunTest(const std::vector<std::string>& arguments);
int RunLint(const std::vector<std::string>& arguments);
int RunTune(const std::vector<std::string>& arguments);
int RunDiffRules(const std::vector<std::string>& arguments);
int RunEval(const std::vector<std::string>& arguments);
int RunModelCheck(const std::vector<std::string>& arguments);
int RunPrices(const std::vector<std::string>& arguments);
int RunExplain(const std::vector<std::string>& arguments);
int RunExport(const std::vector<std::string>& arguments);
int RunServe(const std::vector<std::string>& arguments);
int RunMcp(const std::vector<std::string>& arguments);
int RunVersion();

// The whole program: picks the command (analyze when the first argument names none), catches internal errors.
int Main(const std::vector<std::string>& arguments);

}  // namespace advise::cli
