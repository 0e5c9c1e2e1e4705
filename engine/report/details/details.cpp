// The order in which details are made, which findings speak of what, and the table of accounts.
#include "report/details/details.h"

#include <algorithm>

#include "report/details/read_details.h"
#include "support/format.h"

namespace advise::report {
namespace {

void AddOnce(std::vector<int>& numbers, int number) {
  if (std::ranges::find(numbers, number) == numbers.end()) numbers.push_back(number);
}

// A finding speaks of its subject, of the stages in which that ran, and of the query of these.
void ReadFindings(DetailsInput& input) {
  const model::JobModel& model = input.model;
  input.stage_findings.resize(model.stages.size());
  input.query_findings.resize(model.sql_executions.size());
  input.node_findings.resize(model.plan_nodes.size());
  for (const ShownFinding& shown : input.report.findings) {
    if (!shown.shown) continue;
    for (const diagnose::SubjectPart& part : shown.finding.subject) {
      if (part.group) continue;
      if (part.entity == model::Entity::Stage && part.row < model.stages.size()) {
        AddOnce(input.stage_findings[part.row], shown.number);
        if (model.stages.sql_execution.Has(part.row))
          AddOnce(input.query_findings[model.stages.sql_execution.Get(part.row).index], shown.number);
      } else if (part.entity == model::Entity::SqlExecution && part.row < model.sql_executions.size()) {
        AddOnce(input.query_findings[part.row], shown.number);
      } else if (part.entity == model::Entity::PlanNode && part.row < model.plan_nodes.size()) {
        AddOnce(input.node_findings[part.row], shown.number);
        if (model.plan_nodes.sql_execution.Has(part.row))
          AddOnce(input.query_findings[model.plan_nodes.sql_execution.Get(part.row).index], shown.number);
      } else if (part.entity == model::Entity::Gap && part.row < model.gaps.size() &&
                 model.gaps.sql_execution.Has(part.row)) {
        AddOnce(input.query_findings[model.gaps.sql_execution.Get(part.row).index], shown.number);
      }
    }
  }
}

}  // namespace

std::string StageAnchor(const model::JobModel& model, model::StageRow stage) {
  const std::int64_t attempt = model.stages.attempt.Has(stage.index) ? model.stages.attempt.Get(stage.index) : 0;
  return "s" + std::to_string(model.stages.id.Get(stage.index)) + (attempt > 0 ? "." + std::to_string(attempt) : "");
}

std::string PrintTime(const model::IntColumn& column, std::size_t row) {
  return column.Has(row) ? FormatTime(column.Get(row)) : "";
}
std::string PrintBytes(const model::IntColumn& column, std::size_t row) {
  return column.Has(row) && column.Get(row) > 0 ? FormatBytes(column.Get(row)) : "";
}
std::string PrintCount(const model::IntColumn& column, std::size_t row) {
  return column.Has(row) && column.Get(row) > 0 ? FormatCount(column.Get(row)) : "";
}
std::string PrintShare(const model::RealColumn& column, std::size_t row) {
  return column.Has(row) ? FormatShare(column.Get(row)) : "";
}
std::optional<std::int64_t> Since(const DetailsInput& input, const model::IntColumn& column, std::size_t row) {
  if (!column.Has(row)) return std::nullopt;
  return column.Get(row) - input.start_ms;
}

namespace {

void ReadClaims(const Report& report, const LedgerAccount& account, const std::vector<StageDetail>& stages,
                AccountDetail& detail) {
  detail.claimed_ms = account.claimed_ms;
  std::int64_t others = 0;
  for (const LedgerAccount::Claim& claim : account.claims) {
    const auto shown = std::ranges::find(report.findings, claim.finding,
                                         [](const ShownFinding& finding) { return finding.finding.id; });
    if (shown != report.findings.end() && shown->shown)
      detail.claims.push_back({shown->number, FormatTime(claim.ms)});
    else
      others += claim.ms;
  }
  if (others > 0) detail.claims.push_back({0, FormatTime(others)});
  const std::int64_t left = account.ms - account.claimed_ms;
  if (!account.can_be_unexplained || left <= 0) return;
  detail.unexplained = FormatTime(left);
  for (const UnexplainedTime& time : report.ledger->unexplained) {
    if (time.account != account.account) continue;
    for (const LedgerAccount::OfStage& stage : time.stages) {
      const auto own = std::ranges::find(stages, stage.stage, &StageDetail::key);
      detail.unexplained_stages.push_back({stage.stage, own == stages.end() ? "" : own->anchor, FormatTime(stage.ms)});
    }
  }
}

}  // namespace

std::vector<AccountDetail> ReadAccounts(const DetailsInput& input, const std::vector<StageDetail>& stages) {
  constexpr std::size_t kStages = 6;
  std::vector<AccountDetail> details;
  if (!input.report.ledger) return details;
  const LedgerInfo& ledger = *input.report.ledger;
  const std::int64_t whole = ledger.duration_ms - ledger.user_idle_ms;
  for (const LedgerAccount& account : ledger.accounts) {
    const std::optional<model::Account> kind = FindAccount(account.account);
    if (!kind) continue;
    const AccountWords words = WordsOf(*kind);
    AccountDetail detail;
    detail.account = account.account;
    detail.label = words.label;
    detail.meaning = words.meaning;
    detail.role = words.role;
    detail.ms = account.ms;
    detail.time = FormatTime(account.ms);
    if (*kind != model::Account::UserIdle && whole > 0)
      detail.share = FormatShare(static_cast<double>(account.ms) / static_cast<double>(whole));
    for (const LedgerAccount::OfStage& stage : account.stages) {
      if (detail.stages.size() == kStages) {
        ++detail.more_stages;
        continue;
      }
      const auto shown = std::ranges::find(stages, stage.stage, &StageDetail::key);
      detail.stages.push_back({stage.stage, shown == stages.end() ? "" : shown->anchor, FormatTime(stage.ms)});
    }
    ReadClaims(input.report, account, stages, detail);
    details.push_back(std::move(detail));
  }
  return details;
}

Details ReadDetails(const model::JobModel& model, const Report& report) {
  DetailsInput input{model, report, model.app.first_event.Has(0) ? model.app.first_event.Get(0) : 0, {}, {}, {}};
  ReadFindings(input);
  Details details;
  ReadStages(input, details);
  ReadQueries(input, details);
  ReadFolds(input, details);
  // Links lead to what the page shows.
  for (StageDetail& stage : details.stages) {
    if (std::ranges::find(details.queries, stage.query, &QueryDetail::anchor) == details.queries.end())
      stage.query.clear();
  }
  ReadExecutors(input, details);
  details.accounts = ReadAccounts(input, details.stages);
  if (report.ledger) details.accounts_of = FormatTime(report.ledger->duration_ms);
  return details;
}

}  // namespace advise::report
