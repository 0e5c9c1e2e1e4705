// Walks the expressions of the rule with the rows of the match in hand and notes what they read; then givens are made
// of the notes.
#include "workbench/from_log/given_facts.h"

#include <algorithm>
#include <cmath>
#include <compare>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "metrics/catalogue.h"
#include "metrics/evaluate.h"
#include "metrics/sql_metric_values.h"
#include "model/effective_setting.h"

namespace advise::workbench {
namespace {

using metrics::Attribute;
using metrics::AttributeId;
using metrics::ValueKind;
using model::Entity;
using rules::BoundExpr;
using rules::BoundRule;
using rules::ExprKind;
using rules::GivenCell;
using EntityRow = std::pair<Entity, std::uint32_t>;

constexpr std::size_t kMostNeighbours = 64;  // along one edge of a pattern
constexpr std::size_t kMostMembers = 64;    // entities of one set, other than tasks

struct Rows {
  Entity entity = Entity::App;
  std::vector<std::uint32_t> rows;
};

// An edge of the run that a pattern uses.
struct LinkFact {
  metrics::EdgeKind kind{};
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  std::uint32_t edge = 0;
  friend auto operator<=>(const LinkFact&, const LinkFact&) = default;
};

// A SQL metric as a rule names it.
struct MetricName {
  std::string name;
  metrics::SqlMetricKind kind{};
  metrics::SqlMetricPart part{};
  friend auto operator<=>(const MetricName&, const MetricName&) = default;
};

class Notes {
 public:
  Notes(const rules::RuleSet& set, const rules::MatchResults& results, const model::JobModel& model)
      : set_(set), results_(results), model_(model) {}

  void AddMatch(std::size_t index) {
    if (!matches_.insert(index).second) return;
    const rules::Match& match = results_.matches[index];
    const BoundRule& rule = set_.rules[match.rule];
    slots_.clear();
    for (rules::SlotIndex slot = 0; slot < rule.slots.size() && slot < match.witness.size(); ++slot)
      BindSlot(rule, match, slot);
    if (rule.group) slots_[rule.group->member] = slots_[rule.group->group];
    for (std::size_t pass = 0; pass < rule.match.edges.size(); ++pass) {
      for (const rules::PatternEdge& edge : rule.match.edges) AddEdge(edge);
    }
    if (rule.group) {
      for (const BoundExpr& key : rule.group->keys) AddExpr(key);
    }
    for (const rules::Conjunct& conjunct : rule.conjuncts) AddExpr(conjunct.condition);
    for (const std::uint32_t lower : match.reads) AddMatch(lower);
  }

  std::map<EntityRow, std::string> entities;                // with the name that a rule gives them, or none
  std::map<EntityRow, std::set<AttributeId>> read;          // what is read of them; of tasks: by their stage
  std::map<std::uint32_t, std::set<AttributeId>> of_tasks;  // of a stage
  std::map<std::uint32_t, std::set<MetricName>> metrics;    // that are read of a node
  std::set<LinkFact> links;
  std::map<std::string, std::string> settings;

 private:
  void BindSlot(const BoundRule& rule, const rules::Match& match, rules::SlotIndex slot) {
    const rules::Type& type = rule.slots[slot].type;
    if (!type.entity || match.witness[slot] == rules::kUnboundSlot) return;
    Rows rows{type.entity->entity, {match.witness[slot]}};
    if (type.kind == rules::TypeKind::Group) rows.rows = results_.groups[match.witness[slot]].members;
    const std::string name = type.kind == rules::TypeKind::Group ? std::string() : rule.slots[slot].name;
    // Tasks that a rule binds are given one by one, others as samples of their stages.
    const bool one_by_one = rows.entity == Entity::Task && rows.rows.size() <= kMostMembers;
    for (const std::uint32_t row : rows.rows) {
      AddEntity(rows.entity, row, name);
      if (!one_by_one) continue;
      entities.try_emplace({Entity::Task, row}, name);
      for (const std::string_view attribute : {"stage", "status", "index"})
        read[{Entity::Task, row}].insert(metrics::Find(Entity::Task, attribute)->id);
    }
    slots_[slot] = std::move(rows);
  }

