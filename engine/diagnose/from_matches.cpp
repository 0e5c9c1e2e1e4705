// Makes a finding of each match: its subject, evidence, pieces of the critical path and the time they bound, and the
// look-alikes that its rule ruled out.
#include "diagnose/from_matches.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

#include "diagnose/cost.h"
#include "metrics/evaluate.h"
#include "support/text.h"
#include "support/typed_value.h"

namespace advise::diagnose {
namespace {

using model::Entity;
using model::JobModel;
using rules::BoundExpr;
using rules::BoundRule;
using rules::ExprKind;
using rules::Match;

// What one slot of a match stands for.
struct Bound {
  Entity entity = Entity::App;
  bool group = false;
  std::uint32_t row = 0;  // of the entity, or an index in MatchResults::groups
};

// Reads one match; all three outlive it.
class MatchView {
 public:
  MatchView(const rules::RuleSet& set, const rules::MatchResults& results, const JobModel& model, const Match& match)
      : results_(results), model_(model), match_(match), rule_(set.rules[match.rule]) {}

  [[nodiscard]] const BoundRule& rule() const { return rule_; }

  [[nodiscard]] std::vector<Bound> Head() const {
    std::vector<Bound> head;
    for (std::size_t i = 0; i < match_.head.size(); ++i)
      head.push_back(BoundTo(rule_.slots[rule_.head[i]], match_.head[i]));
    return head;
  }
  // What the rule's own variables stand for in the best witness.
  [[nodiscard]] std::vector<Bound> Witness() const {
    std::vector<Bound> bound;
    for (std::size_t i = 0; i < rule_.slots.size() && i < match_.witness.size(); ++i) {
      if (match_.witness[i] == rules::kUnboundSlot) continue;
      bound.push_back(BoundTo(rule_.slots[i], match_.witness[i]));
    }
    return bound;
  }

  [[nodiscard]] std::vector<SubjectPart> Subject() const {
    std::vector<SubjectPart> parts;
    for (const Bound& bound : Head()) AddPart(parts, bound);
    return parts;
  }

  // Stages and gaps in which the entity spends its time.
  void AddPieces(std::set<PathPiece>& pieces, const Bound& bound) const {
    if (bound.group) {
      const rules::GroupRow& group = results_.groups[bound.row];
      for (const std::uint32_t member : group.members) AddPieces(pieces, {group.entity, false, member});
      return;
    }
    const auto add_stages = [&](auto stages) {
      for (const model::StageRow stage : stages) pieces.emplace(Entity::Stage, stage.index);
    };
    switch (bound.entity) {
      case Entity::Stage:
      case Entity::Gap: pieces.emplace(bound.entity, bound.row); break;
      case Entity::Task:
        if (model_.tasks.stage.Get(bound.row).valid())
          pieces.emplace(Entity::Stage, model_.tasks.stage.Get(bound.row).index);
        break;
      case Entity::Job: add_stages(model_.jobs.stages.Get(bound.row)); break;
      case Entity::SqlExecution: add_stages(model_.sql_executions.stages.Get(bound.row)); break;
      case Entity::PlanNode: add_stages(model_.plan_nodes.stages.Get(bound.row)); break;
      case Entity::Shuffle:
        if (model_.shuffles.to.Has(bound.row)) pieces.emplace(Entity::Stage, model_.shuffles.to.Get(bound.row).index);
        break;
      // Where the time of these lies on the path is not known.
      case Entity::App:
      case Entity::Executor:
      case Entity::Host:
      case Entity::CachedRdd:
      case Entity::Incident: break;
    }
  }

 private:
  static Bound BoundTo(const rules::Slot& slot, std::uint32_t row) {
    const bool group = slot.type.kind == rules::TypeKind::Group;
    return {slot.type.entity ? slot.type.entity->entity : Entity::App, group, row};
  }

