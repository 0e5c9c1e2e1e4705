// Makes a test small: what can go while the finding stays goes, and what is left gets round numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "workbench/from_log/given_facts.h"

namespace advise::workbench {

// Whether the rule finds the head in the job of the test.
class Trial {
 public:
  Trial(const rules::RuleSet& set, rules::RuleIndex rule, std::vector<std::uint32_t> head)
      : set_(set), rule_(rule), head_(std::move(head)) {}
  [[nodiscard]] bool Fires(const rules::BoundTest& test) const;
  // It does not, and no condition is unknown: a comparison decides.
  [[nodiscard]] bool JustMisses(const rules::BoundTest& test) const;

  std::vector<std::uint32_t>& head() { return head_; }

 private:
  const rules::RuleSet& set_;
  rules::RuleIndex rule_;
  std::vector<std::uint32_t> head_;  // givens
};

// False: the givens do not make the finding.
bool Reduce(Trial& trial, rules::BoundTest& test);

// The same job with one number changed as little as possible, so that the finding is gone; where no number does it a
// flag, or a word of a closed list. `what` says which. nullopt: no single value does it.
struct Miss {
  rules::BoundTest test;
  std::string what;  // "tasks.shuffle_read of s"
};
std::optional<Miss> NearestMiss(const Trial& trial, const rules::BoundTest& test);

}  // namespace advise::workbench
