// Exact and greedy search over sets, steps, Shapley shares.
#include "plan/search.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

namespace advise::plan {
namespace {

std::vector<std::size_t> MembersOf(Set set) {
  std::vector<std::size_t> members;
  for (std::size_t i = 0; i < kMostItems; ++i) {
    if (Has(set, i)) members.push_back(i);
  }
  return members;
}

// Is a better than b? Nothing is worth less than what is not allowed.
bool Better(std::optional<double> a, Set of_a, std::optional<double> b, Set of_b) {
  if (!a || !b) return a.has_value() && !b.has_value();
  if (*a != *b) return *a > *b;
  if (std::popcount(of_a) != std::popcount(of_b)) return std::popcount(of_a) < std::popcount(of_b);
  return of_a < of_b;
}

// What the set saves; of one that is not allowed what `before` saved.
double ValueOr(const SearchTask& task, Set set, double before) { return task.value(set).value_or(before); }

}  // namespace

std::optional<double> Worth(const SearchTask& task, Set set) {
  if (static_cast<std::size_t>(std::popcount(set)) > task.most_items) return std::nullopt;
  std::optional<double> value = task.value(set);
  if (!value) return std::nullopt;
  for (const std::size_t item : MembersOf(set)) *value -= task.burden[item];
  return value;
}

Set BestOfAll(const SearchTask& task) {
  Set best = 0;
  std::optional<double> worth = 0;
  for (Set set = 1; set < Set{1} << task.items; ++set) {
    const std::optional<double> here = Worth(task, set);
    if (Better(here, set, worth, best)) {
      best = set;
      worth = here;
    }
  }
  return best;
}

Set BestByGreed(const SearchTask& task) {
  Set best = 0;
  std::optional<double> worth = 0;
  const auto take = [&](Set from, auto&& sets) {
    Set candidate = from;
    std::optional<double> of_candidate = worth;
    sets([&](Set set) {
      const std::optional<double> here = Worth(task, set);
      if (!Better(here, set, of_candidate, candidate)) return;
      candidate = set;
      of_candidate = here;
    });
    const bool better = candidate != from;
    best = candidate;
    worth = of_candidate;
    return better;
  };
  const auto additions = [&](auto&& look) {
    for (std::size_t a = 0; a < task.items; ++a) {
      if (Has(best, a)) continue;
      look(With(best, a));
      for (std::size_t b = a + 1; b < task.items; ++b) {
        if (!Has(best, b)) look(With(With(best, a), b));
      }
    }
  };
  const auto exchanges = [&](auto&& look) {
    for (const std::size_t out : MembersOf(best)) {
      look(Without(best, out));
      for (std::size_t in = 0; in < task.items; ++in) {
        if (!Has(best, in)) look(With(Without(best, out), in));
      }
    }
  };
  // Each round is worth more than the one before, so it ends; the limit is against values that differ in the last bits.
  for (std::size_t round = 0; round < 4 * task.items + 4; ++round) {
    if (!take(best, additions) && !take(best, exchanges)) break;
  }
  return best;
}

std::vector<Step> InSteps(const SearchTask& task, Set set) {
  std::vector<Step> steps;
  Set done = 0;
  double saved = 0;
  while (done != set) {
    std::optional<std::size_t> next;
    std::optional<double> best;
    for (const std::size_t item : MembersOf(set & ~done)) {
      const std::optional<double> value = task.value(With(done, item));
      if (!next || (value && (!best || *value > *best))) {
        next = item;
        best = value;
      }
    }
    done = With(done, *next);
    const double now = best.value_or(saved);
    steps.push_back({*next, now - saved});
    saved = now;
  }
  return steps;
}

std::vector<double> FairShares(const SearchTask& task, Set set, std::size_t exact_up_to) {
  std::vector<std::size_t> members = MembersOf(set);
  std::vector<double> shares(task.items, 0);
  std::size_t orders = 0;
  const auto count = [&](const std::vector<std::size_t>& order) {
    Set done = 0;
    double saved = 0;
    for (const std::size_t item : order) {
      done = With(done, item);
      const double now = ValueOr(task, done, saved);
      shares[item] += now - saved;
      saved = now;
    }
    ++orders;
  };
  if (members.size() <= exact_up_to) {
    do count(members);
    while (std::ranges::next_permutation(members).found);
  } else {
    constexpr std::size_t kPairs = 8;
    std::uint64_t state = set;
    for (std::size_t pair = 0; pair < kPairs; ++pair) {
      for (std::size_t i = members.size(); i-- > 1;) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        std::swap(members[i], members[(state >> 33) % (i + 1)]);
      }
      count(members);
      std::ranges::reverse(members);
      count(members);
    }
  }
  for (double& share : shares) share /= static_cast<double>(std::max<std::size_t>(orders, 1));
  return shares;
}

}  // namespace advise::plan
