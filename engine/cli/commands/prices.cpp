// advise prices: an example of a table of prices, to be edited and given to --prices.
#include <CLI/CLI.hpp>

#include "cli/output.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "cost/prices.h"

namespace advise::cli {

int RunPrices(const std::vector<std::string>& arguments) {
  CLI::App app("An example of a table of prices with its source: edit it and give it to --prices.", "advise prices");
  std::string path;
  app.add_option("-o,--output", path, "write to this file");
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  Output output(path, When::Auto);
  return output.Write(std::string(cost::ExamplePrices())) && output.Finish() ? kDone : kBadInput;
}

}  // namespace advise::cli
