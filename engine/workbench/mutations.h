// Faults put into the events of a healthy run, with a dial for how bad: from which level on does a rule notice? They
// change the log, not the run: what a fault would have done to other stages is not in it. Pure functions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace advise::workbench {

struct Mutation {
  std::string_view name;       // "stretch-task"
  std::string_view what;       // what the level means: "bytes and time of one task x"
  std::vector<double> levels;  // ascending
  // Rules of which at least one should speak, whatever kind of stage it is.
  std::vector<std::string_view> rules;
};

std::span<const Mutation> Mutations();

// The events of `text` (lines of JSON) with the fault in them; times that follow from it are moved along. Nothing: the
// run has no place for the fault (no stage with enough tasks, one executor only, no whole application).
std::optional<std::string> Mutate(std::string_view text, const Mutation& mutation, double level);

}  // namespace advise::workbench
