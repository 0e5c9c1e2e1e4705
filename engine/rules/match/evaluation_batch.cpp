// Functions of one row for many rows at once: scans, and the members of sets.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>

#include "rules/comparisons.h"
#include "rules/match/evaluation.h"

namespace advise::rules {
namespace {

constexpr std::size_t kBatch = 256;  // rows; the buffers of a nested expression lie on the stack
// With fewer rows or tests than this, comparing numbers is cheaper than coding the column first.
constexpr std::size_t kRowsWorthCoding = 4096;
constexpr std::size_t kTestsWorthCoding = 4;

template <class Holds>
void CompareAll(std::span<const double> left, std::span<const double> right, std::span<Truth> out, Holds holds) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool unknown = std::isnan(left[i]) || std::isnan(right[i]);
    out[i] = unknown ? Truth::Unknown : TruthOf(holds(left[i], right[i]));
  }
}

void CompareAll(ast::BinaryOp op, std::span<const double> left, std::span<const double> right, std::span<Truth> out) {
  switch (op) {
    case ast::BinaryOp::Eq: return CompareAll(left, right, out, std::equal_to<>());
    case ast::BinaryOp::Ne: return CompareAll(left, right, out, std::not_equal_to<>());
    case ast::BinaryOp::Lt: return CompareAll(left, right, out, std::less<>());
    case ast::BinaryOp::Le: return CompareAll(left, right, out, std::less_equal<>());
    case ast::BinaryOp::Gt: return CompareAll(left, right, out, std::greater<>());
    default: return CompareAll(left, right, out, std::greater_equal<>());
  }
}

}  // namespace

void Evaluation::Numbers(Ref ref, std::span<const std::uint32_t> rows, std::span<double> out) {
  const Instruction& i = code_->instructions[ref];
  if (i.fixed()) {
    std::ranges::fill(out, Number(ref));
    return;
  }
  if (i.op == Op::Attribute && code_->instructions[i.operands[0]].op == Op::Self)
    return metrics::EvaluateNumbers(model_, i.attribute, rows, out);
  const bool arithmetic = i.op == Op::Add || i.op == Op::Subtract || i.op == Op::Multiply || i.op == Op::Divide;
  if (!arithmetic) {
    std::ranges::transform(rows, out.begin(), [&](std::uint32_t row) { return Number(ref, row); });
    return;
  }
  std::array<double, kBatch> buffer;
  for (std::size_t first = 0; first < rows.size(); first += kBatch) {
    const std::size_t count = std::min(kBatch, rows.size() - first);
    const std::span<double> left = out.subspan(first, count);
    const std::span<double> right = std::span(buffer).first(count);
    Numbers(i.operands[0], rows.subspan(first, count), left);
    Numbers(i.operands[1], rows.subspan(first, count), right);
    for (std::size_t k = 0; k < count; ++k) {
      if (i.op == Op::Add) left[k] += right[k];
      if (i.op == Op::Subtract) left[k] -= right[k];
      if (i.op == Op::Multiply) left[k] *= right[k];
      if (i.op == Op::Divide) left[k] = right[k] == 0 ? kMissingNumber : left[k] / right[k];
    }
  }
}

