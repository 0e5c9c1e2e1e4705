// The search for the best set against looking at all sets; shares and steps add up.
#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "plan/search.h"

namespace advise::plan {
namespace {

using Random = std::mt19937_64;

double Between(Random& random, double low, double high) {
  return low + (high - low) * static_cast<double>(random() % 10'001) / 10'000;
}

// Savings with pairs that overlap, help each other, or exclude each other.
SearchTask RandomTask(Random& random, std::size_t items) {
  std::vector<double> single;
  std::vector<std::vector<double>> pair(items, std::vector<double>(items, 0));
  std::vector<std::vector<bool>> excluded(items, std::vector<bool>(items, false));
  SearchTask task;
  task.items = items;
  for (std::size_t i = 0; i < items; ++i) {
    single.push_back(Between(random, -5, 20));
    task.burden.push_back(Between(random, 0.5, 2));
    for (std::size_t j = 0; j < i; ++j) {
      if (random() % 3 == 0) pair[i][j] = Between(random, -10, 10);
      excluded[i][j] = random() % 8 == 0;
    }
  }
  task.value = [=](Set set) -> std::optional<double> {
    double value = 0;
    for (std::size_t i = 0; i < items; ++i) {
      if (!Has(set, i)) continue;
      value += single[i];
      for (std::size_t j = 0; j < i; ++j) {
        if (!Has(set, j)) continue;
        if (excluded[i][j]) return std::nullopt;
        value += pair[i][j];
      }
    }
    return value;
  };
  return task;
}

// The slow twin: every set, recursively, nothing remembered.
std::pair<double, Set> Exhaustive(const SearchTask& task, std::size_t item = 0, Set set = 0) {
  if (item == task.items) return {Worth(task, set).value_or(-1e9), set};
  return std::max(Exhaustive(task, item + 1, set), Exhaustive(task, item + 1, With(set, item)));
}

TEST_CASE("plan search: no set is worth more than the best of all, and greed rarely misses it") {
  Random random(7);
  int found = 0;
  constexpr int kTasks = 300;
  for (int i = 0; i < kTasks; ++i) {
    SearchTask task = RandomTask(random, 1 + random() % 7);
    if (random() % 4 == 0) task.most_items = random() % 4;
    const auto [worth, set] = Exhaustive(task);
    const Set best = BestOfAll(task);
    CHECK(Worth(task, best).value() == doctest::Approx(worth));
    const Set greedy = BestByGreed(task);
    REQUIRE(Worth(task, greedy));
    CHECK(*Worth(task, greedy) <= worth + 1e-9);
    if (*Worth(task, greedy) >= worth - 1e-9) ++found;
  }
  CHECK(found >= kTasks * 9 / 10);
}

TEST_CASE("plan search: two changes that save only together are found by greed") {
  SearchTask task;
  task.items = 4;
  task.burden.assign(4, 1);
  task.value = [](Set set) -> std::optional<double> {
    return ((set & 6) == 6 ? 30.0 : 0.0) + (Has(set, 0) ? 2.0 : 0.0);
  };
  CHECK(BestByGreed(task) == 7);
  CHECK(BestOfAll(task) == 7);
  task.most_items = 2;
  CHECK(BestByGreed(task) == 6);
  task.most_items = 0;
  CHECK(BestByGreed(task) == 0);
}

TEST_CASE("plan search: of equal sets the one with fewer changes") {
  SearchTask task;
  task.items = 2;
  task.burden.assign(2, 0);
  task.value = [](Set set) -> std::optional<double> { return set == 0 ? 0 : 5; };
  CHECK(BestOfAll(task) == 1);
  CHECK(BestByGreed(task) == 1);
}

TEST_CASE("plan search: steps and fair shares add up to the whole, exact shares are symmetric") {
  Random random(11);
  for (int i = 0; i < 60; ++i) {
    const std::size_t items = 1 + random() % 9;
    SearchTask task = RandomTask(random, items);
    const Set all = BestOfAll(task);
    double sum = 0;
    for (const double share : FairShares(task, all)) sum += share;
    CHECK(sum == doctest::Approx(task.value(all).value()));
    double steps = 0;
    Set done = 0;
    for (const Step& step : InSteps(task, all)) {
      steps += step.gain;
      CHECK(Has(all, step.item));
      CHECK(!Has(done, step.item));
      done = With(done, step.item);
    }
    CHECK(done == all);
    CHECK(steps == doctest::Approx(task.value(all).value()));
  }
  SearchTask twins;
  twins.items = 2;
  twins.burden.assign(2, 0);
  twins.value = [](Set set) -> std::optional<double> { return set == 3 ? 6 : set == 0 ? 0 : 5; };
  const std::vector<double> shares = FairShares(twins, 3);
  CHECK(shares[0] == doctest::Approx(3));
  CHECK(shares[1] == doctest::Approx(3));
}

TEST_CASE("plan search: sampled shares are near the exact ones") {
  Random random(3);
  for (int i = 0; i < 20; ++i) {
    SearchTask task = RandomTask(random, 6);
    const Set all = 63;
    if (!task.value(all)) continue;
    const std::vector<double> exact = FairShares(task, all, 6);
    const std::vector<double> sampled = FairShares(task, all, 0);
    bool every = true;
    for (Set set = 0; set < 64; ++set) every = every && task.value(set).has_value();
    if (!every) continue;
    for (std::size_t item = 0; item < 6; ++item) CHECK(std::abs(exact[item] - sampled[item]) < 1e-9);
  }
}

}  // namespace
}  // namespace advise::plan
