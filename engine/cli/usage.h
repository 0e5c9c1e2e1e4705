// Command lines: parsing with CLI11's exceptions kept inside. Includes no CLI11 header, so that headers stay cheap.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace advise::cli {

// nullopt: go on. Else the exit status: 0 after --help (printed to standard output), 2 after a usage error.
std::optional<int> ParseArguments(CLI::App& app, const std::vector<std::string>& arguments);

}  // namespace advise::cli
