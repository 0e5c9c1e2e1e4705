// The matcher: runs each rule's plan over the model, depth first, and keeps one match a head.
#include "rules/match/match.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <unordered_map>

#include "rules/match/evaluation.h"
#include "rules/match/group_numbers.h"
#include "rules/match/walk.h"

namespace advise::rules {
namespace {

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

struct HashRows {
  std::size_t operator()(const std::vector<std::uint32_t>& rows) const {
    std::size_t hash = 1469598103934665603ULL;  // FNV-1a over the rows
    for (const std::uint32_t row : rows) hash = (hash ^ row) * 1099511628211ULL;
    return hash;
  }
};

// Of all tables of the log.
std::uint64_t RowsOf(const model::JobModel& model) {
  std::uint64_t rows = 0;
  for (std::size_t entity = 0; entity < model::kEntityCount; ++entity)
    rows += model.RowCount(static_cast<model::Entity>(entity));
  return rows;
}

std::uint64_t StepsOfRule(const Limits& limits, std::uint64_t rows) {
  return limits.rule_steps + rows * limits.rule_steps_per_row;
}

// Rows of bits (row_mask.h), gathered for one rule after the other in memory that stays.
class RowBuffer {
 public:
  void Clear() { count_ = 0; }
  void AddBits(std::uint64_t bits, std::size_t word) {
    if (bits == 0) return;
    if (rows_.size() < count_ + 64) rows_.resize(2 * rows_.size() + 64);
    ForEachBitOf(bits, word, [this](std::uint32_t row) { rows_[count_++] = row; });
  }
  [[nodiscard]] std::span<const std::uint32_t> Rows() const { return std::span(rows_).first(count_); }

 private:
  std::vector<std::uint32_t> rows_;
  std::size_t count_ = 0;
};

// What the rules of a set share during one run.
struct Shared {
  const RuleSet& set;
  const Program& program;
  const model::JobModel& model;
  const MatchOptions& options;
  MatchResults results;
  Evaluation& evaluation;
  std::map<std::pair<metrics::Entity, std::vector<std::uint32_t>>, std::vector<std::uint32_t>> group_ids;
  std::vector<std::size_t> first_match;  // of each rule so far
  std::uint64_t rows = 0;                // of all tables of the log
  std::uint64_t left = 0;                // steps, for all rules
  // Of a rule with one argument: as which of its candidates it has met a row, if it has (RuleMatcher::met_).
  std::vector<std::uint32_t> by_row;
  RowBuffer heads;  // of the rule at hand

  Shared(const RuleSet& rules, const model::JobModel& job, const MatchOptions& how)
      : set(rules),
        program(rules.program),
        model(job),
        options(how),
        results{.evaluation = std::make_shared<Evaluation>(rules, job, how.params)},
        evaluation(*results.evaluation) {
    results.outcomes.resize(rules.rules.size());
    evaluation.Read(results.groups, results);
    rows = RowsOf(job);
    left = how.limits.pack_steps + rows * how.limits.pack_steps_per_row;
  }

  // Runs `work` with the steps that one rule may take. nullopt: it is done; else why it was given up.
  template <class Work>
  std::optional<Excess> Try(const Work& work) {
    const std::uint64_t own = StepsOfRule(options.limits, rows);
    const bool short_of = left < own;
    evaluation.Allow(std::min(own, left));
    std::optional<Excess> excess;
    try {
      work();
    } catch (const GivenUp& given_up) {
      excess = given_up.excess == Excess::Steps && short_of ? Excess::PackSteps : given_up.excess;
      evaluation.CollectMissing(nullptr);
    }
    const std::uint64_t taken = std::min(evaluation.taken(), left);
    left -= taken;
    results.steps += taken;
    return excess;
  }
};

constexpr std::size_t kUnknownAtOnce = 1U << 16U;  // heads of a rule that are gathered

class RuleMatcher : public WalkVisitor {
 public:
  static constexpr bool kMasks = true;
  static constexpr bool kUnknownFindings = true;

