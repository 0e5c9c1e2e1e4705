// The tournament of busy slots beside a sorted list.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "cost/busy_slots.h"
#include "unit/random.h"

namespace advise::test {

TEST_CASE("cost/busy slots: the slot whose task ends first, as a sorted list has it") {
  Random random(1);
  for (int round = 0; round < 200; ++round) {
    CAPTURE(round);
    cost::BusySlots busy;
    std::vector<double> ends;
    std::uint32_t task = 0;
    const auto check = [&] {
      REQUIRE(busy.size() == ends.size());
      REQUIRE(busy.empty() == ends.empty());
      if (!ends.empty()) REQUIRE(busy.First().end == *std::ranges::min_element(ends));
    };
    const auto remove_first = [&] { ends.erase(std::ranges::min_element(ends)); };
    for (int step = 0; step < 100; ++step) {
      // Few different times, so that some are equal.
      const auto end = static_cast<double>(Draw(random, 0, Chance(random, 50) ? 5 : 1'000));
      if (ends.empty() || Chance(random, 40)) {
        busy.Push({end, 7, task++});
        ends.push_back(end);
      } else if (Chance(random, 50)) {
        remove_first();
        busy.ReplaceFirst({end, 7, task++});
        ends.push_back(end);
      } else {
        remove_first();
        busy.PopFirst();
      }
      check();
      std::vector<double> all;
      busy.ForEach([&](const cost::BusySlots::Busy& one) {
        CHECK(one.executor == 7);
        all.push_back(one.end);
      });
      std::ranges::sort(all);
      std::vector<double> expected = ends;
      std::ranges::sort(expected);
      REQUIRE(all == expected);
    }
    busy.Clear();
    ends.clear();
    check();
    busy.Push({3, 7, task});
    ends.push_back(3);
    check();
  }
}

TEST_CASE("cost/busy slots: of tasks that end at one time the slot that was taken first") {
  cost::BusySlots busy;
  for (std::uint32_t task = 0; task < 5; ++task) busy.Push({10, task, task});
  for (std::uint32_t task = 0; task < 5; ++task) {
    CHECK(busy.First().task == task);
    busy.PopFirst();
  }
}

}  // namespace advise::test
