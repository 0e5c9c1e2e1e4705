// What causes say they cost, held against the ledger: each claim is clipped to the accounts that it names, two causes
// never claim the same microsecond, and what nobody claims is left over as unexplained.
//
// Plain data in and out; who fills Cost (a rule's clause) and who shows the claims (the report) is not known here.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/ledger.h"

namespace advise::diagnose {

using PartSet = std::bitset<model::kLedgerParts>;
PartSet PartsOf(model::Account account);

// Where a cause says that its time lies: parts of accounts, of one stage, of one gap, or of all the run.
struct CostPlace {
  PartSet parts;
  model::StageRow stage{};  // none: of any stage and of none
  model::GapRow gap{};      // none: in any gap and outside
};

// What one cause costs.
struct Cost {
  std::int64_t us = 0;            // wall time, >= 0
  std::vector<CostPlace> places;  // duplicates and places without time do not matter
};

struct Claim {
  model::Account account = model::Account::Work;
  std::int64_t us = 0;  // > 0
};

struct ClaimedCost {
  std::int64_t bound_us = 0;  // the cost clipped to its places as if it were alone: at most so much can be saved
  std::int64_t us = 0;        // what it holds: bound_us less what others hold already
  std::vector<Claim> claims;  // by account; they add up to us
  // Where us < bound_us: which cost holds most of what is missing; the time lies "inside" that one.
  std::optional<std::size_t> inside;
};

// Time of one account that no cause claims, at least kUnexplainedShare of the run.
struct Unexplained {
  model::Account account = model::Account::Tail;
  std::int64_t us = 0;
  struct OfStage {
    model::StageRow stage{};
    std::int64_t us = 0;
  };
  std::vector<OfStage> stages;  // those with most of it, longest first, at most five; the rest has no stage or is small
};

struct Claims {
  std::vector<ClaimedCost> costs;  // in the order given
  std::array<std::int64_t, model::kAccounts> claimed_us{};
  std::vector<Unexplained> unexplained;  // longest first
};

// All accounts but work, what nothing explains in it (unknown_io) and user_idle.
bool CanBeUnexplained(model::Account account);

// Of the duration without user_idle.
inline constexpr double kUnexplainedShare =
    0.05;  // design: what is left of an account is a finding of its own from there

// The more specific cause holds time that two of them name: the one whose places have less time in all; of equal ones
// that which costs more, then the one given first. Places of one stage or gap cost their own entries, others all
// entries of the ledger.
Claims ShareClaims(const model::Ledger& ledger, std::span<const Cost> costs);

// Each cost clipped to its places, as if it were alone: µs, in the order given.
std::vector<std::int64_t> ClipCosts(const model::Ledger& ledger, std::span<const Cost> costs);

}  // namespace advise::diagnose