  RuleMatcher(Shared& shared, RuleIndex index)
      : shared_(shared),
        evaluation_(shared.evaluation),
        index_(index),
        rule_(shared.set.rules[index]),
        code_(shared.program.rules[index]),
        outcome_(shared.results.outcomes[index]),
        members_(rule_.slots.size()),
        candidates_(rule_.slots.size()) {}

  // Throws GivenUp.
  void Run() {
    if (!HasNeeds()) return;
    evaluation_.Bind({});
    if (IsOneScan()) return KeepScanned();
    Walk(evaluation_, code_.plan, kUnboundSlot, *this).Run();
    if (rule_.group) GroupCandidates();
    KeepHeads();
  }

  // What the options say that the rule finds.
  void Give() {
    for (const GivenHead& given : shared_.options.findings) {
      if (given.rule != index_) continue;
      std::vector<std::uint32_t> head = given.head;
      for (std::size_t i = 0; i < head.size(); ++i) {
        const SlotIndex slot = rule_.head[i];
        if (rule_.slots[slot].type.kind == TypeKind::Group) head[i] = GroupWith(index_, slot, head[i]);
      }
      if (evaluation_.Contains(evaluation_.FindingsOf(index_).known, head)) continue;
      evaluation_.FindingsOf(index_).known.Add(head);
      Match& match = shared_.results.matches.emplace_back();
      match.rule = index_;
      match.head = head;
      match.witness.assign(rule_.slots.size(), kUnboundSlot);
      for (std::size_t i = 0; i < rule_.head.size(); ++i) match.witness[rule_.head[i]] = head[i];
      outcome_.kind = OutcomeKind::Evaluated;
      ++outcome_.matches;
    }
  }

  // ---------------------------------------------------------------- on the walk
  bool Holds(const std::vector<std::size_t>& conditions) {
    for (const std::size_t condition : conditions) {
      const Truth truth = evaluation_.Test(code_.plan.conditions[condition]);
      if (truth == Truth::Unknown) ++unknown;
      if (truth != Truth::False) continue;
      if (&conditions == &code_.plan.once && rule_.conjuncts[condition].applies)
        outcome_.kind = OutcomeKind::NotApplicable;
      return false;
    }
    return true;
  }

  void Joined(const Step& step, bool) {
    if (!evaluation_.FindingsOf(step.rule).all_unknown) return;
    outcome_.unknown = std::max<std::size_t>(outcome_.unknown, 1);
    evaluation_.FindingsOf(index_).all_unknown = true;
    outcome_.all_unknown = true;
    AddMissing(shared_.results.outcomes[step.rule].missing);
  }

  void Found() {
    if (rule_.group) {
      members_.Add(Rows(), unknown > 0);
    } else {
      Offer(Rows(), unknown > 0);
    }
    if (members_.size() + candidates_.size() > shared_.options.limits.rule_candidates + shared_.rows) throw GivenUp();
  }

 private:
  // The slots of the rule are its first variables.
  [[nodiscard]] std::span<const std::uint32_t> Rows() const { return evaluation_.Bound(rule_.slots.size()); }

  bool HasNeeds() {
    for (const metrics::AttributeId attribute : rule_.needs) {
      if (AnyValue(attribute)) continue;
      const metrics::Attribute& info = metrics::Get(attribute);
      outcome_.missing.push_back({std::string(model::EntityName(info.entity)) + "." + std::string(info.name),
                                  metrics::WhyMissing(shared_.model, attribute)});
    }
    if (outcome_.missing.empty()) return true;
    outcome_.kind = OutcomeKind::NeedsMissing;
    evaluation_.FindingsOf(index_).all_unknown = true;
    outcome_.all_unknown = true;
    return false;
  }

  // Rows of one table, each the head of its own finding, by tests that the scan makes for all of them at once: what is
  // left of the mask are the heads.
  [[nodiscard]] bool IsOneScan() const {
    if (rule_.group || rule_.slots.size() != 1 || rule_.head.size() != 1 || code_.plan.steps.size() != 1) return false;
    const Step& step = code_.plan.steps.front();
    return step.kind == StepKind::Scan && step.filters.empty() && step.key == kNone;
  }

