// A cell is an entry of the ledger. Costs take from the cells that they name in the order of their specificity: first
// from those that they name by part (`s.wall_tail`), then from those of which they name the whole (`s.wall`), from each
// in proportion to what is left in it.
#include "diagnose/claims.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <numeric>

namespace advise::diagnose {
namespace {

using model::Account;
using model::Ledger;
using model::LedgerEntry;
using model::StageRow;

// An entry of the ledger, and who took how much of it.
struct Cell {
  Account account = Account::Work;
  std::int64_t left = 0;
  std::vector<std::pair<std::size_t, std::int64_t>> holders;  // position in the costs, µs
};

// The entries of the ledger by where they are.
class Places {
 public:
  explicit Places(const Ledger& ledger) : ledger_(ledger) {
    for (std::size_t i = 0; i < ledger.entries.size(); ++i) {
      const LedgerEntry& entry = ledger.entries[i];
      if (entry.stage.valid()) by_stage_[entry.stage].push_back(i);
      if (entry.gap.valid()) by_gap_[entry.gap].push_back(i);
    }
  }

  // Numbers of the entries that the places name, each once, ascending.
  [[nodiscard]] std::vector<std::size_t> Named(const std::vector<CostPlace>& places) const {
    std::vector<std::size_t> named;
    PartSet everywhere;
    for (const CostPlace& place : places) {
      if (place.gap.valid()) {
        AddOf(by_gap_, place.gap, place, named);
      } else if (place.stage.valid()) {
        AddOf(by_stage_, place.stage, place, named);
      } else {
        everywhere |= place.parts;
      }
    }
    for (std::size_t i = 0; everywhere.any() && i < ledger_.entries.size(); ++i) {
      if (everywhere[static_cast<std::size_t>(ledger_.entries[i].part)]) named.push_back(i);
    }
    std::ranges::sort(named);
    named.erase(std::unique(named.begin(), named.end()), named.end());
    return named;
  }

 private:
  template <class Index, class Row>
  void AddOf(const Index& index, Row row, const CostPlace& place, std::vector<std::size_t>& named) const {
    const auto found = index.find(row);
    if (found == index.end()) return;
    for (const std::size_t i : found->second) {
      const LedgerEntry& entry = ledger_.entries[i];
      if (place.parts[static_cast<std::size_t>(entry.part)] && (!place.stage.valid() || place.stage == entry.stage))
        named.push_back(i);
    }
  }

