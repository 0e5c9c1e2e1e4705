// The matcher: runs each rule's plan over the model, depth first, and keeps one match a head.
#include "rules/match/match.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <numeric>
#include <unordered_map>

#include "rules/match/column_test.h"
#include "rules/match/evaluator.h"
#include "rules/match/plan_walk.h"
#include "rules/match/values.h"
#include "rules/plan/plan.h"

namespace advise::rules {
namespace {

// Candidates whose missing inputs are looked at, a rule: the same inputs are missing in most of them.
constexpr std::size_t kMissingSamples = 32;

// Ways to bind all variables of a rule for which the condition is true, or unknown: one row a slot, one after the other
// without a vector each, because a rule may have as many as there are stages.
class Candidates {
 public:
  explicit Candidates(std::size_t slots) : slots_(slots) {}
  void Add(std::span<const std::uint32_t> rows, bool unknown) {
    rows_.insert(rows_.end(), rows.begin(), rows.end());
    unknown_.push_back(unknown ? 1 : 0);
  }
  void Replace(std::size_t i, std::span<const std::uint32_t> rows, bool unknown) {
    std::copy(rows.begin(), rows.end(), rows_.begin() + static_cast<std::ptrdiff_t>(i * slots_));
    unknown_[i] = unknown ? 1 : 0;
  }
  [[nodiscard]] std::size_t size() const { return unknown_.size(); }
  [[nodiscard]] std::span<const std::uint32_t> Rows(std::size_t i) const {
    return std::span(rows_).subspan(i * slots_, slots_);
  }
  [[nodiscard]] bool IsUnknown(std::size_t i) const { return unknown_[i] != 0; }

 private:
  std::size_t slots_;
  std::vector<std::uint32_t> rows_;
  std::vector<std::uint8_t> unknown_;
};

std::vector<std::uint32_t> Copy(std::span<const std::uint32_t> rows) { return {rows.begin(), rows.end()}; }

struct HashRows {
  std::size_t operator()(const std::vector<std::uint32_t>& rows) const {
    std::size_t hash = 1469598103934665603ULL;  // FNV-1a over the rows
    for (const std::uint32_t row : rows) hash = (hash ^ row) * 1099511628211ULL;
    return hash;
  }
};

// What the rules of a set share during one run.
struct Shared {
  const RuleSet& set;
  const model::JobModel& model;
  const MatchOptions& options;
  MatchResults results;
  std::vector<FindingsOfRule>& findings = results.findings;  // one a rule
  std::map<std::pair<metrics::Entity, std::vector<std::uint32_t>>, std::vector<std::uint32_t>> group_ids;
  Evaluator evaluator;
  std::vector<std::vector<double>> thresholds;      // of the tests of all plans, one list a derived column
  std::vector<std::unique_ptr<CodedColumn>> coded;  // one a derived column, built when first tested
  std::vector<std::size_t> first_match;             // of each rule so far
  // Of rules with one argument: which rule (its index + 1) last met the row, and as which of its candidates.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> by_row;

  Shared(const RuleSet& rules, const model::JobModel& job, const MatchOptions& how)
      : set(rules),
        model(job),
        options(how),
        evaluator(rules, job, results.groups, results.findings, results.outcomes, results.matches),
        thresholds(rules.columns.size()),
        coded(rules.columns.size()) {
    results.outcomes.resize(rules.rules.size());
    results.findings.resize(rules.rules.size());
    for (std::size_t rule = 0; rule < rules.rules.size(); ++rule) {
      findings[rule].known.Reset(rules.rules[rule].head.size());
      findings[rule].unknown.Reset(rules.rules[rule].head.size());
    }
  }
};

// The value that a test compares its column with.
double ThresholdOf(Shared& shared, const BoundRule& rule, const ColumnTest& test) {
  const BoundExpr& condition = rule.conjuncts[test.conjunct].condition;
  Frame frame(rule.slots);  // a threshold may count a pattern of its own
  return shared.evaluator.Number(condition.operands[test.threshold_left ? 0 : 1], frame);
}

std::string KeyText(const Value& value, const TypedValue& typed) {
  if (value.kind == Value::Kind::Number) return std::to_string(static_cast<std::int64_t>(value.number));
  if (value.kind == Value::Kind::Bool) return value.boolean ? "true" : "false";
  return typed.text;
}

class RuleMatcher : private PlanWalk<RuleMatcher> {
 public:
  RuleMatcher(Shared& shared, RuleIndex index)
      : PlanWalk(shared.set.rules[index], shared.evaluator),
        shared_(shared),
        index_(index),
        plan_(shared.set.plans[index]),
        outcome_(shared.results.outcomes[index]),
        members_(rule_.slots.size()),
        candidates_(rule_.slots.size()) {}