  void KeepScanned() {
    if (!Holds(code_.plan.once)) return;
    const RowMask& mask = evaluation_.Candidates(code_.plan.steps.front());
    const auto unknown_of = [&](std::size_t word) {
      if (unknown > 0) return mask.open[word];
      return mask.unknown.empty() ? 0 : mask.open[word] & mask.unknown[word];
    };
    RowBuffer& heads = shared_.heads;
    heads.Clear();
    for (std::size_t word = 0; word < mask.open.size(); ++word)
      heads.AddBits(mask.open[word] & ~unknown_of(word), word);
    Admit(heads.Rows().size());
    evaluation_.Take(heads.Rows().size());
    for (const std::uint32_t& row : heads.Rows()) AddMatch(std::span(&row, 1), std::span(&row, 1));
    evaluation_.FindingsOf(index_).known.AddAll(heads.Rows());

    heads.Clear();
    const std::size_t words = unknown == 0 && mask.unknown.empty() ? 0 : mask.open.size();
    for (std::size_t word = 0; word < words; ++word) {
      heads.AddBits(unknown_of(word), word);
      // These may be all rows of a large table, so not all of them are gathered first.
      if (heads.Rows().size() > kUnknownAtOnce) KeepUnknown(heads);
    }
    KeepUnknown(heads);
    CountHeads();
  }

  // Heads of one row each, for which the rule is unknown.
  void KeepUnknown(RowBuffer& heads) {
    evaluation_.Take(heads.Rows().size());
    for (const std::uint32_t& row : heads.Rows()) {
      if (!NoteUnknown(std::span(&row, 1))) break;
    }
    evaluation_.FindingsOf(index_).unknown.AddAll(heads.Rows());
    outcome_.unknown = evaluation_.FindingsOf(index_).unknown.size();
    heads.Clear();
  }

  [[nodiscard]] bool AnyValue(metrics::AttributeId attribute) const {
    const std::size_t rows = shared_.model.RowCount(metrics::Get(attribute).entity);
    for (std::uint32_t row = 0; row < rows; ++row) {
      evaluation_.Take(1);
      if (!metrics::Evaluate(shared_.model, attribute, row).missing()) return true;
    }
    return false;
  }

  // ---------------------------------------------------------------- group by
  struct Keys {
    std::vector<TypedValue> values;
    std::vector<std::string> texts;
    bool missing = false;  // one of them
  };
  // Of the rows that are bound.
  Keys KeysOf(const RuleCode& code) {
    Keys keys;
    for (const Output& output : code.group_keys) {
      GroupKey key = ReadGroupKey(evaluation_, output);
      keys.missing = keys.missing || key.missing;
      keys.texts.push_back(key.value.text);
      keys.values.push_back(std::move(key.value));
    }
    return keys;
  }

  // The group that a rule has in the slot, with this row among its members, whatever its conditions say.
  std::uint32_t GroupWith(RuleIndex of, SlotIndex slot, std::uint32_t row) {
    const BoundRule& rule = shared_.set.rules[of];
    if (!rule.group || rule.group->group != slot) {
      // It is that of a finding from which the rule starts.
      for (const BoundAtom& atom : rule.for_atoms) {
        for (std::size_t i = 0; i < atom.arguments.size(); ++i) {
          if (atom.arguments[i].kind == ExprKind::Slot && atom.arguments[i].slot == slot)
            return GroupWith(atom.rule, shared_.set.rules[atom.rule].head[i], row);
        }
      }
    }
    const Slot& member = rule.slots[rule.group->member];
    const auto keys_of = [&](std::uint32_t one) {
      evaluation_.Bind({});
      evaluation_.At(rule.group->member) = one;
      return KeysOf(shared_.program.rules[of]);
    };
    Keys keys = keys_of(row);
    std::vector<std::uint32_t> rows{row};
    std::vector<metrics::EntityType> types = member.any_of;
    if (types.empty()) types.push_back(*member.type.entity);
    for (const metrics::EntityType& type : types) {
      for (const std::uint32_t other : metrics::RowsOfType(shared_.model, type)) {
        evaluation_.Take(1);
        if (keys.missing) continue;
        const Keys of_other = keys_of(other);
        if (!of_other.missing && of_other.texts == keys.texts) rows.push_back(other);
      }
    }
    std::ranges::sort(rows);
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return GroupId(member.type.entity->entity, std::move(keys.values), std::move(rows));
  }