  const Ledger& ledger_;
  std::map<StageRow, std::vector<std::size_t>> by_stage_;
  std::map<model::GapRow, std::vector<std::size_t>> by_gap_;
};

std::int64_t TimeOf(const Ledger& ledger, const std::vector<std::size_t>& named) {
  std::int64_t sum = 0;
  for (const std::size_t entry : named) sum += ledger.entries[entry].us;
  return sum;
}

// part x whole / of, rounded down; all >= 0, part <= of. In double where the product would not fit: a µs of a century.
std::int64_t Proportion(std::int64_t part, std::int64_t whole, std::int64_t of) {
  if (of == 0) return 0;
  constexpr std::int64_t kFits = std::int64_t{1} << 31;
  if (part < kFits && whole < kFits) return part * whole / of;
  const double exact = static_cast<double>(part) / static_cast<double>(of) * static_cast<double>(whole);
  return std::min(part, static_cast<std::int64_t>(exact));
}

using Accounts = std::map<Account, std::int64_t>;

// Takes `us`, or all that is left, and says how much that is. What is not yet known to be taken is taken from the first
// cells that have some left.
std::int64_t TakeFrom(std::vector<Cell>& cells, const std::vector<std::size_t>& named, std::size_t cost,
                      std::int64_t us, Accounts& accounts) {
  std::int64_t left = 0;
  for (const std::size_t cell : named) left += cells[cell].left;
  const std::int64_t all = std::min(us, left);
  std::int64_t missing = all;
  std::vector<std::int64_t> taken;
  for (const std::size_t cell : named) {
    taken.push_back(std::min(missing, Proportion(cells[cell].left, all, left)));
    missing -= taken.back();
  }
  for (std::size_t i = 0; i < named.size() && missing > 0; ++i) {
    const std::int64_t more = std::min(missing, cells[named[i]].left - taken[i]);
    taken[i] += more;
    missing -= more;
  }
  for (std::size_t i = 0; i < named.size(); ++i) {
    if (taken[i] == 0) continue;
    Cell& cell = cells[named[i]];
    cell.left -= taken[i];
    cell.holders.emplace_back(cost, taken[i]);
    accounts[cell.account] += taken[i];
  }
  return all;
}

std::vector<CostPlace> NamedByPart(const std::vector<CostPlace>& places) {
  std::vector<CostPlace> by_part;
  std::ranges::copy_if(places, std::back_inserter(by_part),
                       [](const CostPlace& place) { return !(place.parts | PartsOf(Account::UserIdle)).all(); });
  return by_part;
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

std::vector<Unexplained> FindUnexplained(const Ledger& ledger, const std::vector<Cell>& cells) {
  const auto run = static_cast<double>(ledger.duration_us - ledger[Account::UserIdle].us);
  struct Left {
    std::int64_t us = 0;
    std::map<StageRow, std::int64_t> stages;
  };
  std::map<Account, Left> left;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Cell& cell = cells[i];
    if (cell.left == 0 || !CanBeUnexplained(cell.account)) continue;
    Left& account = left[cell.account];
    account.us += cell.left;
    if (ledger.entries[i].stage.valid()) account.stages[ledger.entries[i].stage] += cell.left;
  }
  std::vector<Unexplained> unexplained;
  for (const auto& [account, sums] : left) {
    if (static_cast<double>(sums.us) < kUnexplainedShare * run) continue;
    Unexplained one{account, sums.us, {}};
    for (const auto& [stage, us] : sums.stages) one.stages.push_back({stage, us});
    std::ranges::stable_sort(one.stages, std::greater(), &Unexplained::OfStage::us);
    constexpr std::size_t kMostStages = 5;
    if (one.stages.size() > kMostStages) one.stages.resize(kMostStages);
    unexplained.push_back(std::move(one));
  }
  std::ranges::stable_sort(unexplained, std::greater(), &Unexplained::us);
  return unexplained;
}

}  // namespace

bool CanBeUnexplained(Account account) {
  return account != Account::Work && account != Account::UnknownIo && account != Account::UserIdle;
}

PartSet PartsOf(Account account) {
  PartSet parts;
  for (std::size_t i = 0; i < model::kLedgerParts; ++i)
    parts[i] = model::AccountOf(static_cast<model::LedgerPart>(i)) == account;
  return parts;
}

std::vector<std::int64_t> ClipCosts(const Ledger& ledger, std::span<const Cost> costs) {
  const Places places(ledger);
  std::vector<std::int64_t> clipped;
  for (const Cost& cost : costs)
    clipped.push_back(std::clamp<std::int64_t>(cost.us, 0, TimeOf(ledger, places.Named(cost.places))));
  return clipped;
}

Claims ShareClaims(const Ledger& ledger, std::span<const Cost> costs) {
  std::vector<Cell> cells;
  for (const LedgerEntry& entry : ledger.entries) cells.push_back({AccountOf(entry.part), entry.us, {}});
  const Places places(ledger);
  std::vector<std::vector<std::size_t>> named;
  std::vector<std::int64_t> named_us;
  for (const Cost& cost : costs) {
    named.push_back(places.Named(cost.places));
    named_us.push_back(TimeOf(ledger, named.back()));
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
    claimed.bound_us = std::clamp<std::int64_t>(costs[i].us, 0, named_us[i]);
    Accounts accounts;
    claimed.us = TakeFrom(cells, places.Named(NamedByPart(costs[i].places)), i, claimed.bound_us, accounts);
    claimed.us += TakeFrom(cells, named[i], i, claimed.bound_us - claimed.us, accounts);
    for (const auto& [account, amount] : accounts) claimed.claims.push_back({account, amount});
    if (claimed.us < claimed.bound_us) claimed.inside = LargestHolder(cells, named[i], i);
  }
  for (std::size_t i = 0; i < cells.size(); ++i)
    result.claimed_us[static_cast<std::size_t>(cells[i].account)] += ledger.entries[i].us - cells[i].left;
  result.unexplained = FindUnexplained(ledger, cells);
  return result;
}

}  // namespace advise::diagnose
