// Cells are (account, stage). Costs take from the cells that they name in the order of their specificity, from each in
// proportion to what is left in it.
#include "diagnose/claims.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>

namespace advise::diagnose {
namespace {

using model::Account;
using model::Ledger;
using model::LedgerEntry;
using model::StageRow;

struct Cell {
  Account account = Account::Work;
  StageRow stage{};
  std::int64_t us = 0;
  std::int64_t left = 0;
  std::vector<std::pair<std::size_t, std::int64_t>> holders;  // position in the costs, µs
};

std::vector<Cell> ReadCells(const Ledger& ledger) {
  std::map<std::pair<Account, StageRow>, std::int64_t> sums;
  for (const LedgerEntry& entry : ledger.entries) sums[{AccountOf(entry.part), entry.stage}] += entry.us;
  std::vector<Cell> cells;
  for (const auto& [key, us] : sums) cells.push_back({key.first, key.second, us, us, {}});
  return cells;
}

// Numbers of the cells that the places name, each once.
std::vector<std::size_t> CellsOf(const std::vector<Cell>& cells, std::vector<CostPlace> places) {
  std::ranges::sort(places);
  std::vector<std::size_t> named;
  for (std::size_t cell = 0; cell < cells.size(); ++cell) {
    const CostPlace whole{cells[cell].account, {}};
    const CostPlace one{cells[cell].account, cells[cell].stage};
    if (std::ranges::binary_search(places, whole) || std::ranges::binary_search(places, one)) named.push_back(cell);
  }
  return named;
}

// part x whole / of, rounded down; all >= 0, part <= of. In double where the product would not fit: a µs of a century.
std::int64_t Proportion(std::int64_t part, std::int64_t whole, std::int64_t of) {
  if (of == 0) return 0;
  constexpr std::int64_t kFits = std::int64_t{1} << 31;
  if (part < kFits && whole < kFits) return part * whole / of;
  const double exact = static_cast<double>(part) / static_cast<double>(of) * static_cast<double>(whole);
  return std::min(part, static_cast<std::int64_t>(exact));
}

// What is not yet known to be taken is taken from the first cells that have some left.
void TakeFrom(std::vector<Cell>& cells, const std::vector<std::size_t>& named, std::size_t cost, std::int64_t us,
              ClaimedCost& claimed) {
  std::int64_t left = 0;
  for (const std::size_t cell : named) left += cells[cell].left;
  std::int64_t missing = std::min(us, left);
  claimed.us = missing;
  std::vector<std::int64_t> taken;
  for (const std::size_t cell : named) {
    taken.push_back(std::min(missing, Proportion(cells[cell].left, claimed.us, left)));
    missing -= taken.back();
  }
  for (std::size_t i = 0; i < named.size() && missing > 0; ++i) {
    const std::int64_t more = std::min(missing, cells[named[i]].left - taken[i]);
    taken[i] += more;
    missing -= more;
  }
  std::map<Account, std::int64_t> accounts;
  for (std::size_t i = 0; i < named.size(); ++i) {
    if (taken[i] == 0) continue;
    Cell& cell = cells[named[i]];
    cell.left -= taken[i];
    cell.holders.emplace_back(cost, taken[i]);
    accounts[cell.account] += taken[i];
  }
  for (const auto& [account, amount] : accounts) claimed.claims.push_back({account, amount});
}

// The cost that holds most of the named cells, of equal ones the first.
std::optional<std::size_t> LargestHolder(const std::vector<Cell>& cells, const std::vector<std::size_t>& named,
                                         std::size_t but) {
  std::map<std::size_t, std::int64_t> held;
  for (const std::size_t cell : named) {
    for (const auto& [cost, us] : cells[cell].holders) {
      if (cost != but) held[cost] += us;
    }
  }
  std::optional<std::size_t> largest;
  for (const auto& [cost, us] : held) {
    if (!largest || us > held[*largest]) largest = cost;
  }
  return largest;
}

bool CanBeUnexplained(Account account) {
  return account != Account::Work && account != Account::UnknownIo && account != Account::UserIdle;
}

std::vector<Unexplained> FindUnexplained(const Ledger& ledger, const std::vector<Cell>& cells) {
  const auto run = static_cast<double>(ledger.duration_us - ledger[Account::UserIdle].us);
  std::map<Account, Unexplained> left;
  for (const Cell& cell : cells) {
    if (cell.left == 0 || !CanBeUnexplained(cell.account)) continue;
    Unexplained& one = left[cell.account];
    one.account = cell.account;
    one.us += cell.left;
    if (cell.stage.valid()) one.stages.push_back({cell.stage, cell.left});
  }
  std::vector<Unexplained> unexplained;
  for (auto& [account, one] : left) {
    if (static_cast<double>(one.us) < kUnexplainedShare * run) continue;
    std::ranges::stable_sort(one.stages, std::greater(), &Unexplained::OfStage::us);
    constexpr std::size_t kMostStages = 5;
    if (one.stages.size() > kMostStages) one.stages.resize(kMostStages);
    unexplained.push_back(std::move(one));
  }
  std::ranges::stable_sort(unexplained, std::greater(), &Unexplained::us);
  return unexplained;
}

}  // namespace

Claims ShareClaims(const Ledger& ledger, std::span<const Cost> costs) {
  std::vector<Cell> cells = ReadCells(ledger);
  std::vector<std::vector<std::size_t>> named;
  std::vector<std::int64_t> named_us;
  for (const Cost& cost : costs) {
    named.push_back(CellsOf(cells, cost.places));
    std::int64_t sum = 0;
    for (const std::size_t cell : named.back()) sum += cells[cell].us;
    named_us.push_back(sum);
  }
  std::vector<std::size_t> order(costs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return named_us[a] != named_us[b] ? named_us[a] < named_us[b] : costs[a].us > costs[b].us;
  });

  Claims result;
  result.costs.resize(costs.size());
  for (const std::size_t i : order) {
    ClaimedCost& claimed = result.costs[i];
    claimed.finding = costs[i].finding;
    claimed.bound_us = std::clamp<std::int64_t>(costs[i].us, 0, named_us[i]);
    TakeFrom(cells, named[i], i, claimed.bound_us, claimed);
    if (claimed.us == claimed.bound_us) continue;
    if (const auto holder = LargestHolder(cells, named[i], i)) claimed.inside = costs[*holder].finding;
  }
  for (const Cell& cell : cells) result.claimed_us[static_cast<std::size_t>(cell.account)] += cell.us - cell.left;
  result.unexplained = FindUnexplained(ledger, cells);
  return result;
}

}  // namespace advise::diagnose