  void Run() {
    if (!HasNeeds() || !HoldsOnce()) return;
    Step(0);
    if (too_many_) {
      outcome_.kind = OutcomeKind::TooMany;
      shared_.findings[index_].all_unknown = true;
      return;
    }
    if (rule_.group) GroupCandidates();
    KeepHeads();
  }

 private:
  friend PlanWalk<RuleMatcher>;

  // ---------------------------------------------------------------- before any row is looked at
  bool HasNeeds() {
    for (const metrics::AttributeId attribute : rule_.needs) {
      if (AnyValue(attribute)) continue;
      const metrics::Attribute& info = metrics::Get(attribute);
      outcome_.missing.push_back({std::string(model::EntityName(info.entity)) + "." + std::string(info.name),
                                  metrics::WhyMissing(shared_.model, attribute)});
    }
    if (outcome_.missing.empty()) return true;
    outcome_.kind = OutcomeKind::NeedsMissing;
    shared_.findings[index_].all_unknown = true;
    return false;
  }

  [[nodiscard]] bool AnyValue(metrics::AttributeId attribute) const {
    const std::size_t rows = shared_.model.RowCount(metrics::Get(attribute).entity);
    for (std::uint32_t row = 0; row < rows; ++row) {
      if (!metrics::Evaluate(shared_.model, attribute, row).missing()) return true;
    }
    return false;
  }

  bool HoldsOnce() {
    for (const std::size_t conjunct : plan_.once) {
      const Truth truth = evaluator_.Test(rule_.conjuncts[conjunct].condition, frame_);
      if (truth == Truth::Unknown) ++unknown_;
      if (truth != Truth::False) continue;
      if (rule_.conjuncts[conjunct].applies) outcome_.kind = OutcomeKind::NotApplicable;
      return false;
    }
    return true;
  }

  // ---------------------------------------------------------------- the steps of the plan
  void Step(std::size_t number) {
    if (too_many_) return;
    if (number == plan_.steps.size()) {
      if (++combinations_ > shared_.options.max_combinations) too_many_ = true;
      if (rule_.group) {
        members_.Add(frame_.rows(), unknown_ > 0);
      } else {
        Offer(frame_.rows(), unknown_ > 0);
      }
      return;
    }
    const PlanStep& step = plan_.steps[number];
    switch (step.kind) {
      case StepKind::Scan: Scan(step, number); break;
      case StepKind::Finding: JoinFindings(step, number); break;
      case StepKind::Follow: Follow(step, number); break;
      case StepKind::Check: Check(step, number); break;
    }
  }

  // Tests what can be tested now, then goes on with the next step.
  void Continue(std::size_t number) {
    const std::size_t before = unknown_;
    bool open = true;
    for (const std::size_t conjunct : plan_.steps[number].filters) {
      const Truth truth = evaluator_.Test(rule_.conjuncts[conjunct].condition, frame_);
      if (truth == Truth::Unknown) ++unknown_;
      if (truth == Truth::False) {
        open = false;
        break;
      }
    }
    if (open) Step(number + 1);
    unknown_ = before;
  }

  void Scan(const PlanStep& step, std::size_t number) {
    const Domain& domain = evaluator_.DomainOf(rule_.slots[step.slot]);
    if (step.tests.empty()) {
      for (const std::uint32_t row : domain.rows) {
        frame_.Set(step.slot, row);
        Continue(number);
      }
    } else {
      const RowMask mask = TestColumns(step, domain);
      ForEachOpen(mask, [&](std::uint32_t row) {
        const bool unknown = !mask.unknown.empty() && mask.unknown[row] != 0;
        if (unknown) ++unknown_;
        frame_.Set(step.slot, row);
        Continue(number);
        if (unknown) --unknown_;
      });
    }
    frame_.Set(step.slot, kUnboundSlot);
  }

