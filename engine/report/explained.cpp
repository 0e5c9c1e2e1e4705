// Lays the claims of the findings beside the accounts, and words what is left.
#include "report/explained.h"

#include <algorithm>

#include "report/account_words.h"
#include "report/facts.h"
#include "report/words.h"
#include "support/format.h"

namespace advise::report {
namespace {

using model::Account;

constexpr std::int64_t kMicros = 1000;

// "12.0" is stage 12; "12.1" its second attempt.
std::string StageWord(std::string_view key) {
  return std::string(key.ends_with(".0") ? key.substr(0, key.size() - 2) : key);
}

std::int64_t Percent(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? (200 * part + whole) / (2 * whole) : 0;
}

}  // namespace

void AddClaims(LedgerInfo& info, const model::JobModel& model, const std::vector<ShownFinding>& findings,
               const std::vector<diagnose::Unexplained>& unexplained) {
  for (LedgerAccount& account : info.accounts) {
    for (const ShownFinding& shown : findings) {
      if (!shown.finding.claim) continue;
      for (const diagnose::Claim& claim : shown.finding.claim->claims) {
        if (model::EnumName(claim.account) != account.account || claim.us < kMicros) continue;
        account.claims.push_back({shown.finding.id, claim.us / kMicros});
        account.claimed_ms += claim.us / kMicros;
      }
    }
    const bool unknown = account.account == model::EnumName(Account::Unknown);
    if (account.outside_work && !unknown) info.outside_claimed_ms += account.claimed_ms;
    if (account.can_be_unexplained) info.unexplained_ms += account.ms - account.claimed_ms;
  }
  const auto active = static_cast<double>(info.duration_ms - info.user_idle_ms) * kMicros;
  for (const diagnose::Unexplained& left : unexplained) {
    UnexplainedTime time;
    time.account = model::EnumName(left.account);
    time.label = WordsOf(left.account).line;
    time.outside_work = WordsOf(left.account).outside_work();
    time.ms = left.us / kMicros;
    time.share = active > 0 ? static_cast<double>(left.us) / active : 0;
    time.unavoidable = left.account == Account::StartUp && 2 * info.unavoidable_ms > time.ms;
    for (const diagnose::Unexplained::OfStage& stage : left.stages)
      time.stages.push_back({StageKey(model, stage.stage), stage.us / kMicros});
    info.unexplained.push_back(std::move(time));
  }
}

std::string SayUnexplained(const UnexplainedTime& time) {
  std::vector<std::string> stages;
  std::int64_t named_ms = 0;
  for (const LedgerAccount::OfStage& stage : time.stages) {
    constexpr std::size_t kNamed = 2;
    constexpr std::int64_t kWorthNaming = 5;  // one in so many parts of it
    if (stages.size() == kNamed || stage.ms * kWorthNaming < time.ms) continue;
    stages.push_back(StageWord(stage.stage));
    named_ms += stage.ms;
  }
  std::string text = time.label;
  const std::string where = (stages.size() == 1 ? "stage " : "stages ") + Joined(stages, " and ");
  const double part = time.ms > 0 ? static_cast<double>(named_ms) / static_cast<double>(time.ms) : 0;
  // Next to all of it, or what prints alike.
  const bool all = !stages.empty() && (part >= 0.95 || FormatShare(part * time.share) == FormatShare(time.share));
  if (all) text += " of " + where;
  if (time.unavoidable) text += " that every application has";
  text += " (" + FormatShare(time.share);
  // Stages that have a part of it only: their part is said.
  if (!stages.empty() && !all) text += ", " + FormatShare(part * time.share) + " in " + where;
  return text + ")";
}

std::string SayExplained(const LedgerInfo& info) {
  const std::int64_t active = info.duration_ms - info.user_idle_ms;
  const std::int64_t outside = Percent(info.outside_work_ms, active);
  constexpr std::int64_t kWorthSaying = 5;
  if (outside < kWorthSaying) return {};
  const std::int64_t claimed = Percent(info.outside_claimed_ms, active);
  std::string text;
  if (claimed >= outside) {
    text = "the findings account for all of the " + std::to_string(outside) + " % that is not work";
  } else if (claimed > 0) {
    text = "the findings account for " + std::to_string(claimed) + " of the " + std::to_string(outside) +
           " % that is not work";
  } else {
    text = "no finding accounts for the " + std::to_string(outside) + " % that is not work";
  }
  const auto largest = [&](bool outside_work) {
    std::vector<std::string> left;
    for (const UnexplainedTime& time : info.unexplained) {
      constexpr std::size_t kNamed = 3;
      // Of what the log does not tell nobody can say that a finding should explain it.
      if (time.account == model::EnumName(Account::Unknown)) continue;
      if (time.outside_work == outside_work && left.size() < kNamed) left.push_back(SayUnexplained(time));
    }
    return Joined(left, ", ");
  };
  if (const std::string left = largest(true); !left.empty()) text += "; not explained: " + left;
  if (const std::string left = largest(false); !left.empty()) text += "; of the work: " + left;
  if (const std::int64_t unknown = Percent(info.unknown_ms, active); unknown >= kWorthSaying)
    text += "; whether the other " + std::to_string(unknown) + " % were work the log does not tell";
  return text;
}

}  // namespace advise::report