  void AddEntity(Entity entity, std::uint32_t row, const std::string& name = {}) {
    if (entity == Entity::Task) {
      const model::StageRow stage = model_.tasks.stage.Get(row);
      if (stage.valid()) AddEntity(Entity::Stage, stage.index);
      return;
    }
    std::string& known = entities[{entity, row}];
    if (known.empty()) known = name;
  }

  void Read(const Rows& rows, AttributeId attribute) {
    for (const std::uint32_t row : rows.rows) {
      AddEntity(rows.entity, row);
      if (rows.entity != Entity::Task || entities.contains({Entity::Task, row})) {
        read[{rows.entity, row}].insert(attribute);
        continue;
      }
      const model::StageRow stage = model_.tasks.stage.Get(row);
      if (stage.valid()) of_tasks[stage.index].insert(attribute);
    }
  }

  // ---------------------------------------------------------------- edges
  void AddLink(metrics::EdgeKind kind, const metrics::EdgeRow& row) { links.insert({kind, row.from, row.to, row.edge}); }

  const std::vector<metrics::EdgeRow>& EdgesOf(metrics::EdgeKind kind) {
    auto known = edges_.find(kind);
    if (known == edges_.end()) known = edges_.emplace(kind, metrics::EdgesOf(model_, kind)).first;
    return known->second;
  }

  static const metrics::EdgeInfo& InfoOf(metrics::EdgeKind kind) {
    return *std::ranges::find(metrics::AllEdges(), kind, &metrics::EdgeInfo::kind);
  }

  // Edges between what its ends are bound to. An end that is not bound gets the neighbours of the other.
  void AddEdge(const rules::PatternEdge& edge) {
    const bool from = slots_.contains(edge.from);
    const bool to = slots_.contains(edge.to);
    if (!from && !to) return;
    if (edge.hops) return AddChain(edge, from, to);
    std::vector<std::uint32_t> neighbours;
    for (const metrics::EdgeKind kind : edge.kinds) {
      const metrics::EdgeInfo& info = InfoOf(kind);
      for (const metrics::EdgeRow& row : EdgesOf(kind)) {
        if (from && !Has(slots_[edge.from], row.from)) continue;
        if (to && !Has(slots_[edge.to], row.to)) continue;
        const std::uint32_t other = from ? row.to : row.from;
        if (!(from && to)) {
          if (neighbours.size() == kMostNeighbours) break;
          neighbours.push_back(other);
        }
        AddEntity(info.from, row.from);
        AddEntity(info.to, row.to);
        AddLink(kind, row);
        if (info.as) {
          AddEntity(*info.as, row.edge);
          if (edge.edge && !slots_.contains(*edge.edge)) slots_[*edge.edge] = {*info.as, {}};
          if (edge.edge && !Has(slots_[*edge.edge], row.edge)) slots_[*edge.edge].rows.push_back(row.edge);
        }
      }
      if (!from) slots_[edge.from].entity = info.from;
      if (!to) slots_[edge.to].entity = info.to;
    }
    if (!from) slots_[edge.from].rows = neighbours;
    if (!to) slots_[edge.to].rows = neighbours;
  }

  static bool Has(const Rows& rows, std::uint32_t row) { return std::ranges::find(rows.rows, row) != rows.rows.end(); }