  RowMask TestColumns(const PlanStep& step, const Domain& domain) {
    RowMask mask{domain.mask, {}};
    for (const ColumnTest& test : step.tests) {
      std::unique_ptr<CodedColumn>& coded = shared_.coded[test.column];
      if (coded == nullptr) {
        coded = std::make_unique<CodedColumn>(evaluator_.Dense(test.column), shared_.thresholds[test.column]);
      }
      coded->Apply(test.op, ThresholdOf(shared_, rule_, test), mask);
    }
    return mask;
  }

  // Eight rows at a time: most are closed.
  template <class Visit>
  static void ForEachOpen(const RowMask& mask, const Visit& visit) {
    const std::size_t rows = mask.open.size();
    std::size_t row = 0;
    for (; row + 8 <= rows; row += 8) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, mask.open.data() + row, 8);
      if (eight == 0) continue;
      for (std::size_t i = row; i < row + 8; ++i) {
        if (mask.open[i] != 0) visit(static_cast<std::uint32_t>(i));
      }
    }
    for (; row < rows; ++row) {
      if (mask.open[row] != 0) visit(static_cast<std::uint32_t>(row));
    }
  }

  void JoinFindings(const PlanStep& step, std::size_t number) {
    const BoundAtom& atom = rule_.for_atoms[step.index];
    FindingsOfRule& findings = shared_.findings[atom.rule];
    const std::vector<std::uint32_t> wanted = Wanted(atom);
    Join(atom, findings.known, wanted, number);
    // A finding that may be there makes what is built on it unknown.
    ++unknown_;
    Join(atom, findings.unknown, wanted, number);
    --unknown_;
    if (findings.all_unknown) {
      outcome_.unknown = std::max<std::size_t>(outcome_.unknown, 1);
      shared_.findings[index_].all_unknown = true;
      AddMissing(shared_.results.outcomes[atom.rule].missing);
    }
  }