void Evaluation::Tests(Ref ref, std::span<const std::uint32_t> rows, std::span<Truth> out) {
  const Instruction& i = code_->instructions[ref];
  const auto [a, b, c] = i.operands;
  const bool compares = i.op == Op::Compare && code_->instructions[a].yield == Yield::Number;
  const bool both = (i.op == Op::And || i.op == Op::Or) && i.cheap;
  if (i.op == Op::Attribute && code_->instructions[a].op == Op::Self) {
    constexpr std::array<Truth, 3> kTruths = {Truth::False, Truth::True, Truth::Unknown};
    std::array<std::uint8_t, kBatch> flags;
    for (std::size_t first = 0; first < rows.size(); first += kBatch) {
      const std::size_t count = std::min(kBatch, rows.size() - first);
      metrics::EvaluateFlags(model_, i.attribute, rows.subspan(first, count), std::span(flags).first(count));
      for (std::size_t k = 0; k < count; ++k) out[first + k] = kTruths[flags[k]];
    }
    return;
  }
  if (i.op == Op::Not) {
    Tests(a, rows, out);
    for (Truth& truth : out) truth = NotTruth(truth);
    return;
  }
  if (!compares && !both) {
    std::ranges::transform(rows, out.begin(), [&](std::uint32_t row) { return Test(ref, row); });
    return;
  }
  for (std::size_t first = 0; first < rows.size(); first += kBatch) {
    const std::size_t count = std::min(kBatch, rows.size() - first);
    const std::span<const std::uint32_t> some = rows.subspan(first, count);
    const std::span<Truth> truths = out.subspan(first, count);
    if (compares) {
      std::array<double, kBatch> left;
      std::array<double, kBatch> right;
      Numbers(a, some, std::span(left).first(count));
      Numbers(b, some, std::span(right).first(count));
      CompareAll(i.compare, std::span(left).first(count), std::span(right).first(count), truths);
    } else {
      std::array<Truth, kBatch> right;
      Tests(a, some, truths);
      Tests(b, some, std::span(right).first(count));
      for (std::size_t k = 0; k < count; ++k)
        truths[k] = i.op == Op::And ? std::min(truths[k], right[k]) : std::max(truths[k], right[k]);
    }
  }
}

// ---------------------------------------------------------------- scans
const DomainRows& Evaluation::DomainOf(std::uint32_t number) {
  if (domains_.size() <= number) domains_.resize(code_->domains.size());
  std::unique_ptr<DomainRows>& known = domains_[number];
  if (known != nullptr) return *known;
  known = std::make_unique<DomainRows>();
  const Domain& types = code_->domains[number];
  known->bits = NoBits(model_.RowCount(types.front().entity));
  for (const metrics::EntityType& type : types) {
    for (const std::uint32_t row : metrics::RowsOfType(model_, type)) SetBit(known->bits, row);
  }
  ForEachBit(known->bits, [&](std::uint32_t row) { known->rows.push_back(row); });
  return *known;
}

const RowMask& Evaluation::Candidates(const Step& scan) {
  const auto found = candidates_.find(&scan);
  if (found != candidates_.end()) return found->second;
  RowMask mask{DomainOf(scan.domain).bits, {}};
  for (const Ref test : scan.tests) {
    Take(mask.open.size());  // a word of rows is a step: it costs as much
    if (!ApplyCoded(test, code_->domains[scan.domain].front().entity, mask)) Apply(test, mask);
  }
  return candidates_.emplace(&scan, std::move(mask)).first->second;
}

const RowMask* Evaluation::Targets(const Step& follow) {
  if (follow.tests.empty()) return nullptr;
  if (last_targets_.first == &follow) return last_targets_.second;
  const auto known = targets_.find(&follow);
  const std::optional<RowMask>& mask =
      known != targets_.end() ? known->second : targets_.emplace(&follow, MakeTargets(follow)).first->second;
  last_targets_ = {&follow, mask ? &*mask : nullptr};
  return last_targets_.second;
}

std::optional<RowMask> Evaluation::MakeTargets(const Step& follow) {
  std::optional<RowMask> mask(RowMask{DomainOf(follow.domain).bits, {}});
  for (const Ref test : follow.tests) {
    Take(mask->open.size());
    if (ApplyCoded(test, code_->domains[follow.domain].front().entity, *mask)) continue;
    return std::nullopt;
  }
  return mask;
}

void Evaluation::Forget(const Plan& plan) {
  for (const Step& step : plan.steps) {
    candidates_.erase(&step);
    targets_.erase(&step);
  }
  last_targets_ = {};
}

void Evaluation::Apply(Ref test, RowMask& mask) {
  std::vector<std::uint32_t> rows;
  std::array<Truth, kBatch> truths;
  const auto flush = [&] {
    Take(rows.size());
    Tests(test, rows, std::span(truths).first(rows.size()));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (truths[i] == Truth::False) ClearBit(mask.open, rows[i]);
      if (truths[i] != Truth::Unknown) continue;
      if (mask.unknown.empty()) mask.unknown.resize(mask.open.size());
      SetBit(mask.unknown, rows[i]);
    }
    rows.clear();
  };
  ForEachBit(mask.open, [&](std::uint32_t row) {
    rows.push_back(row);
    if (rows.size() == kBatch) flush();
  });
  flush();
}