  // A shortest chain between each pair of ends.
  void AddChain(const rules::PatternEdge& edge, bool from, bool to) {
    if (!from || !to) return;
    for (const std::uint32_t start : slots_[edge.from].rows) {
      std::map<std::uint32_t, std::pair<metrics::EdgeKind, metrics::EdgeRow>> came_by;
      std::vector<std::uint32_t> level{start};
      for (std::uint32_t step = 0; step < edge.hops->second && !level.empty(); ++step) {
        std::vector<std::uint32_t> next;
        for (const metrics::EdgeKind kind : edge.kinds) {
          for (const metrics::EdgeRow& row : EdgesOf(kind)) {
            if (std::ranges::find(level, row.from) == level.end() || came_by.contains(row.to)) continue;
            came_by.emplace(row.to, std::pair(kind, row));
            next.push_back(row.to);
          }
        }
        level = std::move(next);
      }
      for (std::uint32_t end : slots_[edge.to].rows) {
        for (auto step = came_by.find(end); step != came_by.end() && end != start; step = came_by.find(end)) {
          const auto& [kind, row] = step->second;
          AddEntity(InfoOf(kind).from, row.from);
          AddEntity(InfoOf(kind).to, row.to);
          AddLink(kind, row);
          if (InfoOf(kind).as) AddEntity(*InfoOf(kind).as, row.edge);
          end = row.from;
        }
      }
    }
  }

  // ---------------------------------------------------------------- expressions
  // Rows of an entity or a set; nullopt: not known without evaluating more.
  std::optional<Rows> Resolve(const BoundExpr& expr) {
    switch (expr.kind) {
      case ExprKind::App: return Rows{Entity::App, {0}};
      case ExprKind::Slot: {
        const auto known = slots_.find(expr.slot);
        return known == slots_.end() ? std::nullopt : std::optional(known->second);
      }
      case ExprKind::Attribute:
      case ExprKind::Related:
      case ExprKind::Members:
      case ExprKind::FlatMembers: {
        const auto from = Resolve(expr.operands[0]);
        if (!from || !expr.type.entity) return std::nullopt;
        Rows to{expr.type.entity->entity, {}};
        const bool many = expr.kind == ExprKind::Members || expr.kind == ExprKind::FlatMembers;
        for (const std::uint32_t row : from->rows) {
          if (many) {
            const auto members = metrics::EvaluateSet(model_, expr.attribute, row);
            to.rows.insert(to.rows.end(), members.begin(), members.end());
          } else if (const metrics::Value value = metrics::Evaluate(model_, expr.attribute, row);
                     value.state == metrics::Value::State::Entity) {
            to.rows.push_back(static_cast<std::uint32_t>(value.integer));
          }
        }
        std::ranges::sort(to.rows);
        to.rows.erase(std::unique(to.rows.begin(), to.rows.end()), to.rows.end());
        if (to.entity != Entity::Task && to.rows.size() > kMostMembers) to.rows.resize(kMostMembers);
        return to;
      }
      case ExprKind::Chain: {
        Rows edges{expr.type.entity->entity, {}};
        for (const LinkFact& link : links) {
          if (link.kind == expr.edge) edges.rows.push_back(link.edge);
        }
        return edges;
      }
      case ExprKind::Filter:
      case ExprKind::Pick:
      case ExprKind::Call:
        return expr.operands.empty() ? std::nullopt : Resolve(expr.operands[0]);
      default: return std::nullopt;
    }
  }

  void AddExpr(const BoundExpr& expr) {
    switch (expr.kind) {
      case ExprKind::Attribute:
      case ExprKind::GroupKey:
      case ExprKind::Collect:
      case ExprKind::Members:
      case ExprKind::Related:
      case ExprKind::FlatMembers:
        if (const auto rows = Resolve(expr.operands[0])) Read(*rows, expr.attribute);
        if (expr.type.entity && expr.kind != ExprKind::Collect && expr.kind != ExprKind::GroupKey) {
          if (const auto to = Resolve(expr)) {
            for (const std::uint32_t row : to->rows) AddEntity(to->entity, row);
          }
        }
        break;
      case ExprKind::Filter:
      case ExprKind::Pick:
        if (auto rows = Resolve(expr.operands[0])) slots_[expr.slot] = std::move(*rows);
        break;
      case ExprKind::NodeMetric:
      case ExprKind::CollectMetric:
        if (const auto nodes = Resolve(expr.operands[0])) {
          for (const std::uint32_t node : nodes->rows) {
            AddEntity(Entity::PlanNode, node);
            metrics[node].insert({expr.text, expr.metric, expr.metric_part});
          }
        }
        break;
      case ExprKind::Conf:
      case ExprKind::ConfIsSet: AddSetting(expr); break;
      default: break;
    }
    for (const BoundExpr& operand : expr.operands) AddExpr(operand);
    for (const rules::BoundPattern& pattern : expr.pattern) {
      // Each pass binds what is joined to what is bound.
      for (std::size_t pass = 0; pass < pattern.edges.size(); ++pass) {
        for (const rules::PatternEdge& edge : pattern.edges) AddEdge(edge);
      }
      for (const BoundExpr& condition : pattern.conditions) AddExpr(condition);
    }
  }