  // ---------------------------------------------------------------- group by
  // Candidates become groups: rows whose condition is true, by their keys. A missing key makes no group.
  void GroupCandidates() {
    const BoundGroup& group = *rule_.group;
    struct Rows {
      std::vector<TypedValue> keys;
      std::vector<std::uint32_t> members;
    };
    std::map<std::vector<std::string>, Rows> groups;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      Frame frame(rule_.slots, Copy(members_.Rows(i)));
      if (members_.IsUnknown(i)) {
        NoteUnknown(frame);
        continue;
      }
      std::vector<std::string> texts;
      std::vector<TypedValue> keys;
      bool missing = false;
      for (const BoundExpr& key : group.keys) {
        const Value value = evaluator_.Eval(key, frame);
        missing = missing || value.missing();
        keys.push_back(evaluator_.Typed(key, frame));
        keys.back().text = KeyText(value, keys.back());
        texts.push_back(keys.back().text);
      }
      if (missing) continue;
      Rows& rows = groups[std::move(texts)];
      rows.keys = std::move(keys);
      rows.members.push_back(members_.Rows(i)[group.member]);
    }
    const metrics::Entity entity = rule_.slots[group.member].type.entity->entity;
    for (auto& [texts, rows] : groups) {
      std::sort(rows.members.begin(), rows.members.end());
      rows.members.erase(std::unique(rows.members.begin(), rows.members.end()), rows.members.end());
      Frame frame(rule_.slots);
      frame.Set(group.group, GroupId(entity, std::move(rows.keys), std::move(rows.members)));
      TestGroup(frame);
    }
  }

  void TestGroup(Frame& frame) {
    bool unknown = unknown_ > 0;  // from the conditions that are tested once
    for (const std::size_t conjunct : plan_.after_group) {
      const Truth truth = evaluator_.Test(rule_.conjuncts[conjunct].condition, frame);
      unknown = unknown || truth == Truth::Unknown;
      if (truth == Truth::False) return;
    }
    Offer(frame.rows(), unknown);
  }

  std::uint32_t GroupId(metrics::Entity entity, std::vector<TypedValue> keys, std::vector<std::uint32_t> members) {
    std::vector<std::uint32_t>& same_members = shared_.group_ids[{entity, members}];
    for (const std::uint32_t id : same_members) {
      if (shared_.results.groups[id].keys == keys) return id;
    }
    const auto id = static_cast<std::uint32_t>(shared_.results.groups.size());
    shared_.results.groups.push_back({entity, std::move(keys), std::move(members)});
    same_members.push_back(id);
    return id;
  }

  // ---------------------------------------------------------------- one match a head
  [[nodiscard]] std::vector<std::uint32_t> HeadOf(std::span<const std::uint32_t> rows) const {
    std::vector<std::uint32_t> head;
    for (const SlotIndex slot : rule_.head) head.push_back(rows[slot]);
    return head;
  }

  // Keeps the best candidate of each head: one that is true, with the largest first evidence, with the smallest rows.
  void Offer(std::span<const std::uint32_t> rows, bool unknown) {
    const std::size_t known = NumberOf(rows);
    if (known == candidates_.size()) {
      candidates_.Add(rows, unknown);
    } else if (IsBetter(rows, unknown, known)) {
      candidates_.Replace(known, rows, unknown);
    }
  }

  // The candidate with the same head; candidates_.size(): none yet.
  std::size_t NumberOf(std::span<const std::uint32_t> rows) {
    if (rule_.head.size() != 1) return by_head_.emplace(HeadOf(rows), candidates_.size()).first->second;
    const std::uint32_t row = rows[rule_.head[0]];
    if (row >= shared_.by_row.size()) shared_.by_row.resize(std::max<std::size_t>(row + 1, 2 * shared_.by_row.size()));
    auto& [rule, candidate] = shared_.by_row[row];
    if (rule != index_ + 1) {
      rule = index_ + 1;
      candidate = static_cast<std::uint32_t>(candidates_.size());
    }
    return candidate;
  }

  bool IsBetter(std::span<const std::uint32_t> rows, bool unknown, std::size_t best) {
    if (unknown != candidates_.IsUnknown(best)) return candidates_.IsUnknown(best);
    if (!unknown && !rule_.evidence.empty() && rule_.evidence.front().value.type.IsNumber()) {
      const double next_value = EvidenceOf(rows);
      const double best_value = EvidenceOf(candidates_.Rows(best));
      if (std::isnan(next_value) != std::isnan(best_value)) return std::isnan(best_value);
      if (next_value != best_value && !std::isnan(next_value)) return next_value > best_value;
    }
    return std::ranges::lexicographical_compare(rows, candidates_.Rows(best));
  }
  double EvidenceOf(std::span<const std::uint32_t> rows) {
    Frame frame(rule_.slots, Copy(rows));
    return evaluator_.Number(rule_.evidence.front().value, frame);
  }

  void KeepHeads() {
    std::vector<std::uint32_t> order(candidates_.size());
    std::iota(order.begin(), order.end(), 0U);
    const auto before = [this](std::uint32_t a, std::uint32_t b) {
      for (const SlotIndex slot : rule_.head) {
        if (candidates_.Rows(a)[slot] != candidates_.Rows(b)[slot])
          return candidates_.Rows(a)[slot] < candidates_.Rows(b)[slot];
      }
      return false;
    };
    if (!std::is_sorted(order.begin(), order.end(), before)) std::sort(order.begin(), order.end(), before);
    for (const std::uint32_t candidate : order) KeepHead(candidate);
    outcome_.matches = shared_.results.matches.size() - shared_.first_match.back();
    std::sort(outcome_.missing.begin(), outcome_.missing.end(),
              [](const MissingInput& a, const MissingInput& b) { return a.name < b.name; });
  }

  void KeepHead(std::size_t candidate) {
    const std::span<const std::uint32_t> rows = candidates_.Rows(candidate);
    head_.clear();
    for (const SlotIndex slot : rule_.head) head_.push_back(rows[slot]);
    if (candidates_.IsUnknown(candidate)) {
      ++outcome_.unknown;
      if (outcome_.unknown <= kMissingSamples) {
        Frame frame(rule_.slots, Copy(rows));
        NameMissing(frame);
      }
      shared_.findings[index_].unknown.Add(head_);
      return;
    }
    shared_.findings[index_].known.Add(head_);
    Match& match = shared_.results.matches.emplace_back();
    match.rule = index_;
    match.head = head_;
    match.witness = Copy(rows);
  }

  // Counts a head for which the rule is unknown, and names what is missing for it.
  void NoteUnknown(Frame& frame) {
    if (++outcome_.unknown <= kMissingSamples) NameMissing(frame);
  }

  void NameMissing(Frame& frame) {
    std::vector<MissingInput> missing;
    evaluator_.CollectMissing(&missing);
    for (const Conjunct& conjunct : rule_.conjuncts) {
      const std::size_t before = missing.size();
      if (evaluator_.Test(conjunct.condition, frame) != Truth::Unknown) missing.resize(before);
    }
    evaluator_.CollectMissing(nullptr);
    for (const BoundAtom& atom : rule_.for_atoms) {
      std::vector<std::uint32_t> arguments;
      for (const BoundExpr& argument : atom.arguments) {
        arguments.push_back(argument.kind == ExprKind::Wildcard ? kAnyRow : frame.At(argument.index));
      }
      if (!shared_.findings[atom.rule].known.Contains(arguments))
        AddMissing(shared_.results.outcomes[atom.rule].missing);
    }
    AddMissing(missing);
  }

  void AddMissing(const std::vector<MissingInput>& missing) {
    for (const MissingInput& input : missing) {
      const bool known = std::find(outcome_.missing.begin(), outcome_.missing.end(), input) != outcome_.missing.end();
      if (!known) outcome_.missing.push_back(input);
    }
  }

  Shared& shared_;
  RuleIndex index_;
  const RulePlan& plan_;
  RuleOutcome& outcome_;
  std::size_t unknown_ = 0;  // conditions that are unknown for the rows of the frame
  std::size_t combinations_ = 0;
  bool too_many_ = false;
  Candidates members_;     // before `group by`
  Candidates candidates_;  // one a head
  // Which candidate has a head of several arguments; of one: Shared::by_row.
  std::unordered_map<std::vector<std::uint32_t>, std::size_t, HashRows> by_head_;
  std::vector<std::uint32_t> head_;  // scratch
};