// A comparison of a number of the row with one that depends on no row, if the column is worth coding.
bool Evaluation::ApplyCoded(Ref test, metrics::Entity entity, RowMask& mask) {
  const Instruction& i = code_->instructions[test];
  const std::size_t count = model_.RowCount(entity);
  const auto fixed = code_->ThresholdOf(i);
  if (!fixed || count < kRowsWorthCoding) return false;
  const bool left = *fixed == 0;
  const Ref number = i.operands[1 - *fixed];
  const auto thresholds = thresholds_.find(number);
  if (thresholds == thresholds_.end() || thresholds->second.size() < kTestsWorthCoding) return false;
  // An inner pattern, or a text that was bound later, may compare with another number.
  const double threshold = Number(i.operands[*fixed]);
  if (!std::isnan(threshold) && std::ranges::find(thresholds->second, threshold) == thresholds->second.end())
    return false;
  std::unique_ptr<CodedColumn>& coded = coded_[number];
  if (coded == nullptr) {
    std::vector<std::uint32_t> rows(count);
    std::iota(rows.begin(), rows.end(), 0U);
    std::vector<double> values(count);
    Numbers(number, rows, values);
    coded = std::make_unique<CodedColumn>(values, thresholds->second);
  }
  coded->Apply(left ? Mirrored(i.compare) : i.compare, threshold, mask);
  return true;
}

// ---------------------------------------------------------------- joins
std::optional<std::uint64_t> KeyIndex::KeyOf(const Value& value) const {
  if (value.kind == Value::Kind::Row) return value.row;
  if (value.kind == Value::Kind::Number) return std::bit_cast<std::uint64_t>(value.number + 0.0);  // -0 is 0
  const auto known = texts.find(value.text);
  return known == texts.end() ? std::nullopt : std::optional(known->second);
}

std::optional<std::vector<std::uint32_t>> Evaluation::Joined(const Step& scan, std::uint32_t self) {
  const Value wanted = Eval(scan.equals, self);
  if (wanted.missing()) return std::nullopt;
  std::unique_ptr<KeyIndex>& index = keys_[{scan.key, scan.domain}];
  if (index == nullptr) {
    auto made = std::make_unique<KeyIndex>();
    for (const std::uint32_t row : DomainOf(scan.domain).rows) {
      Take(1);
      const Value value = Eval(scan.key, row);
      if (value.missing()) {
        made->missing.push_back(row);
        continue;
      }
      if (value.kind == Value::Kind::Text) made->texts.emplace(value.text, made->texts.size());
      made->rows.emplace_back(*made->KeyOf(value), row);
    }
    std::ranges::sort(made->rows);
    index = std::move(made);
  }
  std::vector<std::uint32_t> found = index->missing;
  if (const auto key = index->KeyOf(wanted)) {
    const auto known = found.size();
    for (auto at = std::ranges::lower_bound(index->rows, std::pair(*key, 0U));
         at != index->rows.end() && at->first == *key; ++at) {
      found.push_back(at->second);
    }
    std::inplace_merge(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(known), found.end());
  }
  Take(found.size());
  return found;
}

NeighbourList Evaluation::MakeNeighbours(const Step& step, std::uint32_t row) {
  std::vector<Neighbour> result;
  if (step.hops) {
    for (const std::uint32_t reached :
         edges_.Reach(step.kinds, row, step.forward, *step.hops, [this](std::size_t edges) { Take(edges); }))
      result.push_back({reached, 0});
    return NeighbourList(std::move(result));
  }
  const auto some = [&](metrics::EdgeKind kind) {
    return step.forward ? edges_.From(kind, row) : edges_.To(kind, row);
  };
  for (const metrics::EdgeKind kind : step.kinds) {
    const auto more = some(kind);
    result.insert(result.end(), more.begin(), more.end());
  }
  std::ranges::stable_sort(result, {}, &Neighbour::row);
  return NeighbourList(std::move(result));
}

}  // namespace advise::rules