  // What is set where the finding is; a default follows from the version.
  void AddSetting(const BoundExpr& expr) {
    std::optional<Rows> rows;
    if (!expr.operands.empty()) rows = Resolve(expr.operands[0]);
    const spark::EffectiveValue value = rows ? model::EffectiveSetting(model_, expr.text, rows->entity, rows->rows)
                                             : model::EffectiveSetting(model_, expr.text);
    if (value.is_set() && value.text) settings[expr.text] = std::string(*value.text);
  }

  const rules::RuleSet& set_;
  const rules::MatchResults& results_;
  const model::JobModel& model_;
  std::set<std::size_t> matches_;
  std::map<rules::SlotIndex, Rows> slots_;  // of the rule at hand; members too
  std::map<metrics::EdgeKind, std::vector<metrics::EdgeRow>> edges_;
};

// The notes as givens.
class GivenMaker {
 public:
  GivenMaker(const Notes& notes, const model::JobModel& model) : notes_(notes), model_(model) {}

  rules::BoundTest Make() {
    for (const auto& [entity, name] : notes_.entities) Declare(entity, name);
    for (const auto& [entity, given] : givens_) AddValues(entity, given);
    for (const auto& [node, metrics] : notes_.metrics) AddMetrics(node, metrics);
    for (const auto& [stage, attributes] : notes_.of_tasks) AddTasks(stage, attributes);
    for (const LinkFact& link : notes_.links) AddLink(link);
    AddVersion();
    for (const auto& [key, value] : notes_.settings) test_.settings.emplace_back(key, value);
    return std::move(test_);
  }
  [[nodiscard]] std::optional<std::uint32_t> GivenOf(EntityRow entity) const {
    const auto known = givens_.find(entity);
    return known == givens_.end() ? std::nullopt : std::optional(known->second);
  }

 private:
  static std::string_view PrefixOf(Entity entity) {
    switch (entity) {
      case Entity::App: return "app";
      case Entity::Job: return "job";
      case Entity::Stage: return "stage";
      case Entity::Task: return "task";
      case Entity::Executor: return "executor";
      case Entity::Host: return "host";
      case Entity::SqlExecution: return "query";
      case Entity::PlanNode: return "node";
      case Entity::Shuffle: return "shuffle";
      case Entity::Gap: return "gap";
      case Entity::CachedRdd: return "cached";
      case Entity::Incident: return "incident";
    }
    return "x";
  }

  void Declare(EntityRow entity, std::string name) {
    rules::GivenEntity given;
    given.type.entity = entity.first;
    if (entity.first == Entity::PlanNode) given.type.node_kind = model_.plan_nodes.kind.Get(entity.second);
    if (entity.first == Entity::App) name = "app";
    for (int n = 1; name.empty() || names_.contains(name); ++n)
      name = std::string(PrefixOf(entity.first)) + std::to_string(n);
    names_.insert(name);
    given.name = std::move(name);
    givens_.emplace(entity, static_cast<std::uint32_t>(test_.givens.size()));
    test_.givens.push_back(std::move(given));
  }