  static std::string_view RoleOf(Entity entity) {
    switch (entity) {
      case Entity::App: return "app";
      case Entity::Job: return "job";
      case Entity::Stage: return "stage";
      case Entity::Task: return "task";
      case Entity::Executor: return "executor";
      case Entity::Host: return "host";
      case Entity::SqlExecution: return "sql_execution";
      case Entity::PlanNode: return "node";
      case Entity::Shuffle: return "shuffle";
      case Entity::Gap: return "gap";
      case Entity::CachedRdd: return "cached_rdd";
      case Entity::Incident: return "incident";
    }
    return "";
  }

  static void Push(std::vector<SubjectPart>& parts, SubjectPart part) {
    const std::string role = part.role;
    for (int n = 2; std::ranges::find(parts, part.role, &SubjectPart::role) != parts.end(); ++n)
      part.role = role + "_" + std::to_string(n);
    parts.push_back(std::move(part));
  }

  void AddPart(std::vector<SubjectPart>& parts, const Bound& bound) const {
    const std::string role(RoleOf(bound.entity));
    if (bound.group) {
      std::string keys;
      for (const TypedValue& key : results_.groups[bound.row].keys)
        keys += (keys.empty() ? "" : ",") + PrintValue(key).value_or("unknown");
      const std::uint32_t first = results_.groups[bound.row].members.front();  // a group is never empty
      Push(parts, {role + "_group", bound.entity, first, std::move(keys), std::nullopt, true});
      return;
    }
    std::string key = metrics::EntityKey(model_, bound.entity, bound.row);
    Push(parts, {role, bound.entity, bound.row, std::move(key), NumberOf(bound)});
    if (bound.entity == Entity::Stage && model_.stages.attempt.Get(bound.row) > 0) {
      const std::int64_t attempt = model_.stages.attempt.Get(bound.row);
      Push(parts, {"attempt", Entity::App, 0, std::to_string(attempt), attempt});
    }
    if (bound.entity == Entity::PlanNode && model_.plan_nodes.sql_execution.Has(bound.row)) {
      const model::SqlRow sql = model_.plan_nodes.sql_execution.Get(bound.row);
      Push(parts,
           {"sql_execution", Entity::SqlExecution, sql.index,
            metrics::EntityKey(model_, Entity::SqlExecution, sql.index), model_.sql_executions.id.Get(sql.index)});
    }
  }

  [[nodiscard]] std::optional<std::int64_t> NumberOf(const Bound& bound) const {
    const auto of = [&](const auto& column) -> std::optional<std::int64_t> {
      if (!column.Has(bound.row)) return std::nullopt;
      return column.Get(bound.row);
    };
    switch (bound.entity) {
      case Entity::Job: return of(model_.jobs.id);
      case Entity::Stage: return of(model_.stages.id);
      case Entity::Task: return of(model_.tasks.id);
      case Entity::SqlExecution: return of(model_.sql_executions.id);
      case Entity::PlanNode: return of(model_.plan_nodes.id);
      case Entity::Shuffle: return of(model_.shuffles.id);
      case Entity::Gap: return of(model_.gaps.id);
      case Entity::CachedRdd: return of(model_.cached_rdds.id);
      case Entity::App:
      case Entity::Executor:
      case Entity::Host:
      case Entity::Incident: return std::nullopt;
    }
    return std::nullopt;
  }

