// Which rules looked at a run, and which could not. Plain data.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace advise::diagnose {

// Rules that could not be evaluated for the same reason.
// What `because` of a rule begins with that took more work than a rule may (support/limits.h).
inline constexpr std::string_view kGivenUp = "given up";

struct NotEvaluated {
  std::vector<std::string> rules;    // qualified names
  std::vector<std::string> missing;  // "Executor.peak_heap_used"
  std::string because;
  // Where only some subjects lack it: how many of how many, "3 of 50 stages". The others were looked at. Empty: all.
  std::string in_part{};
};

// Which rules looked at the run.
struct Coverage {
  std::size_t evaluated = 0;                // symptoms and causes that could be decided
  std::vector<std::string> silent_causes;   // qualified names of causes that found nothing
  std::vector<std::string> silent_areas{};  // what these looked at, by the tags of their rules, each once
  std::vector<NotEvaluated> not_evaluated;  // most rules first
};

}  // namespace advise::diagnose
