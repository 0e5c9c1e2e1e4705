// Accounts to shares, with the words of account_words.h. Accounts of one word are one.
#include "report/time_lines.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <numeric>
#include <string_view>
#include <utility>

#include "diagnose/claims.h"
#include "model/effective_setting.h"
#include "report/account_words.h"
#include "report/facts.h"
#include "support/format.h"

namespace advise::report {
namespace {

using explain::Level;
using model::Account;
using model::LedgerEntry;
using model::LedgerPart;

// Values in smaller units rounded to larger ones such that they add up to `total`: the largest remainders go up.
std::vector<std::int64_t> RoundTo(const std::vector<std::int64_t>& values, std::int64_t unit, std::int64_t total) {
  std::vector<std::int64_t> rounded;
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::int64_t missing = total;
  for (const std::int64_t value : values) {
    rounded.push_back(value / unit);
    missing -= value / unit;
  }
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t i) { return values[i] % unit; });
  for (std::size_t i = 0; i < order.size() && missing > 0; ++i, --missing) ++rounded[order[i]];
  return rounded;
}

// Time by stage, the longest first.
using StageTimes = std::vector<std::pair<model::StageRow, std::int64_t>>;
StageTimes SortedByTime(const std::map<model::StageRow, std::int64_t>& times) {
  StageTimes sorted(times.begin(), times.end());
  std::ranges::stable_sort(sorted, std::greater(), &StageTimes::value_type::second);
  return sorted;
}

// ---------------------------------------------------------------- shares
constexpr std::string_view kUndivided = "running";

struct Share {
  std::string_view label;
  std::string_view sentence;
  std::int64_t us = 0;
  std::int64_t percent = 0;
};

struct Shares {
  std::int64_t work_percent = 0;
  std::vector<Share> work;    // of work_percent, largest first
  std::vector<Share> others;  // largest first
};

void AddTo(std::vector<Share>& shares, std::string_view label, std::string_view sentence, std::int64_t us) {
  const auto found = std::ranges::find(shares, label, &Share::label);
  if (found == shares.end()) {
    shares.push_back({label, sentence, us, 0});
  } else {
    found->us += us;
  }
}

// Time of a part, us.
std::int64_t TimeOf(const model::Ledger& ledger, LedgerPart part) {
  std::int64_t us = 0;
  for (const LedgerEntry& entry : ledger.entries) us += entry.part == part ? entry.us : 0;
  return us;
}

// Whole per cent that add up to 100; the parts of work add up to what stands before them.
std::optional<Shares> ReadShares(const model::Ledger& ledger) {
  const std::int64_t whole = ledger.duration_us - ledger[Account::UserIdle].us;
  if (!ledger.known || whole <= 0) return std::nullopt;
  Shares shares;
  for (std::size_t i = 0; i < model::kAccounts; ++i) {
    const auto account = static_cast<Account>(i);
    const std::int64_t us = ledger[account].us;
    if (account == Account::UserIdle || us == 0) continue;
    const AccountWords words = WordsOf(account);
    // Without CPU times nobody knows what running tasks did.
    const bool undivided = account == Account::Work && 2 * TimeOf(ledger, LedgerPart::Undivided) > us;
    AddTo(words.outside_work() ? shares.others : shares.work, undivided ? kUndivided : words.line, words.sentence, us);
  }
  std::ranges::stable_sort(shares.work, std::greater(), &Share::us);
  std::ranges::stable_sort(shares.others, std::greater(), &Share::us);
  // Runs of centuries (clocks that disagree) in ms, so that a hundred times as much still fits.
  const std::int64_t unit = whole > std::int64_t{1} << 50 ? 1000 : 1;
  std::vector<std::int64_t> work_parts;
  std::vector<std::int64_t> parts{0};  // all work, then each of the others
  for (const Share& share : shares.work) {
    work_parts.push_back(share.us / unit * 100);
    parts.front() += work_parts.back();
  }
  for (const Share& share : shares.others) parts.push_back(share.us / unit * 100);
  const std::vector<std::int64_t> percents = RoundTo(parts, whole / unit, 100);
  shares.work_percent = percents.front();
  for (std::size_t i = 0; i < shares.others.size(); ++i) shares.others[i].percent = percents[i + 1];
  const std::vector<std::int64_t> of_work = RoundTo(work_parts, whole / unit, shares.work_percent);
  for (std::size_t i = 0; i < shares.work.size(); ++i) shares.work[i].percent = of_work[i];
  return shares;
}