  // Candidates become groups: rows whose condition is true, by their keys. A missing key makes no group.
  void GroupCandidates() {
    const BoundGroup& group = *rule_.group;
    struct Members {
      std::vector<TypedValue> keys;
      std::vector<std::uint32_t> rows;
    };
    std::map<std::vector<std::string>, Members> groups;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (members_.IsUnknown(i)) {
        NoteUnknown(members_.Rows(i));
        continue;
      }
      evaluation_.Bind(members_.Rows(i));
      Keys keys = KeysOf(code_);
      if (keys.missing) continue;
      Members& members = groups[std::move(keys.texts)];
      members.keys = std::move(keys.values);
      members.rows.push_back(members_.Rows(i)[group.member]);
    }
    const metrics::Entity entity = rule_.slots[group.member].type.entity->entity;
    for (auto& [texts, members] : groups) {
      std::ranges::sort(members.rows);
      members.rows.erase(std::unique(members.rows.begin(), members.rows.end()), members.rows.end());
      evaluation_.Bind({});
      evaluation_.At(group.group) = GroupId(entity, std::move(members.keys), std::move(members.rows));
      const std::size_t once = unknown;
      if (Holds(code_.plan.after_group)) Offer(Rows(), unknown > 0);
      unknown = once;
    }
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
  // Keeps the best candidate of each head: one that is true, with the largest first evidence, with the smallest rows.
  // Its rows are those of the variables.
  void Offer(std::span<const std::uint32_t> rows, bool unknown_here) {
    const bool ranked = !unknown_here && !rule_.evidence.empty() && rule_.evidence.front().value.type.IsNumber();
    const double evidence = ranked ? evaluation_.Number(code_.evidence.front().value) : kMissingNumber;
    const std::size_t known = NumberOf(rows);
    if (known == candidates_.size()) {
      candidates_.Add(rows, unknown_here);
      evidence_.push_back(evidence);
    } else if (IsBetter(rows, unknown_here, evidence, known)) {
      candidates_.Replace(known, rows, unknown_here);
      evidence_[known] = evidence;
    }
  }

  // The candidate with the same head; candidates_.size(): none yet.
  std::size_t NumberOf(std::span<const std::uint32_t> rows) {
    if (rule_.head.size() != 1) {
      std::vector<std::uint32_t> head;
      for (const SlotIndex slot : rule_.head) head.push_back(rows[slot]);
      return by_head_.emplace(std::move(head), candidates_.size()).first->second;
    }
    const std::uint32_t row = rows[rule_.head[0]];
    if (row >= shared_.by_row.size()) shared_.by_row.resize(std::max<std::size_t>(row + 1, 2 * shared_.by_row.size()));
    if (row / 64 >= met_.size()) met_.resize((shared_.by_row.size() + 63) / 64);
    // Rows are met in any order and mostly once: the bits stay in the cache, the numbers do not.
    if (HasBit(met_, row)) return shared_.by_row[row];
    SetBit(met_, row);
    shared_.by_row[row] = static_cast<std::uint32_t>(candidates_.size());
    return candidates_.size();
  }

  bool IsBetter(std::span<const std::uint32_t> rows, bool unknown_here, double evidence, std::size_t best) const {
    if (unknown_here != candidates_.IsUnknown(best)) return candidates_.IsUnknown(best);
    const double of_best = evidence_[best];
    if (std::isnan(evidence) != std::isnan(of_best)) return std::isnan(of_best);
    if (evidence != of_best && !std::isnan(evidence)) return evidence > of_best;
    return std::ranges::lexicographical_compare(rows, candidates_.Rows(best));
  }

