// Groups that are made again beside those of a match: by surveys and `why not`. A group that the matcher made has the
// number that it had there, for findings about it are looked up by that.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "rules/match/evaluation.h"
#include "rules/match/match.h"

namespace advise::rules {

// A key of `group by` for the rows that are bound. By its text groups are told apart; a missing key makes no group.
struct GroupKey {
  TypedValue value;
  bool missing = false;
};
GroupKey ReadGroupKey(Evaluation& evaluation, const Output& output);

class GroupNumbers {
 public:
  explicit GroupNumbers(const std::vector<GroupRow>& known);
  // The members are ascending, and there is one.
  std::uint32_t Of(GroupRow group);
  [[nodiscard]] const std::vector<GroupRow>& rows() const { return rows_; }

 private:
  std::vector<GroupRow> rows_;
  std::multimap<std::uint32_t, std::uint32_t> by_first_member_;
};

}  // namespace advise::rules