  [[nodiscard]] std::int64_t Start() const { return model_.app.start.Has(0) ? model_.app.start.Get(0) : 0; }

  std::optional<GivenCell> CellOf(const Attribute& attribute, std::uint32_t row) const {
    const metrics::Value value = metrics::Evaluate(model_, attribute.id, row);
    GivenCell cell;
    switch (value.state) {
      case metrics::Value::State::Missing: return std::nullopt;
      case metrics::Value::State::Integer:
      case metrics::Value::State::Real:
        cell.kind = GivenCell::Kind::Number;
        cell.number = value.real;
        if (attribute.unit == metrics::Unit::EpochMs) {
          cell.since_start = true;
          cell.number = std::max<double>(0, value.real - static_cast<double>(Start()));
        }
        break;
      case metrics::Value::State::Bool:
        cell.kind = GivenCell::Kind::Bool;
        cell.boolean = value.boolean;
        break;
      case metrics::Value::State::Text:
        cell.kind = GivenCell::Kind::Text;
        cell.text = std::string(value.text);
        break;
      case metrics::Value::State::Entity: {
        const auto given = GivenOf({attribute.target, static_cast<std::uint32_t>(value.integer)});
        if (!given) return std::nullopt;
        cell.kind = GivenCell::Kind::Given;
        cell.given = *given;
        break;
      }
    }
    return cell;
  }

  void AddValues(EntityRow entity, std::uint32_t given) {
    const auto read = notes_.read.find(entity);
    if (read == notes_.read.end()) return;
    std::vector<rules::GivenValue>& values = test_.givens[given].values;
    for (const AttributeId id : read->second) {
      const Attribute& attribute = metrics::Get(id);
      if (attribute.kind == ValueKind::TextList || attribute.kind == ValueKind::NumberList) continue;
      if (attribute.kind != ValueKind::EntitySet) {
        if (auto cell = CellOf(attribute, entity.second)) values.push_back({id, std::move(*cell)});
        continue;
      }
      // Tasks hang on their stage, and the application has everything. Nodes of a stage are edges.
      if (attribute.target == Entity::Task || attribute.entity == Entity::App) continue;
      const bool edge = AddEdgeOfSet(attribute, entity, given);
      for (const std::uint32_t member : metrics::EvaluateSet(model_, id, entity.second)) {
        const auto other = GivenOf({attribute.target, member});
        if (!other || edge) continue;
        GivenCell cell;
        cell.kind = GivenCell::Kind::Given;
        cell.given = *other;
        values.push_back({id, std::move(cell)});
      }
    }
  }

  void AddMetrics(std::uint32_t node, const std::set<MetricName>& metrics) {
    const auto given = GivenOf({Entity::PlanNode, node});
    if (!given) return;
    for (const auto& [name, kind, part] : metrics) {
      const double value = metrics::EvaluateSqlMetric(model_, {name, kind, part}, node);
      if (!std::isnan(value)) test_.givens[*given].metrics.push_back({name, kind, part, value});
    }
  }

  // Sets that a test gives as edges.
  bool AddEdgeOfSet(const Attribute& attribute, EntityRow entity, std::uint32_t given) {
    const bool executors = attribute.entity == Entity::Stage && attribute.name == "executors";
    const bool nodes = attribute.entity == Entity::Stage && attribute.name == "nodes";
    if (!executors && !nodes) return false;
    const metrics::EdgeKind kind = executors ? metrics::EdgeKind::RanOn : metrics::EdgeKind::Runs;
    for (const std::uint32_t member : metrics::EvaluateSet(model_, attribute.id, entity.second)) {
      if (const auto other = GivenOf({attribute.target, member})) PushLink({kind, given, *other, std::nullopt});
    }
    return true;
  }

  void PushLink(const rules::GivenLink& link) {
    const bool known = std::ranges::any_of(test_.links, [&](const rules::GivenLink& other) {
      return other.kind == link.kind && other.from == link.from && other.to == link.to;
    });
    if (!known) test_.links.push_back(link);
  }

