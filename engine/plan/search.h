// The best set of changes by a set function, and what each of them contributes to it. Pure: sets are bit masks, their
// values come from whoever asks. Savings are neither additive nor submodular, so no bound from single values holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace advise::plan {

// Bit i: change i is in it.
using Set = std::uint64_t;
inline constexpr std::size_t kMostItems = 64;
inline bool Has(Set set, std::size_t item) { return (set >> item & 1) != 0; }
inline Set With(Set set, std::size_t item) { return set | (Set{1} << item); }
inline Set Without(Set set, std::size_t item) { return set & ~(Set{1} << item); }

// What a set saves; nullopt: it is not allowed. The empty set is allowed and saves 0.
using SetValue = std::function<std::optional<double>(Set)>;

struct SearchTask {
  std::size_t items = 0;  // at most kMostItems
  SetValue value;
  std::vector<double> burden;  // of each item: what it must earn at least to be worth the trouble
  std::size_t most_items = kMostItems;
};

// value - burdens; nullopt: not allowed, or too many items.
std::optional<double> Worth(const SearchTask& task, Set set);

// All subsets are looked at. Of equal ones that with fewer items, then the smaller mask.
Set BestOfAll(const SearchTask& task);
// Adds the best item or pair of items while that is worth something, swaps one for another, and drops what is no longer
// worth its burden. A pair is looked at because two changes may be worth something only together.
Set BestByGreed(const SearchTask& task);

// The members of the set in the order of their contribution on top of those before; each prefix is allowed if any order
// makes it so. Contributions add up to the value of the set.
struct Step {
  std::size_t item = 0;
  double gain = 0;
};
std::vector<Step> InSteps(const SearchTask& task, Set set);

// Shares of the members in the value of the set (Shapley), by item; 0 for others. They add up to it. Exact up to
// `exact_up_to` members; beyond that from an order and its reverse, several times. Sets that are not allowed count as
// their best allowed part in that order.
std::vector<double> FairShares(const SearchTask& task, Set set, std::size_t exact_up_to = 6);

}  // namespace advise::plan