  // The candidates by their heads; no two have the same.
  [[nodiscard]] std::vector<std::uint32_t> ByHead() const {
    std::vector<std::uint32_t> order;
    order.reserve(candidates_.size());
    if (rule_.head.size() == 1) {
      ForEachBit(met_, [&](std::uint32_t row) { order.push_back(shared_.by_row[row]); });
      return order;
    }
    order.resize(candidates_.size());
    std::iota(order.begin(), order.end(), 0U);
    const auto before = [this](std::uint32_t a, std::uint32_t b) {
      for (const SlotIndex slot : rule_.head) {
        if (candidates_.Rows(a)[slot] != candidates_.Rows(b)[slot])
          return candidates_.Rows(a)[slot] < candidates_.Rows(b)[slot];
      }
      return false;
    };
    if (!std::ranges::is_sorted(order, before)) std::ranges::sort(order, before);
    return order;
  }

  void KeepHeads() {
    const std::vector<std::uint32_t> order = ByHead();
    const auto found = static_cast<std::size_t>(
        std::ranges::count_if(order, [this](std::uint32_t candidate) { return !candidates_.IsUnknown(candidate); }));
    Admit(found);
    for (const std::uint32_t candidate : order) KeepHead(candidates_.Rows(candidate), candidates_.IsUnknown(candidate));
    CountHeads();
  }

  // Makes room for so many findings; throws if they are more than a rule, or all of them, may have.
  void Admit(std::size_t found) const {
    constexpr std::size_t kMany = 4096;
    const std::size_t most = shared_.options.limits.pack_findings;
    std::vector<Match>& matches = shared_.results.matches;
    if (found > shared_.options.limits.rule_findings) throw GivenUp{Excess::Findings};
    if (found + matches.size() > most) throw GivenUp{Excess::PackFindings};
    // Matches are large, and to move them again and again costs more than to find them. Where they become many there is
    // room for all at once; what is never used of it stays untouched.
    if (found + matches.size() > std::max(matches.capacity(), kMany)) matches.reserve(most);
  }

  void CountHeads() {
    outcome_.matches = shared_.results.matches.size() - shared_.first_match.back();
    std::ranges::sort(outcome_.missing, {}, &MissingInput::name);
  }

  void KeepHead(std::span<const std::uint32_t> rows, bool unknown_here) {
    head_.clear();
    for (const SlotIndex slot : rule_.head) head_.push_back(rows[slot]);
    if (unknown_here) {
      NoteUnknown(rows);
      evaluation_.FindingsOf(index_).unknown.Add(head_);
      return;
    }
    evaluation_.FindingsOf(index_).known.Add(head_);
    AddMatch(head_, rows);
  }

  void AddMatch(std::span<const std::uint32_t> head, std::span<const std::uint32_t> rows) {
    Match& match = shared_.results.matches.emplace_back();
    match.rule = index_;
    match.head.assign(head.begin(), head.end());
    match.witness.assign(rows.begin(), rows.end());
  }

  // Counts a head for which the rule is unknown, and names what is missing for it, unless that was done often enough.
  bool NoteUnknown(std::span<const std::uint32_t> rows) {
    if (++outcome_.unknown > kMissingSamples) return false;
    NameMissing(rows);
    return true;
  }

  void NameMissing(std::span<const std::uint32_t> rows) {
    evaluation_.Bind(rows);
    for (const Step& step : code_.plan.steps) {
      if (step.kind != StepKind::Finding) continue;
      std::vector<std::uint32_t> arguments;
      for (const JoinArgument& argument : step.arguments)
        arguments.push_back(argument.kind == JoinArgument::Kind::Any ? kAnyRow : evaluation_.At(argument.variable));
      if (!evaluation_.Contains(evaluation_.FindingsOf(step.rule).known, arguments))
        AddMissing(shared_.results.outcomes[step.rule].missing);
    }
    evaluation_.CollectMissing(&outcome_.missing);
    named_.resize(code_.plan.conditions.size());
    for (std::size_t i = 0; i < named_.size(); ++i) {
      if (named_[i]) continue;
      const std::size_t before = outcome_.missing.size();
      if (evaluation_.Test(code_.plan.conditions[i]) != Truth::Unknown) {
        outcome_.missing.resize(before);
      } else {
        named_[i] = HasOneInput(code_.plan.conditions[i]);
      }
    }
    evaluation_.CollectMissing(nullptr);
  }

