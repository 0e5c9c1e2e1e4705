// What the answers of `advise why` and `advise why-not` are made of. Plain data, every value printed as the report
// prints it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/match/match.h"
#include "rules/match/values.h"

namespace advise::ask {

// Where something stands in a rule file. Of built-in packs the file is named from the folder of the packs on:
// "core/skew.rules".
struct Place {
  std::string file;
  std::uint32_t line = 0;  // 0: unknown
};

// What a variable stands for: "s" is "stage 12 attempt 0", known to the user as "count at Etl.scala:7".
struct VariableShown {
  std::string name;  // empty: the rule gives it none
  std::string type;  // "Stage", "SortMergeJoin", "Group<Stage>"
  std::string what;
  std::string key;    // as `advise model` prints it: "12.0"; of a group what its members share
  std::string label;  // may be empty
};

// A part of an expression with its value. nullopt: missing.
struct TermShown {
  std::string text;
  std::optional<std::string> value;
};

struct ParamShown {
  std::uint32_t param = 0;
  std::string name;  // "skew_ratio"
  std::string pack;
  std::string value;
  std::string range;  // as written; empty: none
  std::string set_by;  // who changed it, as BoundParam says it; empty: nobody
  Place place;
};

// One condition of a rule for certain rows.
struct ConditionShown {
  std::string text;  // as written, on one line
  Place place;
  rules::Truth truth = rules::Truth::Unknown;
  bool of_members = false;  // of a rule that groups: it holds for each member, and is asked of none
  // Of a comparison: its sides, and what stands between them. Of others the value that they test.
  std::optional<TermShown> left;
  std::string op;
  std::optional<TermShown> right;
  // How far the left side is from the right one, as a share of the limit; only of numbers.
  std::optional<double> margin;
  std::vector<TermShown> terms;      // what the sides are made of, where they are more than one value
  std::vector<ParamShown> params;    // that stand in it
  bool asks_rule = false;            // it asks for findings of another rule:
  std::string asked;                 // "spark.core.spill"
  std::vector<std::string> findings;  // those that are there, by id
  std::vector<rules::MissingInput> missing;  // of one that is unknown
  std::vector<ConditionShown> parts;         // of `and`, `or`, `if`
};

}  // namespace advise::ask