  const rules::MatchResults& results_;
  const JobModel& model_;
  const Match& match_;
  const BoundRule& rule_;
};

// The pieces of the critical path that a match itself is about: the stages and gaps of its head; else those of what its
// other entities touch; a head that says nothing (driver_gaps()) leaves the best witness.
std::set<PathPiece> OwnPieces(const MatchView& view) {
  const std::vector<Bound> head = view.Head();
  std::set<PathPiece> pieces;
  const auto timed = [](const Bound& bound) { return bound.entity == Entity::Stage || bound.entity == Entity::Gap; };
  for (const Bound& bound : head) {
    if (timed(bound)) view.AddPieces(pieces, bound);
  }
  if (!pieces.empty()) return pieces;
  for (const Bound& bound : head) view.AddPieces(pieces, bound);
  if (!pieces.empty() || !head.empty()) return pieces;
  for (const Bound& bound : view.Witness()) {
    if (timed(bound)) view.AddPieces(pieces, bound);
  }
  return pieces;
}

// The same, and of a match about nothing else those of the findings that it reads.
std::set<PathPiece> PiecesOf(const rules::RuleSet& set, const rules::MatchResults& results, const JobModel& model,
                             const Match& match) {
  const MatchView view(set, results, model, match);
  std::set<PathPiece> pieces = OwnPieces(view);
  if (!pieces.empty() || !view.Head().empty()) return pieces;
  for (const std::uint32_t lower : match.reads) pieces.merge(PiecesOf(set, results, model, results.matches[lower]));
  return pieces;
}

// Where nothing in the head has a time (executors, the application): the pieces of the findings that it explains, for
// folding must not hide what they cost.
std::set<PathPiece> PiecesOfExplained(const rules::RuleSet& set, const rules::MatchResults& results,
                                      const JobModel& model, const Match& match) {
  std::set<PathPiece> pieces;
  for (const std::uint32_t other : match.explains) pieces.merge(PiecesOf(set, results, model, results.matches[other]));
  return pieces;
}

// A finding about task attempts cannot cost more than they ran, whatever else their stages did: the sum of their
// durations. nullopt: the match is about something else, or a duration is missing.
std::optional<std::int64_t> TimeOfTasks(const rules::MatchResults& results, const JobModel& model,
                                        const std::vector<Bound>& head) {
  if (head.size() != 1 || head.front().entity != Entity::Task) return std::nullopt;
  std::vector<std::uint32_t> rows{head.front().row};
  if (head.front().group) rows = results.groups[head.front().row].members;
  std::int64_t sum = 0;
  for (const std::uint32_t row : rows) {
    if (!model.tasks.duration.Has(row)) return std::nullopt;
    sum += model.tasks.duration.Get(row);
  }
  return sum;
}

// nullopt: not known, as in the job of a test that does not give it.
std::optional<std::int64_t> CriticalTime(const JobModel& model, const PathPiece& piece) {
  const auto& column = piece.first == Entity::Stage ? model.stages.critical_time : model.gaps.critical_time;
  if (!column.Has(piece.second)) return std::nullopt;
  return column.Get(piece.second);
}

Evidence ReadEvidence(const rules::EvidenceValue& item) {
  Evidence evidence;
  evidence.name = item.name;
  evidence.unit = UnitText(item.value.form);
  evidence.text = PrintValue(item.value).value_or("unknown");
  switch (item.value.form) {
    case ValueForm::Missing: break;
    case ValueForm::Text:
    case ValueForm::Word:
    case ValueForm::Version:
    case ValueForm::Entity: evidence.text_value = item.value.text; break;
    case ValueForm::Bool: evidence.text_value = evidence.text; break;
    default: evidence.number = item.value.number;
  }
  return evidence;
}

// `where not skewed_join(s, _)`: the look-alikes that the rule itself excludes.
std::vector<RuledOut> RuledOutBy(const rules::RuleSet& set, const BoundRule& rule) {
  std::vector<RuledOut> ruled_out;
  for (const rules::Conjunct& conjunct : rule.conjuncts) {
    const BoundExpr& condition = conjunct.condition;
    if (condition.kind != ExprKind::Not || condition.operands.empty() ||
        condition.operands.front().kind != ExprKind::Atom)
      continue;
    const BoundRule& other = set.rules[condition.operands.front().rule];
    if (other.layer == Layer::Advice) continue;
    ruled_out.push_back({other.Id(), "no such finding here"});
  }
  return ruled_out;
}

// What the rule's `rules out` clauses found; they say more than the rule's conditions on other findings.
void AddTested(const rules::Match& match, std::vector<RuledOut>& ruled_out) {
  for (const rules::RuledOutValue& tested : match.ruled_out) {
    RuledOut other;
    other.rule = tested.rule;
    other.phrase = tested.phrase;
    for (const rules::ConditionValue& condition : tested.conditions) {
      if (condition.left) other.values.push_back(ReadEvidence({condition.text, *condition.left}));
    }
    other.because = PrintWholeText(tested.because).value_or("");
    if (other.because.empty()) {
      other.because =
          Join(other.values, ", ", [](const Evidence& value) { return value.name + " (" + value.text + ")"; });
    }
    std::erase_if(ruled_out, [&](const RuledOut& known) { return !other.rule.empty() && known.rule == other.rule; });
    ruled_out.push_back(std::move(other));
  }
}

// The first sentence of a message, for rules without a title.
std::string FirstSentence(std::string_view message) {
  for (std::size_t i = 0; i + 1 < message.size(); ++i) {
    if (message[i] == '.' && message[i + 1] == ' ') return std::string(message.substr(0, i));
  }
  while (message.ends_with('.')) message.remove_suffix(1);
  return std::string(message);
}

// Symptoms and causes alone; advices become recommendations.
bool IsFinding(const rules::RuleSet& set, const Match& match) {
  return set.rules[match.rule].layer != Layer::Advice && !match.is_suppressed;
}

// Nor is it worth more than what it explains is worth in all.
void BoundByExplained(std::vector<Finding>& findings, std::size_t number) {
  Finding& finding = findings[number];
  if (finding.explains.empty()) return;
  std::int64_t sum = 0;
  for (const std::string& id : finding.explains) {
    const auto explained = std::ranges::find(findings, id, &Finding::id);
    if (explained == findings.end() || !explained->impact.high) return;
    sum += *explained->impact.high;
  }
  if (finding.impact.high) finding.impact.high = std::min(sum, *finding.impact.high);
}

// What rules say themselves that their findings cost. Returns for which findings that is so.
std::vector<bool> TakeStatedCosts(const rules::RuleSet& rules, const rules::MatchResults& results,
                                  const JobModel& model, std::vector<Finding>& findings) {
  std::vector<bool> stated(findings.size());
  std::vector<std::size_t> numbers;
  std::vector<Cost> costs;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    auto cost = CostOf(rules, results, results.matches[findings[i].match], model);
    if (!cost) continue;
    numbers.push_back(i);
    costs.push_back(std::move(*cost));
  }
  const std::vector<std::int64_t> clipped = ClipCosts(model.ledger, costs);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    Finding& finding = findings[numbers[i]];
    finding.impact.high = (clipped[i] + kMicros / 2) / kMicros;
    costs[i].us = clipped[i];
    finding.cost = std::move(costs[i]);
    stated[numbers[i]] = true;
  }
  return stated;
}

