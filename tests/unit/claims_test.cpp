// Claims of causes against a ledger: clipped, never the same time twice, the rest unexplained.
#include <doctest/doctest.h>

#include <random>
#include <set>

#include "diagnose/claims.h"

namespace advise::test {
namespace {

using namespace advise::diagnose;
using model::Account;
using model::Ledger;
using model::LedgerEntry;
using model::LedgerPart;
using model::StageRow;

const StageRow k1{std::size_t{1}};
const StageRow k2{std::size_t{2}};

Ledger MakeLedger(std::vector<LedgerEntry> entries) {
  Ledger ledger;
  ledger.known = true;
  for (const LedgerEntry& entry : entries) {
    ledger.duration_us += entry.us;
    ledger.accounts[static_cast<std::size_t>(AccountOf(entry.part))].us += entry.us;
  }
  ledger.entries = std::move(entries);
  return ledger;
}

// 1,000 µs: tails of two stages, gc, driver, work.
Ledger ExampleLedger() {
  return MakeLedger({{LedgerPart::TailSkew, k1, {}, 200},
                     {LedgerPart::TailUneven, k1, {}, 100},
                     {LedgerPart::TailUneven, k2, {}, 100},
                     {LedgerPart::Gc, k1, {}, 60},
                     {LedgerPart::Planning, {}, {}, 40},
                     {LedgerPart::Cpu, k1, {}, 500}});
}

std::int64_t Us(const Claims& claims, Account account) { return claims.claimed_us[static_cast<std::size_t>(account)]; }

}  // namespace

TEST_CASE("claims: a cost is clipped to what its places hold") {
  const struct {
    const char* what;
    Cost cost;
    std::int64_t bound;
  } rows[] = {
      {"all of an account", {10'000, {{PartsOf(Account::Tail), {}}}}, 400},
      {"an account of a stage", {10'000, {{PartsOf(Account::Tail), k1}}}, 300},
      {"less than there is", {120, {{PartsOf(Account::Tail), k1}}}, 120},
      {"two accounts", {10'000, {{PartsOf(Account::Tail), k1}, {PartsOf(Account::Gc), k1}}}, 360},
      {"named twice",
       {10'000, {{PartsOf(Account::Tail), k1}, {PartsOf(Account::Tail), {}}, {PartsOf(Account::Tail), k1}}},
       400},
      {"an account without time", {10'000, {{PartsOf(Account::Spill), {}}}}, 0},
      {"no place", {10'000, {}}, 0},
      {"nothing", {0, {{PartsOf(Account::Tail), {}}}}, 0},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const Claims claims = ShareClaims(ExampleLedger(), std::span(&row.cost, 1));
    REQUIRE(claims.costs.size() == 1);
    CHECK(claims.costs[0].bound_us == row.bound);
    CHECK(claims.costs[0].us == row.bound);
    CHECK(!claims.costs[0].inside);
  }
}

TEST_CASE("claims: the more specific of two causes holds the time that both name") {
  const Cost costs[] = {{400, {{PartsOf(Account::Tail), {}}}}, {250, {{PartsOf(Account::Tail), k1}}}};
  const Claims claims = ShareClaims(ExampleLedger(), costs);
  CHECK(claims.costs[1].us == 250);
  CHECK(!claims.costs[1].inside);
  CHECK(claims.costs[0].bound_us == 400);
  CHECK(claims.costs[0].us == 150);
  CHECK(claims.costs[0].inside == 1);
  CHECK(Us(claims, Account::Tail) == 400);
  // Whatever their order.
  const Cost turned[] = {costs[1], costs[0]};
  const Claims same = ShareClaims(ExampleLedger(), turned);
  CHECK(same.costs[0].us == 250);
  CHECK(same.costs[1].us == 150);
}

TEST_CASE("claims: what a cost names by part it takes before what it names as a whole") {
  const PartSet whole = ~PartsOf(Account::UserIdle);
  const Cost cost{350, {{whole, k1}, {PartsOf(Account::Tail), k1}}};
  const Claims claims = ShareClaims(ExampleLedger(), std::span(&cost, 1));
  CHECK(claims.costs[0].us == 350);
  CHECK(Us(claims, Account::Tail) == 300);
  CHECK(Us(claims, Account::Gc) + Us(claims, Account::Work) == 50);
  REQUIRE(claims.costs[0].claims.size() == 3);  // each account once
}

TEST_CASE("claims: a place may be a gap, alone or with a stage") {
  const model::GapRow g1{std::size_t{1}};
  const model::GapRow g2{std::size_t{2}};
  const Ledger ledger = MakeLedger({{LedgerPart::Planning, {}, g1, 40},
                                    {LedgerPart::Collect, k1, g1, 30},
                                    {LedgerPart::Planning, {}, g2, 20},
                                    {LedgerPart::Collect, k1, g2, 10}});
  const PartSet driver = PartsOf(Account::Driver);
  PartSet planning;
  planning.set(static_cast<std::size_t>(LedgerPart::Planning));
  const Cost costs[] = {{1'000, {{driver, {}, g1}}},
                        {1'000, {{driver, k1, g2}}},
                        {1'000, {{planning, {}, {}}}},
                        {1'000, {{planning, {}, g2}, {driver, k1, {}}}}};
  CHECK(ClipCosts(ledger, costs) == std::vector<std::int64_t>{70, 10, 60, 60});
}

TEST_CASE("claims: what nobody claims is unexplained from 5 % on, but for work and what is idle by wish") {
  Ledger ledger = ExampleLedger();
  ledger.entries.push_back({LedgerPart::UserIdle, {}, {}, 9'000});
  ledger.entries.push_back({LedgerPart::UnknownIo, k2, {}, 100});
  ledger.duration_us += 9'100;
  ledger.accounts[static_cast<std::size_t>(Account::UserIdle)].us = 9'000;
  const Cost skew{200, {{PartsOf(Account::Tail), k1}}};
  const Claims claims = ShareClaims(ledger, std::span(&skew, 1));
  REQUIRE(claims.unexplained.size() == 2);  // 55 of 1,100 µs are 5 %: not the 40 of planning
  CHECK(claims.unexplained[0].account == Account::Tail);
  CHECK(claims.unexplained[0].us == 200);
  REQUIRE(claims.unexplained[0].stages.size() == 2);
  CHECK(claims.unexplained[0].stages[0].us == 100);
  CHECK(claims.unexplained[1].account == Account::Gc);
  CHECK(claims.unexplained[1].us == 60);
}

TEST_CASE("claims: for any costs, no time is claimed twice and none is lost") {
  std::mt19937_64 random(5);
  const auto draw = [&](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random);
  };
  for (int round = 0; round < 300; ++round) {
    CAPTURE(round);
    std::vector<LedgerEntry> entries;
    std::set<std::pair<std::size_t, std::int64_t>> used;
    for (std::int64_t i = draw(0, 20); i > 0; --i) {
      const auto part = static_cast<std::size_t>(draw(0, static_cast<std::int64_t>(model::kLedgerParts) - 1));
      const std::int64_t stage = draw(-1, 4);
      if (!used.insert({part, stage}).second) continue;
      entries.push_back({static_cast<LedgerPart>(part),
                         stage < 0 ? StageRow() : StageRow(static_cast<std::size_t>(stage)),
                         {},
                         draw(1, round % 2 == 0 ? 1'000 : std::int64_t{1} << 50)});
    }
    const Ledger ledger = MakeLedger(entries);
    std::vector<Cost> costs;
    for (std::int64_t i = draw(0, 6); i > 0; --i) {
      Cost cost{draw(0, std::max<std::int64_t>(1, ledger.duration_us)), {}};
      for (std::int64_t p = draw(0, 4); p > 0; --p) {
        const std::int64_t stage = draw(-1, 4);
        cost.places.push_back({PartsOf(static_cast<Account>(draw(0, static_cast<std::int64_t>(model::kAccounts) - 1))),
                               stage < 0 ? StageRow() : StageRow(static_cast<std::size_t>(stage))});
      }
      costs.push_back(std::move(cost));
    }
    const Claims claims = ShareClaims(ledger, costs);
    std::array<std::int64_t, model::kAccounts> sums{};
    for (std::size_t i = 0; i < costs.size(); ++i) {
      const ClaimedCost& one = claims.costs[i];
      CHECK(one.us <= one.bound_us);
      CHECK(one.bound_us <= costs[i].us);
      CHECK(ShareClaims(ledger, std::span(&costs[i], 1)).costs[0].us == one.bound_us);  // alone it gets its bound
      CHECK(ClipCosts(ledger, costs)[i] == one.bound_us);
      CHECK((!one.inside || one.us < one.bound_us));
      CHECK((one.inside || one.us == one.bound_us));
      std::int64_t sum = 0;
      for (const Claim& claim : one.claims) {
        CHECK(claim.us > 0);
        sum += claim.us;
        sums[static_cast<std::size_t>(claim.account)] += claim.us;
      }
      CHECK(sum == one.us);
    }
    for (std::size_t a = 0; a < model::kAccounts; ++a) {
      CHECK(sums[a] == claims.claimed_us[a]);
      CHECK(sums[a] <= ledger.accounts[a].us);
    }
    for (const Unexplained& one : claims.unexplained) {
      const auto a = static_cast<std::size_t>(one.account);
      CHECK(one.us == ledger.accounts[a].us - sums[a]);
    }
    // Whoever comes first holds all of it: taken together they claim as much of an account as anyone can.
    if (costs.size() == 1) CHECK(claims.costs[0].us == claims.costs[0].bound_us);
  }
}

}  // namespace advise::test