  // An attribute of a row that is bound, compared with a number that is never missing: there is nothing else to name.
  [[nodiscard]] bool HasOneInput(Ref condition) const {
    const std::vector<Instruction>& all = shared_.program.code.instructions;
    const auto threshold = shared_.program.code.ThresholdOf(all[condition]);
    if (!threshold) return false;
    const Instruction& number = all[all[condition].operands[1 - *threshold]];
    const Op fixed = all[all[condition].operands[*threshold]].op;
    if ((fixed != Op::Constant && fixed != Op::Param) || number.op != Op::Attribute) return false;
    const Instruction& row = all[number.operands[0]];
    return row.op == Op::Variable && evaluation_.At(row.variable) != kUnboundSlot;
  }

  void AddMissing(const std::vector<MissingInput>& missing) {
    for (const MissingInput& input : missing) {
      if (std::ranges::find(outcome_.missing, input) == outcome_.missing.end()) outcome_.missing.push_back(input);
    }
  }

  Shared& shared_;
  Evaluation& evaluation_;
  RuleIndex index_;
  const BoundRule& rule_;
  const RuleCode& code_;
  RuleOutcome& outcome_;
  Candidates members_;            // before `group by`
  Candidates candidates_;         // one a head
  std::vector<double> evidence_;  // of each candidate that is true, by which it is ranked
  Bits met_;                      // of a rule with one argument: rows that are the head of a candidate
  // Which candidate has a head of several arguments; of one: Shared::by_row.
  std::unordered_map<std::vector<std::uint32_t>, std::size_t, HashRows> by_head_;
  std::vector<bool> named_;          // conditions of which everything that can be missing is named
  std::vector<std::uint32_t> head_;  // scratch
};

// ---------------------------------------------------------------- what a match says
class Describer {
 public:
  explicit Describer(Shared& shared) : shared_(shared), evaluation_(shared.evaluation) {}

  void Describe(Match& match) {
    const BoundRule& rule = shared_.set.rules[match.rule];
    const RuleCode& code = shared_.program.rules[match.rule];
    evaluation_.Bind(match.witness);
    match.confidence = Confidence(code);
    for (std::size_t i = 0; i < rule.severity.size() && !match.severity; ++i) {
      if (Holds(code.severity[i])) match.severity = rule.severity[i].level;
    }
    if (code.costs != kNone) {
      if (const double costs = evaluation_.Number(code.costs); !std::isnan(costs)) match.costs_ms = costs;
    }
    for (const Step& step : code.plan.steps) {
      if (step.kind == StepKind::Finding) AddJoined(step, match.reads);
    }
    for (const AtomCode& atom : code.explains) AddMatches(atom, match.explains);
    if (rule.disabled && !Lapsed(rule.disabled_until_ms)) {
      match.is_suppressed = true;
      match.suppressed = rule.disabled_because.empty() ? "the rule is disabled" : rule.disabled_because;
    }
    if (shared_.options.texts) Word(rule, code, match);
  }

  // After all rules: relations may name rules of the same layer.
  void Relate(Match& match) {
    const BoundRule& rule = shared_.set.rules[match.rule];
    evaluation_.Bind(match.witness);
    for (std::size_t i = 0; i < rule.relations.size(); ++i) {
      std::vector<std::uint32_t> others;
      AddMatches(shared_.program.rules[match.rule].relations[i], others);
      for (const std::uint32_t other : others) match.relations.push_back({rule.relations[i].relation, other});
    }
  }

  [[nodiscard]] std::pair<std::size_t, std::size_t> MatchesOf(RuleIndex rule) const {
    const std::size_t end =
        rule + 1 < shared_.first_match.size() ? shared_.first_match[rule + 1] : shared_.results.matches.size();
    return {shared_.first_match[rule], end};
  }

  void ListEnabledAgain() {
    for (std::size_t rule = 0; rule < shared_.set.rules.size(); ++rule) {
      if (shared_.set.rules[rule].disabled && Lapsed(shared_.set.rules[rule].disabled_until_ms))
        shared_.results.enabled_again.push_back(static_cast<RuleIndex>(rule));
    }
  }