// Without a stated cost: the time on the critical path, wherever its stages and gaps spent it.
void TakeCostOfPath(const JobModel& model, Finding& finding) {
  if (!model.ledger.known || !finding.impact.high || finding.path.empty()) return;
  Cost cost{*finding.impact.high * kMicros, {}};
  for (const PathPiece& piece : finding.path) {
    CostPlace place{ActiveParts(), {}, {}};
    if (piece.first == Entity::Stage) place.stage = model::StageRow(std::size_t{piece.second});
    if (piece.first == Entity::Gap) place.gap = model::GapRow(std::size_t{piece.second});
    cost.places.push_back(place);
  }
  finding.cost = std::move(cost);
}

// Why a rule was given up, and what to write instead.
std::string WhyGivenUp(rules::Excess excess) {
  switch (excess) {
    case rules::Excess::Steps:
      return std::string(kGivenUp) +
             ": too many rows, members or findings to look at in this run; join its variables by an edge or by `=`, "
             "and "
             "test each of them alone where that is possible";
    case rules::Excess::Findings:
      return std::string(kGivenUp) +
             ": too many findings in this run; report what they have in common (a stage instead of its tasks), or "
             "group "
             "them";
    case rules::Excess::PackSteps:
      return std::string(kGivenUp) + ": the rules before it took all the steps that rules may take on this run";
    case rules::Excess::PackFindings:
      return std::string(kGivenUp) + ": the rules before it found all that is reported of one run";
  }
  return {};
}

}  // namespace

