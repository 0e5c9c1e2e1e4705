// advise test --from LOG --finding F: prints a test made of a finding.
#pragma once

#include <string>

#include "advise.h"

namespace advise::cli {

struct TestFromOptions {
  std::string log;
  std::string finding;
};

// Returns the exit status.
int WriteTestFrom(const TestFromOptions& from, const RuleOptions& rules);

}  // namespace advise::cli