std::string Percent(std::int64_t percent) { return std::to_string(percent) + " %"; }

// "work 52 % (cpu 31, gc 4, other 17)"
std::string WorkText(const Shares& shares) {
  std::string inner;
  std::int64_t other = 0;
  std::size_t named = 0;
  for (const Share& share : shares.work) {
    constexpr std::size_t kNamed = 4;
    if (share.percent == 0 || named == kNamed) {
      other += share.percent;
      continue;
    }
    inner += (named++ == 0 ? "" : ", ") + std::string(share.label) + " " + std::to_string(share.percent);
  }
  if (other > 0) inner += ", other " + std::to_string(other);
  return "work " + Percent(shares.work_percent) + (named > 1 || other > 0 ? " (" + inner + ")" : "");
}

std::string IdleRemark(const model::Ledger& ledger) {
  const std::int64_t idle = ledger[Account::UserIdle].us / 1000;
  if (100 * idle < ledger.duration_us / 1000) return {};
  return "shares of " + FormatTime((ledger.duration_us / 1000) - idle) + "; for " + FormatTime(idle) +
         " nobody asked for anything";
}

TimeTexts PractitionerTime(const model::Ledger& ledger, const Shares& shares) {
  TimeTexts texts;
  texts.values.push_back(WorkText(shares));
  std::int64_t other = 0;
  for (const Share& share : shares.others) {
    if (share.percent == 0) continue;
    constexpr std::int64_t kWorthNaming = 2;
    if (share.percent < kWorthNaming) {
      other += share.percent;
    } else {
      texts.values.push_back(std::string(share.label) + " " + Percent(share.percent));
    }
  }
  if (other > 0) texts.values.push_back("other " + Percent(other));
  if (const std::string idle = IdleRemark(ledger); !idle.empty()) texts.values.push_back(idle);
  return texts;
}

TimeTexts NoviceTime(const model::Ledger& ledger, const Shares& shares) {
  const std::int64_t whole = (ledger.duration_us - ledger[Account::UserIdle].us) / 1000;
  constexpr std::size_t kNamed = 3;
  constexpr std::int64_t kWorthNaming = 5;
  // What the log does not tell may have been work.
  const bool partly = 20 * ledger[Account::Unknown].us >= ledger.duration_us - ledger[Account::UserIdle].us;
  std::string text = "**Where the time went.** Of " + FormatTimeShort(whole) + ", the slots worked for " +
                     (partly ? "at least " : "") + Percent(shares.work_percent) + ".";
  std::size_t named = 0;
  for (const Share& share : shares.others) {
    if (named == kNamed || share.percent < kWorthNaming) break;
    text += std::string(named++ == 0 ? " For " : "; for ") + Percent(share.percent) + " " + std::string(share.sentence);
  }
  if (named > 0) text += ".";
  TimeTexts texts;
  texts.sentence = std::move(text);
  return texts;
}

