// Which attempts of one application are reported, when a folder holds several.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace advise::cli {

// One log that was read.
struct AttemptOf {
  std::size_t path = 0;                // number of the path on the command line under which it was found
  std::optional<std::string> app;      // application id
  std::optional<std::string> attempt;  // attempt id; most cluster managers give none
};

struct ChosenAttempts {
  std::vector<bool> chosen;         // one a log
  std::vector<std::string> others;  // one a log: "1, 2": further attempts of the same application; empty: none
};

// Without `wanted` the last attempt of each application in a folder; logs that the user named one by one, and those
// without attempt ids, are all chosen. With it the logs of that attempt.
ChosenAttempts ChooseAttempts(const std::vector<AttemptOf>& logs, const std::optional<std::string>& wanted);

}  // namespace advise::cli