// ---------------------------------------------------------------- what a match says
std::vector<TextSegment> Render(Evaluator& evaluator, const BoundText& text, Frame& frame) {
  std::vector<TextSegment> segments;
  for (const TextPiece& piece : text) {
    TextSegment segment{piece.literal, std::nullopt};
    if (piece.hole) segment.value = evaluator.Typed(*piece.hole, frame);
    segments.push_back(std::move(segment));
  }
  return segments;
}

class Describer {
 public:
  explicit Describer(Shared& shared) : shared_(shared), evaluator_(shared.evaluator) {}

  void Describe(Match& match) {
    const BoundRule& rule = shared_.set.rules[match.rule];
    Frame frame(rule.slots, match.witness);
    match.confidence = Confidence(rule, frame);
    for (const SeverityCase& one : rule.severity) {
      if (one.condition && evaluator_.Test(*one.condition, frame) != Truth::True) continue;
      match.severity = one.level;
      break;
    }
    if (rule.costs) {
      if (const double costs = evaluator_.Number(*rule.costs, frame); !std::isnan(costs)) match.costs_ms = costs;
    }
    for (const BoundAtom& atom : rule.for_atoms) AddMatches(atom, frame, match.reads);
    for (const BoundAtom& atom : rule.explains) AddMatches(atom, frame, match.explains);
    if (rule.disabled && !Lapsed(rule.disabled_until_ms)) {
      match.is_suppressed = true;
      match.suppressed = rule.disabled_because.empty() ? "the rule is disabled" : rule.disabled_because;
    }
    if (shared_.options.texts) Word(rule, frame, match);
  }

  // After all rules: relations may name rules of the same layer.
  void Relate(Match& match) {
    const BoundRule& rule = shared_.set.rules[match.rule];
    Frame frame(rule.slots, match.witness);
    for (const BoundRelation& relation : rule.relations) {
      std::vector<std::uint32_t> others;
      AddMatches(relation.atom, frame, others);
      for (const std::uint32_t other : others) match.relations.push_back({relation.relation, other});
    }
  }