// One row a part: account, part, time, share, the stages that have most of it.
TimeTexts ExpertTime(const model::JobModel& model) {
  const model::Ledger& ledger = model.ledger;
  const std::int64_t whole = ledger.duration_us - ledger[Account::UserIdle].us;
  struct Row {
    std::int64_t us = 0;
    std::map<model::StageRow, std::int64_t> stages;
  };
  std::map<LedgerPart, Row> rows;
  for (const LedgerEntry& entry : ledger.entries) {
    Row& row = rows[entry.part];
    row.us += entry.us;
    if (entry.stage.valid()) row.stages[entry.stage] += entry.us;
  }
  TimeTexts texts;
  for (const auto& [part, row] : rows) {
    constexpr std::int64_t kPerMille = 5;  // below half a per cent: nothing to look at
    if (1000 * row.us < kPerMille * whole) continue;
    const model::LedgerPartInfo& info = model::InfoOf(part);
    std::string name(EnumName(info.account));
    if (!info.name.empty()) name += "." + std::string(info.name);
    std::string stages;
    std::size_t named = 0;
    for (const auto& [stage, us] : SortedByTime(row.stages)) {
      constexpr std::size_t kNamed = 3;
      if (named++ == kNamed) break;
      stages += (stages.empty() ? "" : ", ") + StageKey(model, stage) + " " + FormatTime(us / 1000);
    }
    const bool shared = info.account != Account::UserIdle;
    texts.table.push_back({std::move(name), FormatTime(row.us / 1000),
                           shared ? FormatShare(static_cast<double>(row.us) / static_cast<double>(whole)) : "",
                           stages});
  }
  return texts;
}

}  // namespace

std::optional<LedgerInfo> ReadLedger(const model::JobModel& model) {
  const model::Ledger& ledger = model.ledger;
  if (!ledger.known) return std::nullopt;
  LedgerInfo info;
  info.duration_ms = ledger.duration_us / 1000;
  info.slots_observed = ledger.slots_observed;
  std::array<std::map<model::StageRow, std::int64_t>, model::kAccounts> stages;
  for (const LedgerEntry& entry : ledger.entries) {
    if (entry.stage.valid()) stages[static_cast<std::size_t>(AccountOf(entry.part))][entry.stage] += entry.us;
  }
  std::vector<std::int64_t> us;
  for (const model::AccountTotal& account : ledger.accounts) us.push_back(account.us);
  const std::vector<std::int64_t> ms = RoundTo(us, 1000, info.duration_ms);
  info.user_idle_ms = ms[static_cast<std::size_t>(Account::UserIdle)];
  for (std::size_t i = 0; i < model::kAccounts; ++i) {
    if (ms[i] == 0) continue;
    LedgerAccount account;
    account.account = EnumName(static_cast<Account>(i));
    account.ms = ms[i];
    account.outside_work = WordsOf(static_cast<Account>(i)).outside_work();
    account.can_be_unexplained = diagnose::CanBeUnexplained(static_cast<Account>(i));
    if (static_cast<Account>(i) == Account::Unknown) {
      info.unknown_ms = ms[i];
    } else if (account.outside_work) {
      info.outside_work_ms += ms[i];
    }
    const StageTimes sorted = SortedByTime(stages[i]);
    std::vector<std::int64_t> parts;
    std::int64_t left = us[i];
    for (const auto& [stage, time] : sorted) {
      parts.push_back(time);
      left -= time;
    }
    parts.push_back(left);  // of no stage
    const std::vector<std::int64_t> rounded = RoundTo(parts, 1000, ms[i]);
    constexpr std::size_t kMostStages = 20;
    for (std::size_t s = 0; s < sorted.size() && s < kMostStages; ++s) {
      if (rounded[s] > 0) account.stages.push_back({StageKey(model, sorted[s].first), rounded[s]});
    }
    info.accounts.push_back(std::move(account));
  }
  // Plug-ins and listeners of its own start with the context: then not every application has that time.
  const auto has = [&](std::string_view key) {
    const spark::EffectiveValue value = model::EffectiveSetting(model, key);
    return value.is_set() && !value.text.value_or("").empty();
  };
  if (has("spark.plugins") || has("spark.extraListeners")) return info;
  for (const LedgerEntry& entry : ledger.entries) {
    if (entry.part == LedgerPart::StartContext) info.unavoidable_ms += entry.us / 1000;
  }
  return info;
}

TimeTexts SayTime(const model::JobModel& model, Level level) {
  const std::optional<Shares> shares = ReadShares(model.ledger);
  if (!shares) return {};
  switch (level) {
    case Level::Novice: return NoviceTime(model.ledger, *shares);
    case Level::Practitioner: return PractitionerTime(model.ledger, *shares);
    case Level::Expert: return ExpertTime(model);
  }
  return {};
}

}  // namespace advise::report
