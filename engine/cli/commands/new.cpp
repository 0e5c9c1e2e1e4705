// advise new PACK: starts a pack that checks, formats and tests well.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "cli/common.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "support/quoted.h"
#include "workbench/new_pack.h"

namespace advise::cli {
namespace {

namespace fs = std::filesystem;

int Fail(const std::string& message, const std::string& help) {
  PrintError({DiagnosticCode::Usage, message, help}, When::Auto);
  return kBadInput;
}

}  // namespace

int RunNew(const std::vector<std::string>& arguments) {
  CLI::App app("Start a pack: a folder with a rule, its explanation, two tests and a workflow that checks them.",
               "advise new");
  std::string path;
  std::string name;
  app.add_option("pack", path, "the folder to make; its last part is the pack's name")->required();
  app.add_option("--name", name, "another name, as acme.lakehouse");
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  const fs::path folder = fs::path(path).lexically_normal();
  if (name.empty())
    name = folder.has_filename() ? folder.filename().string() : folder.parent_path().filename().string();
  if (!workbench::IsPackName(name)) {
    return Fail(Quoted(name) + " is no name of a pack",
                "small letters, digits and `_`, in parts that dots join: --name acme.lakehouse");
  }
  if (name == "spark.core") return Fail("spark.core is the built-in pack", "give yours another name");
  std::error_code error;
  if (fs::exists(fs::symlink_status(folder, error)) &&
      !(fs::is_directory(folder, error) && fs::is_empty(folder, error)))
    return Fail(Quoted(path) + " is there already", "name a folder that does not exist");
  for (const workbench::NewFile& file : workbench::NewPack(name)) {
    const fs::path target = folder / file.path;
    fs::create_directories(target.parent_path(), error);
    if (error) {
      PrintError({DiagnosticCode::OutputFailed,
                  "cannot make the folder " + Quoted(target.parent_path().string()) + ": " + error.message(), ""},
                 When::Auto);
      return kBadInput;
    }
    Output out(target.string(), When::Auto);
    out.Write(file.text);
    if (!out.Finish()) return kBadInput;
    std::printf("%s\n", target.string().c_str());
  }
  const std::string shown = folder.string();
  std::printf("\nadvise check %s\nadvise test --rules %s\nadvise --rules %s app.log\n", shown.c_str(), shown.c_str(),
              shown.c_str());
  return kDone;
}

}  // namespace advise::cli