  void ListEnabledAgain() {
    for (std::size_t rule = 0; rule < shared_.set.rules.size(); ++rule) {
      if (shared_.set.rules[rule].disabled && Lapsed(shared_.set.rules[rule].disabled_until_ms))
        shared_.results.enabled_again.push_back(static_cast<RuleIndex>(rule));
    }
  }

  void Suppress(const BoundSuppression& suppression) {
    SuppressionUse& use = shared_.results.suppressions.emplace_back();
    use.lapsed = Lapsed(suppression.until_ms);
    if (use.lapsed) return;
    const auto [begin, end] = MatchesOf(suppression.rule);
    for (std::size_t i = begin; i < end; ++i) {
      Match& match = shared_.results.matches[i];
      Frame frame(suppression.slots);
      for (std::size_t k = 0; k < match.head.size(); ++k) {
        if (suppression.arguments[k]) frame.Set(*suppression.arguments[k], match.head[k]);
      }
      const bool holds = std::ranges::all_of(suppression.conditions, [&](const Conjunct& conjunct) {
        return evaluator_.Test(conjunct.condition, frame) == Truth::True;
      });
      if (!holds) continue;
      ++use.hidden;
      match.is_suppressed = true;
      match.suppressed = suppression.reason;
    }
  }

 private:
  double Confidence(const BoundRule& rule, Frame& frame) {
    for (const ConfidenceCase& one : rule.confidence) {
      if (one.condition && evaluator_.Test(*one.condition, frame) != Truth::True) continue;
      const double confidence = evaluator_.Number(one.value, frame);
      if (!std::isnan(confidence)) return std::clamp(confidence, 0.0, 1.0);
    }
    // The cases that were stated do not hold: the least of what is known.
    return rule.confidence.empty() ? kConfidenceHigh : kConfidenceLow;
  }

  void Word(const BoundRule& rule, Frame& frame, Match& match) {
    for (const NamedExpr& value : rule.evidence)
      match.evidence.push_back({value.name, evaluator_.Typed(value.value, frame)});
    match.title = Render(evaluator_, rule.title, frame);
    match.message = Render(evaluator_, rule.message, frame);
    match.fix = Render(evaluator_, rule.fix, frame);
    for (const BoundChange& change : rule.changes) {
      ChangeValue value{change.kind, change.key, std::nullopt, {}, change.scope};
      if (change.value) value.value = evaluator_.Typed(*change.value, frame);
      if (change.text) value.text = Render(evaluator_, *change.text, frame);
      match.changes.push_back(std::move(value));
    }
    for (const Conjunct& conjunct : rule.conjuncts) {
      if (!conjunct.before_group) match.conditions.push_back(ValuesOf(conjunct.text, conjunct.condition, frame));
    }
    for (const BoundRuledOut& other : rule.rules_out) {
      const bool holds = std::ranges::all_of(other.conditions, [&](const NamedExpr& condition) {
        return evaluator_.Test(condition.value, frame) == Truth::True;
      });
      if (!holds) continue;
      RuledOutValue& value = match.ruled_out.emplace_back();
      value.rule = other.rule;
      value.phrase = other.phrase;
      value.because = Render(evaluator_, other.because, frame);
      for (const NamedExpr& condition : other.conditions)
        value.conditions.push_back(ValuesOf(condition.name, condition.value, frame));
    }
  }

  ConditionValue ValuesOf(const std::string& text, const BoundExpr& condition, Frame& frame) {
    ConditionValue value{text, std::nullopt, std::nullopt};
    if (condition.kind == ExprKind::Compare) {
      value.left = evaluator_.Typed(condition.operands[0], frame);
      value.right = evaluator_.Typed(condition.operands[1], frame);
    }
    return value;
  }

  [[nodiscard]] std::pair<std::size_t, std::size_t> MatchesOf(RuleIndex rule) const {
    const std::size_t end =
        rule + 1 < shared_.first_match.size() ? shared_.first_match[rule + 1] : shared_.results.matches.size();
    return {shared_.first_match[rule], end};
  }

