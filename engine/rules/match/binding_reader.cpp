// Each question is lowered when it is asked; what was computed for the rules is good for it.
#include "rules/match/binding_reader.h"

#include <cmath>

#include "rules/match/evaluation.h"

namespace advise::rules {

BindingReader::BindingReader(const MatchResults& results, const std::vector<GroupRow>& groups)
    : evaluation_(*results.evaluation), results_(results), late_(results.evaluation->set()) {
  evaluation_.Read(groups, results);
}

BindingReader::~BindingReader() {
  evaluation_.Use(evaluation_.set().program.code);
  evaluation_.Read(results_.groups, results_);
}

Output BindingReader::Prepare(std::span<const std::uint32_t> rows, const BoundExpr& expr,
                              const std::vector<Slot>& slots) {
  const Output output = late_.Print(expr, slots);
  evaluation_.Use(late_.code());
  evaluation_.Allow(kQuestionSteps);
  evaluation_.Bind(rows);
  return output;
}

TypedValue BindingReader::Value(std::span<const std::uint32_t> rows, const BoundExpr& expr,
                                const std::vector<Slot>& slots) {
  const Output output = Prepare(rows, expr, slots);
  try {
    return evaluation_.Typed(output);
  } catch (const GivenUp&) {
    return {};
  }
}

Truth BindingReader::Test(std::span<const std::uint32_t> rows, const BoundExpr& condition,
                          const std::vector<Slot>& slots) {
  const Output output = Prepare(rows, condition, slots);
  try {
    return evaluation_.Test(output.value);
  } catch (const GivenUp&) {
    return Truth::Unknown;
  }
}

std::optional<double> BindingReader::Number(std::span<const std::uint32_t> rows, const BoundExpr& expr,
                                            const std::vector<Slot>& slots) {
  if (!expr.type.IsNumber() && expr.type.kind != TypeKind::Timestamp) return std::nullopt;
  const Output output = Prepare(rows, expr, slots);
  try {
    const double number = evaluation_.Number(output.value);
    return std::isnan(number) ? std::nullopt : std::optional(number);
  } catch (const GivenUp&) {
    return std::nullopt;
  }
}

std::vector<MissingInput> BindingReader::Missing(std::span<const std::uint32_t> rows, const BoundExpr& expr,
                                                 const std::vector<Slot>& slots) {
  const Output output = Prepare(rows, expr, slots);
  std::vector<MissingInput> missing;
  evaluation_.CollectMissing(&missing);
  try {
    if (expr.type.kind == TypeKind::Bool) {
      evaluation_.Test(output.value);
    } else {
      evaluation_.Typed(output);
    }
  } catch (const GivenUp&) {
    missing.clear();
  }
  evaluation_.CollectMissing(nullptr);
  return missing;
}

}  // namespace advise::rules