std::string FindingId(const rules::RuleSet& rules, const JobModel& model, const rules::MatchResults& results,
                      const Match& match) {
  std::string id = rules::MatchId(rules, model, results, match);
  for (std::size_t at = id.find(", "); at != std::string::npos; at = id.find(", ", at)) id.erase(at + 1, 1);
  return id;
}

std::vector<Finding> FromMatches(const rules::RuleSet& rules, const rules::MatchResults& results,
                                 const JobModel& model) {
  std::vector<Finding> findings;
  std::vector<std::size_t> by_explained;  // those whose time is that of what they explain
  for (std::size_t i = 0; i < results.matches.size(); ++i) {
    const Match& match = results.matches[i];
    if (!IsFinding(rules, match)) continue;
    const BoundRule& rule = rules.rules[match.rule];
    Finding finding;
    finding.match = i;
    finding.id = FindingId(rules, model, results, match);
    finding.rule = rule.Id();
    finding.layer = rule.layer;
    finding.category = rule.category;
    finding.severity_bound = match.severity;
    finding.confidence = match.confidence;
    finding.subject = MatchView(rules, results, model, match).Subject();
    finding.message = PrintText(match.message);
    finding.title = match.title.empty() ? FirstSentence(finding.message) : PrintText(match.title);
    if (finding.title.empty()) finding.title = finding.id;
    for (const rules::EvidenceValue& item : match.evidence) finding.evidence.push_back(ReadEvidence(item));
    std::set<PathPiece> pieces = OwnPieces(MatchView(rules, results, model, match));
    if (pieces.empty()) {
      pieces = PiecesOf(rules, results, model, match);
      if (pieces.empty()) pieces = PiecesOfExplained(rules, results, model, match);
      if (!pieces.empty()) by_explained.push_back(findings.size());
    }
    for (const PathPiece& piece : pieces) {
      finding.path.push_back(piece);
      if (const auto time = CriticalTime(model, piece)) finding.impact.high = finding.impact.high.value_or(0) + *time;
    }
    const auto tasks = TimeOfTasks(results, model, MatchView(rules, results, model, match).Head());
    if (tasks && finding.impact.high) finding.impact.high = std::min(*tasks, *finding.impact.high);
    for (const std::uint32_t other : match.explains) {
      if (IsFinding(rules, results.matches[other]))
        finding.explains.push_back(FindingId(rules, model, results, results.matches[other]));
    }
    finding.ruled_out = RuledOutBy(rules, rule);
    AddTested(match, finding.ruled_out);
    findings.push_back(std::move(finding));
  }
  const std::vector<bool> stated = TakeStatedCosts(rules, results, model, findings);
  for (const std::size_t i : by_explained) {
    if (!stated[i]) BoundByExplained(findings, i);
  }
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (!stated[i]) TakeCostOfPath(model, findings[i]);
  }
  return findings;
}

