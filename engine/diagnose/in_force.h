// What somebody changed about the rules of a run, and which rules are not there: a report says so, or it would be read
// as one of the rules as they come. Plain data; InForceOf (from_matches.h) reads it off.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace advise::diagnose {

struct ChangedParam {
  std::string name;                // "spark.core.skew_ratio"
  std::string value;               // as printed: "90", "256 MiB"
  std::string default_value;       // the same
  std::optional<double> number{};  // in base units; absent: a text
  std::optional<double> default_number{};
  std::string set_by;  // "--set", ".advise.yaml", "team.rules:4"
};
struct RuleChange {
  std::string rule;    // qualified
  std::string change;  // "disabled", "severity info", "2 findings hidden"
  std::string because;
  std::string set_by;
};
struct LeftOutRule {
  std::string rule;     // qualified
  std::string code;     // of its first error: "unknown-field"
  std::string place;    // "team.rules:3:9"
  std::string message;  // of that error
};

struct InForce {
  std::vector<ChangedParam> params;
  std::vector<RuleChange> rules;
  std::vector<LeftOutRule> left_out;
  // By the qualified name of a symptom: what of the above keeps a cause from explaining it. Sentences without an end.
  std::map<std::string, std::vector<std::string>> caveats;
};

}  // namespace advise::diagnose
