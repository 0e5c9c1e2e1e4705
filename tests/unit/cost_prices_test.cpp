// Tables of prices and the bills that follow from them.
#include <doctest/doctest.h>

#include "cost/prices.h"

namespace advise::test {
namespace {

using cost::BillFor;
using cost::Prices;
using cost::Usage;

constexpr double kHour = 3'600'000;  // ms

Prices Table(const std::string& billing, const std::string& rest) {
  const Result<Prices> prices =
      cost::ParsePrices("currency: EUR\nsource: a contract\nbilling: {" + billing + "}\n" + rest, "prices.yaml");
  REQUIRE_MESSAGE(prices, (prices ? std::string() : prices.error().message));
  return *prices;
}

std::string ErrorOf(const std::string& text) {
  const Result<Prices> prices = cost::ParsePrices(text, "prices.yaml");
  return prices ? "" : prices.error().message;
}

const cost::Container kContainer{4, 8, 1, 2};

TEST_CASE("cost/prices: each executor for its time, with a least time and in units") {
  const Prices prices = Table("model: per_executor, granularity_s: 60, minimum_s: 600", "rates: {vcpu_hour: 1, gib_hour: 0.5}");
  // An executor is 4 + 8 x 0.5 = 8 an hour, the driver 1 + 1 = 2.
  CHECK(*BillFor(prices, kContainer, Usage{{{0, kHour, 1}}, kHour, 0}) == doctest::Approx(10));
  CHECK(*BillFor(prices, kContainer, Usage{{{0, kHour, 3}}, kHour, 0}) == doctest::Approx(26));
  // 61 s are two minutes, below the least ten: 8/6 and 2/6.
  CHECK(*BillFor(prices, kContainer, Usage{{{0, 61'000, 1}}, 61'000, 0}) == doctest::Approx(10.0 / 6));
  // 601 s are eleven minutes.
  CHECK(*BillFor(prices, kContainer, Usage{{{0, 601'000, 1}}, 601'000, 0}) == doctest::Approx(10.0 * 11 / 60));
  CHECK(cost::CoreHours(kContainer, Usage{{{0, kHour, 3}, {0, kHour / 2, 1}}, kHour, 0}) == doctest::Approx(14));
}

TEST_CASE("cost/prices: nodes that hold executors, in steps") {
  const Prices prices = Table("model: per_node",
                              "nodes: [{name: small, vcpu: 2, memory_gib: 8, hour: 1},"
                              " {name: large, vcpu: 16, memory_gib: 24, allocatable_memory_gib: 17, hour: 6}]");
  // The small one is too small; the large one holds two, for memory.
  const auto bill = [&](double executors) {
    return *BillFor(prices, kContainer, Usage{{{0, kHour, executors}}, kHour, 0});
  };
  CHECK(bill(1) == doctest::Approx(6));
  CHECK(bill(2) == doctest::Approx(6));
  CHECK(bill(3) == doctest::Approx(12));
  // Two of four are there for half of the time: a node less for that half.
  CHECK(*BillFor(prices, kContainer, Usage{{{0, kHour, 2}, {kHour / 2, kHour, 2}}, kHour, 0}) == doctest::Approx(9));
  CHECK_FALSE(BillFor(prices, {32, 8, 1, 1}, Usage{{{0, kHour, 1}}, kHour, 0}));
}

TEST_CASE("cost/prices: nodes that may be taken back do part of the work again") {
  const auto table = [](const std::string& rework) {
    return Table("model: per_node", "nodes: [{name: n, vcpu: 4, memory_gib: 8, hour: 3, spot: {hour: 1, "
                                    "interruption_per_hour: 0.1, rework: " + rework + "}}]");
  };
  const Usage hour{{{0, kHour, 1}}, kHour, 0};
  const double kept = *BillFor(table("external_shuffle"), kContainer, hour);
  const double lost = *BillFor(table("lineage"), kContainer, hour);
  CHECK(kept > 1);
  CHECK(kept < 1.02);
  CHECK(lost == doctest::Approx(kept + 0.05));
}

TEST_CASE("cost/prices: a cluster that is paid for anyway has no bill, shuffle files may") {
  const Usage hour{{{0, kHour, 1}}, kHour, 2.0 * (1 << 30)};
  CHECK_FALSE(BillFor(Table("model: fixed_cluster", ""), kContainer, hour));
  const Prices with = Table("model: per_executor", "rates: {vcpu_hour: 1}\nstorage: {shuffle_gib_hour: 10}");
  CHECK(*BillFor(with, kContainer, hour) == doctest::Approx(5 + 20));
}

TEST_CASE("cost/prices: what is wrong with a table is told with its line") {
  const std::string good = "currency: EUR\nsource: s\nbilling: {model: per_executor}\nrates: {vcpu_hour: 1}\n";
  CHECK(ErrorOf(good) == "");
  CHECK(ErrorOf(good + "rate: {vcpu_hour: 2}\n") == "the table of prices `prices.yaml:5` has no key `rate`");
  CHECK(ErrorOf("currency: EUR\nsource: s\nbilling: {model: per_executor}\nrates: {vcpu_hour: -1}\n") ==
        "the table of prices `prices.yaml:4` has no number from 0 on for `vcpu_hour`");
  CHECK(ErrorOf("currency: EUR\nsource: s\nbilling: {model: per_executor}\nrates: {vcpu_hour: .inf}\n") ==
        "the table of prices `prices.yaml:4` has no number from 0 on for `vcpu_hour`");
  CHECK(ErrorOf("currency: EUR\nsource: s\nbilling: {model: monthly}\n") ==
        "the table of prices `prices.yaml:3` has no model `monthly`: per_executor, per_node and fixed_cluster are");
  CHECK(ErrorOf("currency: EUR\nsource: s\nbilling: {model: per_executor}\n") ==
        "the table of prices `prices.yaml:3` bills per executor and has no rate above 0");
  CHECK(ErrorOf("currency: EUR\nsource: s\nbilling: {model: per_node}\n") ==
        "the table of prices `prices.yaml:3` bills per node and names none");
  CHECK(ErrorOf("currency: EUR\nbilling: {model: fixed_cluster}\n") ==
        "the table of prices `prices.yaml:1` lacks `source`");
  CHECK(ErrorOf("").find("is no table of prices") != std::string::npos);
  CHECK(ErrorOf("[1, 2").find("is no YAML") != std::string::npos);
  CHECK(ErrorOf("- 1\n").find("is no table of prices") != std::string::npos);
}

TEST_CASE("cost/prices: the example is a table, and says where it comes from") {
  const Result<Prices> example = cost::ParsePrices(std::string(cost::ExamplePrices()), "example");
  REQUIRE(example);
  CHECK(example->vcpu_hour > 0);
  CHECK_FALSE(example->source.empty());
  CHECK_FALSE(example->valid_from.empty());
}

TEST_CASE("cost/prices: money is printed with the digits that count") {
  CHECK(cost::FormatMoney(1234.5, "EUR") == "1234 EUR");
  CHECK(cost::FormatMoney(12.345, "EUR") == "12.3 EUR");
  CHECK(cost::FormatMoney(1.2345, "EUR") == "1.23 EUR");
  CHECK(cost::FormatMoney(0.0012345, "EUR") == "0.00123 EUR");
  CHECK(cost::FormatMoney(0, "EUR") == "0 EUR");
}

}  // namespace
}  // namespace advise::test