namespace {

// "SqlExecution" is "SQL executions".
std::string PluralOf(Entity entity) {
  if (entity == Entity::SqlExecution) return "SQL executions";
  if (entity == Entity::CachedRdd) return "cached RDDs";
  std::string words;
  for (const char c : model::EntityName(entity)) {
    const bool capital = c >= 'A' && c <= 'Z';
    if (capital && !words.empty()) words += ' ';
    words += Lower(c);
  }
  return words + "s";
}

// "3 of 50 stages" where the rule is unknown for some of the things that it is about, and decided for the others.
// Empty: it is unknown for all of them, or they cannot be counted (of groups, pairs and the application there is
// nothing else).
std::string PartOf(const BoundRule& rule, const rules::RuleOutcome& outcome, const JobModel& model) {
  if (rule.head.size() != 1 || outcome.all_unknown) return "";
  const rules::Slot& slot = rule.slots[rule.head[0]];
  if (slot.type.kind != rules::TypeKind::Entity || !slot.type.entity || slot.type.entity->entity == Entity::App)
    return "";
  const Entity entity = slot.type.entity->entity;
  std::size_t all = model.RowCount(entity);
  if (const auto kind = slot.type.entity->node_kind) {
    all = 0;
    for (std::size_t row = 0; row < model.plan_nodes.size(); ++row) {
      if (model.plan_nodes.kind.Has(row) && model::IsA(model.plan_nodes.kind.Get(row), *kind)) ++all;
    }
  }
  if (outcome.unknown >= all) return "";
  return std::to_string(outcome.unknown) + " of " + std::to_string(all) + " " + PluralOf(entity);
}

}  // namespace

Coverage CoverageOf(const rules::RuleSet& rules, const rules::MatchResults& results, const JobModel* model) {
  Coverage coverage;
  std::map<std::tuple<std::vector<std::string>, std::string, std::string>, std::vector<std::string>> groups;
  for (std::size_t i = 0; i < results.outcomes.size() && i < rules.rules.size(); ++i) {
    const rules::RuleOutcome& outcome = results.outcomes[i];
    const BoundRule& rule = rules.rules[i];
    const bool on_again = std::ranges::find(results.enabled_again, i) != results.enabled_again.end();
    if (rule.disabled && !on_again) continue;
    const bool advice = rule.layer == Layer::Advice;
    // An advice whose cause did not hold has nothing to say, whatever it lacks.
    const bool lacks = outcome.kind == rules::OutcomeKind::NeedsMissing
                           ? !advice
                           : outcome.unknown > 0 && !outcome.missing.empty() && outcome.matches == 0;
    if (lacks || outcome.kind == rules::OutcomeKind::TooMany) {
      std::vector<std::string> missing;
      std::string because;
      for (const rules::MissingInput& input : outcome.missing) {
        missing.push_back(input.name);
        if (because.find(input.why) == std::string::npos) because += (because.empty() ? "" : "; ") + input.why;
      }
      if (outcome.kind == rules::OutcomeKind::TooMany) {
        missing.clear();
        because = WhyGivenUp(outcome.excess);
      }
      std::string part;
      if (lacks && outcome.kind == rules::OutcomeKind::Evaluated && model != nullptr)
        part = PartOf(rule, outcome, *model);
      groups[{missing, because, part}].push_back(rule.Id());
      if (!part.empty() && !advice) ++coverage.evaluated;
      continue;
    }
    if (advice || outcome.kind == rules::OutcomeKind::NotApplicable) continue;
    ++coverage.evaluated;
    if (rule.layer != Layer::Cause || outcome.matches > 0) continue;
    coverage.silent_causes.push_back(rule.Id());
    for (const std::string& tag : rule.tags) {
      if (std::ranges::find(coverage.silent_areas, tag) == coverage.silent_areas.end())
        coverage.silent_areas.push_back(tag);
    }
  }
  for (const auto& [reason, names] : groups)
    coverage.not_evaluated.push_back({names, std::get<0>(reason), std::get<1>(reason), std::get<2>(reason)});
  std::ranges::stable_sort(coverage.not_evaluated, [](const NotEvaluated& a, const NotEvaluated& b) {
    return a.rules.size() > b.rules.size();
  });
  for (NotEvaluated& group : coverage.not_evaluated) std::ranges::sort(group.rules);
  std::ranges::sort(coverage.silent_causes);
  return coverage;
}

}  // namespace advise::diagnose