  // Matches of the atom's rule with these arguments, each once.
  void AddMatches(const BoundAtom& atom, Frame& frame, std::vector<std::uint32_t>& into) {
    std::vector<std::uint32_t> arguments;
    for (const BoundExpr& argument : atom.arguments) {
      if (argument.kind == ExprKind::Wildcard) {
        arguments.push_back(kAnyRow);
        continue;
      }
      const Value value = evaluator_.Eval(argument, frame);
      if (value.missing()) return;
      arguments.push_back(value.row);
    }
    const auto first = static_cast<std::uint32_t>(MatchesOf(atom.rule).first);
    for (const std::uint32_t found : shared_.findings[atom.rule].known.Find(arguments)) into.push_back(first + found);
    std::sort(into.begin(), into.end());
    into.erase(std::unique(into.begin(), into.end()), into.end());
  }

  // Compared with the end of the log, never with the clock.
  [[nodiscard]] bool Lapsed(const std::optional<double>& until_ms) const {
    constexpr double kDay = 86'400'000;
    const model::AppTable& app = shared_.model.app;
    if (!until_ms || app.size() == 0 || !app.last_event.Has(0)) return false;
    return static_cast<double>(app.last_event.Get(0)) >= *until_ms + kDay;  // the day itself counts
  }

  Shared& shared_;
  Evaluator& evaluator_;
};

}  // namespace

MatchResults MatchAll(const RuleSet& set, const model::JobModel& model, const MatchOptions& options) {
  Shared shared(set, model, options);
  for (std::size_t rule = 0; rule < set.rules.size(); ++rule) {
    for (const PlanStep& step : set.plans[rule].steps) {
      for (const ColumnTest& test : step.tests) {
        shared.thresholds[test.column].push_back(ThresholdOf(shared, set.rules[rule], test));
      }
    }
  }
  Describer describer(shared);
  for (std::size_t rule = 0; rule < set.rules.size(); ++rule) {
    const std::size_t first = shared.results.matches.size();
    shared.first_match.push_back(first);
    RuleMatcher(shared, static_cast<RuleIndex>(rule)).Run();
    for (std::size_t match = first; match < shared.results.matches.size(); ++match)
      describer.Describe(shared.results.matches[match]);
  }
  for (Match& match : shared.results.matches) describer.Relate(match);
  for (const BoundSuppression& suppression : set.suppressions) describer.Suppress(suppression);
  describer.ListEnabledAgain();
  return std::move(shared.results);
}

std::string MatchId(const RuleSet& set, const model::JobModel& model, const MatchResults& results, const Match& match) {
  const BoundRule& rule = set.rules[match.rule];
  std::string id = rule.Id() + "(";
  for (std::size_t i = 0; i < match.head.size(); ++i) {
    const Type& type = rule.slots[rule.head[i]].type;
    if (i > 0) id += ", ";
    if (type.kind != TypeKind::Group) {
      id += metrics::EntityKey(model, type.entity->entity, match.head[i]);
      continue;
    }
    std::string keys;
    for (const TypedValue& key : results.groups[match.head[i]].keys) keys += (keys.empty() ? "" : ", ") + key.text;
    id += keys;
  }
  return id + ")";
}

// ---------------------------------------------------------------- further questions
struct MatchReader::Impl {
  Impl(const RuleSet& rules, const model::JobModel& model, const MatchResults& results)
      : set(rules),
        findings(results.findings),
        evaluator(rules, model, results.groups, findings, results.outcomes, results.matches) {}
  const RuleSet& set;
  std::vector<FindingsOfRule> findings;  // looking heads up sorts them
  Evaluator evaluator;
};

MatchReader::MatchReader(const RuleSet& set, const model::JobModel& model, const MatchResults& results)
    : impl_(std::make_unique<Impl>(set, model, results)) {}
MatchReader::~MatchReader() = default;
MatchReader::MatchReader(MatchReader&&) noexcept = default;
MatchReader& MatchReader::operator=(MatchReader&&) noexcept = default;

TypedValue MatchReader::Value(const Match& match, const BoundExpr& expr) const {
  return Value(match, expr, impl_->set.rules[match.rule].slots);
}

TypedValue MatchReader::Value(const Match& match, const BoundExpr& expr, const std::vector<Slot>& slots) const {
  Frame frame(slots, match.witness);
  return impl_->evaluator.Typed(expr, frame);
}

}  // namespace advise::rules