  void Suppress(const BoundSuppression& suppression, const std::vector<Ref>& conditions) {
    SuppressionUse& use = shared_.results.suppressions.emplace_back();
    use.lapsed = Lapsed(suppression.until_ms);
    if (use.lapsed) return;
    std::vector<std::size_t> hidden;
    const auto excess = shared_.Try([&] {
      const auto [begin, end] = MatchesOf(suppression.rule);
      for (std::size_t i = begin; i < end; ++i) {
        const Match& match = shared_.results.matches[i];
        evaluation_.Take(1);
        evaluation_.Bind({});
        for (std::size_t k = 0; k < match.head.size(); ++k) {
          if (suppression.arguments[k]) evaluation_.At(*suppression.arguments[k]) = match.head[k];
        }
        if (std::ranges::all_of(conditions, [&](Ref condition) { return Holds(condition); })) hidden.push_back(i);
      }
    });
    use.given_up = excess.has_value();
    if (use.given_up) return;
    use.hidden = hidden.size();
    for (const std::size_t i : hidden) {
      shared_.results.matches[i].is_suppressed = true;
      shared_.results.matches[i].suppressed = suppression.reason;
    }
  }

 private:
  // A case without condition always holds.
  bool Holds(Ref condition) { return condition == kNone || evaluation_.Test(condition) == Truth::True; }

  double Confidence(const RuleCode& code) {
    for (const GuardedCode& one : code.confidence) {
      if (!Holds(one.condition)) continue;
      const double confidence = evaluation_.Number(one.value);
      if (!std::isnan(confidence)) return std::clamp(confidence, 0.0, 1.0);
    }
    // The cases that were stated do not hold: the least of what is known.
    return code.confidence.empty() ? kConfidenceHigh : kConfidenceLow;
  }

  void Word(const BoundRule& rule, const RuleCode& code, Match& match) {
    for (std::size_t i = 0; i < rule.evidence.size(); ++i)
      match.evidence.push_back({rule.evidence[i].name, evaluation_.Typed(code.evidence[i])});
    match.title = evaluation_.Text(code.title);
    match.message = evaluation_.Text(code.message);
    match.fix = evaluation_.Text(code.fix);
    for (std::size_t i = 0; i < rule.changes.size(); ++i) {
      const BoundChange& change = rule.changes[i];
      ChangeValue value{change.kind, change.key, std::nullopt, evaluation_.Text(code.changes[i].text), change.scope};
      if (code.changes[i].value) value.value = evaluation_.Typed(*code.changes[i].value);
      match.changes.push_back(std::move(value));
    }
    for (std::size_t i = 0; i < rule.conjuncts.size(); ++i) {
      const Conjunct& conjunct = rule.conjuncts[i];
      if (!conjunct.before_group) match.conditions.push_back(ValuesOf(conjunct.text, code.conditions[i]));
    }
    for (std::size_t i = 0; i < rule.rules_out.size(); ++i) {
      const RuledOutCode& other = code.rules_out[i];
      if (!std::ranges::all_of(other.conditions, [&](const ConditionCode& one) { return Holds(one.test); })) continue;
      RuledOutValue& value = match.ruled_out.emplace_back();
      value.rule = rule.rules_out[i].rule;
      value.phrase = rule.rules_out[i].phrase;
      value.because = evaluation_.Text(other.because);
      for (std::size_t k = 0; k < other.conditions.size(); ++k)
        value.conditions.push_back(ValuesOf(rule.rules_out[i].conditions[k].name, other.conditions[k]));
    }
  }

  ConditionValue ValuesOf(const std::string& text, const ConditionCode& condition) {
    if (!condition.right) return {text, std::nullopt, std::nullopt};
    return {text, evaluation_.Typed(*condition.left), evaluation_.Typed(*condition.right)};
  }

