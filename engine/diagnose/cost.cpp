// The places of a cost are read off its expression: every wall_* attribute in it, at the rows of which it is asked.
// Sets that conditions narrow are taken whole, for places only limit what the value says.
#include "diagnose/cost.h"

#include <cmath>
#include <string>

#include "diagnose/match_rows.h"
#include "metrics/catalogue.h"

namespace advise::diagnose {
namespace {

using model::Account;
using model::Entity;
using model::LedgerPart;
using rules::BoundExpr;
using rules::ExprKind;

// A gap's own account, or all of it.
std::optional<CostPlace> PlaceOfGap(const model::JobModel& model, std::string_view attribute, std::uint32_t row) {
  const model::GapRow gap{std::size_t{row}};
  if (attribute == "duration" || attribute == "critical_time") return CostPlace{ActiveParts(), {}, gap};
  if (attribute != "account_time" || !model.gaps.account.Has(row)) return std::nullopt;
  return CostPlace{PartsOf(model.gaps.account.Get(row)), {}, gap};
}

std::optional<CostPlace> PlaceOf(const model::JobModel& model, Entity entity, std::string_view attribute,
                                 std::uint32_t row) {
  if (entity == Entity::Gap) return PlaceOfGap(model, attribute, row);
  const PartSet parts = attribute == "critical_time" ? ActiveParts() : PartsOfAttribute(attribute);
  if (parts.none()) return std::nullopt;
  if (entity == Entity::App) return CostPlace{parts, {}, {}};
  if (entity == Entity::Stage) return CostPlace{parts, model::StageRow(std::size_t{row}), {}};
  return std::nullopt;
}

}  // namespace

PartSet ActiveParts() { return ~PartsOf(Account::UserIdle); }

PartSet PartsOfAttribute(std::string_view name) {
  if (name == "wall" || name == "recoverable") return ActiveParts();
  PartSet parts;
  constexpr std::string_view kPrefix = "wall_";
  if (!name.starts_with(kPrefix)) return parts;
  name.remove_prefix(kPrefix.size());
  if (name == "locality_wait") name = "locality";
  for (std::size_t i = 0; i < model::kLedgerParts; ++i) {
    const auto part = static_cast<LedgerPart>(i);
    const std::string account(model::EnumName(model::AccountOf(part)));
    const std::string_view of_account = model::InfoOf(part).name;
    const bool named = name == account ||
                       (!of_account.empty() && (name == of_account || name == account + "_" + std::string(of_account)));
    parts[i] = named;
  }
  return parts;
}

std::optional<Cost> CostOf(const rules::RuleSet& rules, const rules::MatchResults& results, const rules::Match& match,
                           const model::JobModel& model) {
  const rules::BoundRule& rule = rules.rules[match.rule];
  if (!rule.costs || !match.costs_ms || !model.ledger.known || !std::isfinite(*match.costs_ms)) return std::nullopt;
  constexpr double kMostMs = 1e15;  // 31,000 years: fits, and no log is longer (model/ledger.h)
  Cost cost;
  cost.us = static_cast<std::int64_t>(std::llround(std::clamp(*match.costs_ms, 0.0, kMostMs) * kMicros));
  rules::ForEach(*rule.costs, [&](const BoundExpr& expr) {
    if (expr.kind != ExprKind::Attribute && expr.kind != ExprKind::Collect) return;
    const auto rows = RowsOf(rules, results, match, model, expr.operands[0], Narrowed::TakeWhole);
    if (!rows) return;
    const std::string_view name = metrics::Get(expr.attribute).name;
    for (const std::uint32_t row : rows->rows) {
      if (auto place = PlaceOf(model, rows->entity, name, row)) cost.places.push_back(std::move(*place));
    }
  });
  if (cost.places.empty()) return std::nullopt;
  return cost;
}

}  // namespace advise::diagnose
