// Conditions of rules with the values that decide them, for rows of a match or of a candidate.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ask/shown.h"
#include "model/job_model.h"
#include "rules/match/binding_reader.h"
#include "support/source.h"

namespace advise::ask {

class ConditionReader {
 public:
  // `groups`: see rules::BindingReader. All of them outlive it.
  ConditionReader(const rules::RuleSet& set, const model::JobModel& model, const rules::MatchResults& results,
                  const std::vector<rules::GroupRow>& groups, const SourceManager& sources);

  // The rule and the rows of its slots that the next questions are about; both stay until the next call.
  void Look(const rules::BoundRule& rule, std::span<const std::uint32_t> rows);

  // All conditions, in the order of the rule. Of a rule that groups those on single members are not asked, or with
  // `member` only those.
  std::vector<ConditionShown> Conditions(bool member = false);
  // `text` empty: as it stands in the source.
  ConditionShown Condition(const rules::BoundExpr& expr, std::string text = {});
  std::optional<std::string> Value(const rules::BoundExpr& expr);
  std::optional<double> Number(const rules::BoundExpr& expr);
  rules::Truth Test(const rules::BoundExpr& expr);
  // What the expression is made of, where that is more than one value.
  std::vector<TermShown> Terms(const rules::BoundExpr& expr);
  std::vector<ParamShown> Params(const rules::BoundExpr& expr);
  [[nodiscard]] std::string Text(const rules::BoundExpr& expr) const;

 private:
  void AddTerms(const rules::BoundExpr& expr, std::vector<TermShown>& terms, bool top);
  void AddFindings(const rules::BoundExpr& atom, ConditionShown& shown);

  const rules::RuleSet& set_;
  const model::JobModel& model_;
  const rules::MatchResults& results_;
  const SourceManager& sources_;
  rules::BindingReader reader_;
  const rules::BoundRule* rule_ = nullptr;
  std::vector<std::uint32_t> rows_;
};

// "<=", "=": a comparison as it is written.
std::string_view OpText(rules::ast::BinaryOp op);
// Whether no row decides the value: a constant, a parameter, a product of them. The other side of a comparison is then
// measured against it.
bool IsLimit(const rules::BoundExpr& expr);

}  // namespace advise::ask