  // Matches of the atom's rule with these arguments, each once.
  void AddMatches(const AtomCode& atom, std::vector<std::uint32_t>& into) {
    std::vector<std::uint32_t> arguments;
    for (const Ref argument : atom.arguments) {
      arguments.push_back(argument == kNone ? kAnyRow : evaluation_.Row(argument));
      if (arguments.back() == kUnboundSlot) return;
    }
    Add(atom.rule, arguments, into);
  }
  void AddJoined(const Step& step, std::vector<std::uint32_t>& into) {
    std::vector<std::uint32_t> arguments;
    for (const JoinArgument& argument : step.arguments)
      arguments.push_back(argument.kind == JoinArgument::Kind::Any ? kAnyRow : evaluation_.At(argument.variable));
    // After `group by` the joined variables have no rows of their own.
    if (std::ranges::find(arguments, kUnboundSlot) == arguments.end()) Add(step.rule, arguments, into);
  }
  void Add(RuleIndex rule, const std::vector<std::uint32_t>& arguments, std::vector<std::uint32_t>& into) {
    const auto first = static_cast<std::uint32_t>(MatchesOf(rule).first);
    for (const std::uint32_t found : evaluation_.Find(evaluation_.FindingsOf(rule).known, arguments))
      into.push_back(first + found);
    std::ranges::sort(into);
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
  Evaluation& evaluation_;
};

}  // namespace

MatchResults MatchAll(const RuleSet& set, const model::JobModel& model, const MatchOptions& options) {
  Shared shared(set, model, options);
  Describer describer(shared);
  std::vector<Match>& matches = shared.results.matches;
  for (std::size_t rule = 0; rule < set.rules.size(); ++rule) {
    const std::size_t first = matches.size();
    shared.first_match.push_back(first);
    const std::uint64_t taken = shared.results.steps;
    const auto excess = shared.Try([&] {
      RuleMatcher matcher(shared, static_cast<RuleIndex>(rule));
      matcher.Run();
      matcher.Give();
      for (std::size_t match = first; match < matches.size(); ++match) describer.Describe(matches[match]);
    });
    shared.evaluation.steps_of_rules().push_back(shared.results.steps - taken);
    shared.evaluation.Forget(shared.program.rules[rule].plan);
    if (!excess) continue;
    // What reads the rule does not know whether it would have found something.
    matches.resize(first);
    FindingsOfRule& findings = shared.evaluation.FindingsOf(static_cast<RuleIndex>(rule));
    findings.known.Reset(set.rules[rule].head.size());
    findings.all_unknown = true;
    shared.results.outcomes[rule] = {
        .kind = OutcomeKind::TooMany, .missing = {{set.rules[rule].Id(), "the rule was given up"}}, .excess = *excess};
  }
  for (std::size_t rule = 0; rule < set.rules.size(); ++rule) {
    if (set.rules[rule].relations.empty()) continue;
    const auto [first, last] = describer.MatchesOf(static_cast<RuleIndex>(rule));
    const auto excess = shared.Try([&, begin = first, end = last] {
      for (std::size_t match = begin; match < end; ++match) describer.Relate(matches[match]);
    });
    if (!excess) continue;
    // An advice with so many relations cannot be weighed against the others. No rule reads it, so it may still go.
    for (std::size_t match = first; match < last; ++match) {
      matches[match].relations.clear();
      matches[match].is_suppressed = true;
      matches[match].suppressed = "the rule was given up";
    }
    shared.results.outcomes[rule] = {.kind = OutcomeKind::TooMany, .excess = *excess};
  }
  for (std::size_t i = 0; i < set.suppressions.size(); ++i)
    describer.Suppress(set.suppressions[i], shared.program.suppressions[i]);
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
MatchReader::MatchReader(const MatchResults& results) : evaluation_(*results.evaluation) {
  evaluation_.Read(results.groups, results);
}
MatchReader::~MatchReader() { evaluation_.Use(evaluation_.set().program.code); }

TypedValue MatchReader::Value(const Match& match, const BoundExpr& expr, const std::vector<Slot>& slots) const {
  if (late_ == nullptr) late_ = std::make_unique<LateLowerer>(evaluation_.set());
  const Output output = late_->Print(expr, slots);
  evaluation_.Use(late_->code());
  evaluation_.Allow(StepsOfRule(Limits(), RowsOf(evaluation_.model())));
  evaluation_.Bind(match.witness);
  try {
    return evaluation_.Typed(output);
  } catch (const GivenUp&) {
    return {};
  }
}

}  // namespace advise::rules