  // How attempts ended, where not all of them simply succeeded.
  void AddTasks(std::uint32_t stage, std::set<AttributeId> attributes) {
    std::vector<model::TaskRow> tasks;
    for (const model::TaskRow task : model_.stages.tasks.Get(stage)) {
      if (!GivenOf({Entity::Task, task.index})) tasks.push_back(task);
    }
    const auto given = GivenOf({Entity::Stage, stage});
    if (!given || tasks.empty()) return;
    const auto id = [](std::string_view name) { return metrics::Find(Entity::Task, name)->id; };
    bool plain = true;
    for (const model::TaskRow task : tasks) plain = plain && model_.tasks.winner.Get(task.index);
    if (!plain) {
      attributes.insert(id("status"));
      attributes.insert(id("index"));
    }
    for (const std::string_view derived : {"succeeded", "failed", "killed", "running", "winner", "stage"}) {
      const Attribute* attribute = metrics::Find(Entity::Task, derived);
      if (attribute != nullptr) attributes.erase(attribute->id);
    }
    for (const AttributeId attribute_id : attributes) {
      const Attribute& attribute = metrics::Get(attribute_id);
      if (attribute.kind == ValueKind::EntitySet || attribute.kind == ValueKind::TextList ||
          attribute.kind == ValueKind::NumberList)
        continue;
      rules::GivenSample sample{attribute_id, {}, false};
      for (const model::TaskRow task : tasks)
        sample.runs.emplace_back(CellOf(attribute, task.index).value_or(GivenCell()), 1);
      test_.givens[*given].tasks.push_back(std::move(sample));
    }
  }

  void AddLink(const LinkFact& link) {
    const metrics::EdgeInfo& info = *std::ranges::find(metrics::AllEdges(), link.kind, &metrics::EdgeInfo::kind);
    const auto from = GivenOf({info.from, link.from});
    const auto to = GivenOf({info.to, link.to});
    if (!from || !to) return;
    std::optional<std::uint32_t> as;
    if (info.as) as = GivenOf({*info.as, link.edge});
    PushLink({link.kind, *from, *to, as});
  }

  void AddVersion() {
    if (!model_.version.known || !model_.app.spark.Has(0)) return;
    auto given = GivenOf({Entity::App, 0});
    if (!given) {
      Declare({Entity::App, 0}, "app");
      given = GivenOf({Entity::App, 0});
    }
    const AttributeId spark = metrics::Find(Entity::App, "spark")->id;
    std::vector<rules::GivenValue>& values = test_.givens[*given].values;
    if (std::ranges::find(values, spark, &rules::GivenValue::attribute) != values.end()) return;
    if (auto cell = CellOf(metrics::Get(spark), 0)) values.push_back({spark, std::move(*cell)});
  }

  const Notes& notes_;
  const model::JobModel& model_;
  rules::BoundTest test_;
  std::map<EntityRow, std::uint32_t> givens_;
  std::set<std::string> names_;
};

}  // namespace

GivenFacts FactsOf(const rules::RuleSet& set, const rules::MatchResults& results, const model::JobModel& model,
                   std::size_t index) {
  Notes notes(set, results, model);
  notes.AddMatch(index);
  GivenMaker maker(notes, model);
  GivenFacts facts;
  facts.test = maker.Make();
  const rules::Match& match = results.matches[index];
  const BoundRule& rule = set.rules[match.rule];
  for (std::size_t i = 0; i < match.head.size(); ++i) {
    const rules::Type& type = rule.slots[rule.head[i]].type;
    const bool group = type.kind == rules::TypeKind::Group;
    const std::uint32_t row = group ? results.groups[match.head[i]].members.front() : match.head[i];
    facts.head.push_back(maker.GivenOf({type.entity->entity, row}).value_or(0));
  }
  return facts;
}

}  // namespace advise::workbench
