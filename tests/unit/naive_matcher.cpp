#include "unit/naive_matcher.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string>

#include "metrics/evaluate.h"
#include "rules/match/match.h"

namespace advise::test {
namespace {

using namespace advise::rules;
using Rows = std::vector<std::uint32_t>;
using Number = std::optional<double>;

// Kleene: no value is unknown.
using Logic = std::optional<bool>;
Logic And(Logic a, Logic b) {
  if (a == Logic(false) || b == Logic(false)) return false;
  if (!a || !b) return std::nullopt;
  return true;
}
Logic Not(Logic a) { return a ? Logic(!*a) : a; }
Logic Or(Logic a, Logic b) { return Not(And(Not(a), Not(b))); }

struct Environment {
  const BoundRule* rule = nullptr;
  std::map<SlotIndex, std::uint32_t> rows;
  std::map<SlotIndex, Rows> groups;
};

class Naive {
 public:
  Naive(const RuleSet& set, const model::JobModel& model) : set_(set), model_(model) {
    for (const metrics::EdgeInfo& edge : metrics::AllEdges()) edges_[edge.kind] = metrics::EdgesOf(model, edge.kind);
  }

  NaiveResults Run() {
    results_.unknown.resize(set_.rules.size());
    heads_.resize(set_.rules.size());
    unknown_heads_.resize(set_.rules.size());
    for (std::size_t i = 0; i < set_.rules.size(); ++i) Rule(static_cast<RuleIndex>(i));
    return std::move(results_);
  }

 private:
  using Head = std::vector<Rows>;

  // ---------------------------------------------------------------- rules
  void Rule(RuleIndex index) {
    const BoundRule& rule = set_.rules[index];
    std::vector<Environment> all;
    Environment env;
    env.rule = &rule;
    Product(rule, 0, env, all);
    struct Found {
      Logic truth;
      Environment env;
    };
    std::map<Head, std::vector<Found>> by_head;
    if (!rule.group) {
      for (Environment& one : all) {
        const Logic truth = Conditions(rule, one);
        if (truth != Logic(false)) by_head[HeadOf(rule, one)].push_back({truth, one});
      }
    } else {
      // Rows whose own conditions are true, by their keys.
      std::map<std::vector<std::string>, std::set<std::uint32_t>> groups;
      for (Environment& one : all) {
        Logic truth = And(Structure(rule, one), true);
        for (const Conjunct& c : rule.conjuncts) {
          if (c.before_group) truth = And(truth, Test(c.condition, one));
        }
        if (truth != Logic(true)) continue;
        std::vector<std::string> keys;
        bool missing = false;
        for (const BoundExpr& key : rule.group->keys) {
          const metrics::Value value = metrics::Evaluate(model_, key.attribute, one.rows[rule.group->member]);
          missing = missing || value.missing();
          keys.push_back(value.state == metrics::Value::State::Text ? std::string(value.text)
                                                                    : std::to_string(value.integer));
        }
        if (!missing) groups[keys].insert(one.rows[rule.group->member]);
      }
      for (const auto& [keys, members] : groups) {
        Environment one;
        one.rule = &rule;
        one.groups[rule.group->group] = Rows(members.begin(), members.end());
        Logic truth = true;
        for (const Conjunct& c : rule.conjuncts) {
          if (!c.before_group) truth = And(truth, Test(c.condition, one));
        }
        if (truth != Logic(false)) by_head[HeadOf(rule, one)].push_back({truth, one});
      }
    }
    for (auto& [head, found] : by_head) {
      std::erase_if(found, [](const Found& f) { return f.truth != Logic(true); });
      if (found.empty()) {
        ++results_.unknown[index];
        unknown_heads_[index].push_back(head);
        continue;
      }
      heads_[index].push_back(head);
      const auto better = [&](const Found& a, const Found& b) {
        if (!rule.evidence.empty() && rule.evidence[0].value.type.IsNumber()) {
          Environment ea = a.env;
          Environment eb = b.env;
          const Number va = Num(rule.evidence[0].value, ea);
          const Number vb = Num(rule.evidence[0].value, eb);
          if (va.has_value() != vb.has_value()) return va.has_value();
          if (va && *va != *vb) return *va > *vb;
        }
        return WitnessOf(rule, a.env) < WitnessOf(rule, b.env);
      };
      const auto best = std::min_element(found.begin(), found.end(), better);
      Environment witness = best->env;
      results_.matches.push_back(
          {index, head, WitnessOf(rule, witness), Confidence(rule, witness), Explained(rule, witness)});
    }
  }

  static bool IsVariable(const Slot& slot) {
    return slot.role == SlotRole::Node || slot.role == SlotRole::Edge || slot.role == SlotRole::Atom;
  }
  Rows Domain(const Slot& slot) const {
    std::set<std::uint32_t> rows;
    const auto types = slot.any_of.empty() ? std::vector{*slot.type.entity} : slot.any_of;
    for (const auto& type : types) {
      const auto some = metrics::RowsOfType(model_, type);
      rows.insert(some.begin(), some.end());
    }
    return {rows.begin(), rows.end()};
  }
  // Every combination of rows for the variables of the rule. Groups of lower rules are variables too.
  void Product(const BoundRule& rule, SlotIndex slot, Environment& env, std::vector<Environment>& all) {
    if (slot == rule.slots.size()) {
      all.push_back(env);
      return;
    }
    const Slot& variable = rule.slots[slot];
    if (!IsVariable(variable)) return Product(rule, slot + 1, env, all);
    if (variable.type.kind == TypeKind::Group) {
      std::set<Rows> groups;
      for (std::size_t other = 0; other < heads_.size(); ++other) {
        const BoundRule& lower = set_.rules[other];
        for (std::size_t i = 0; i < lower.head.size(); ++i) {
          if (lower.slots[lower.head[i]].type.kind != TypeKind::Group) continue;
          for (const Head& head : heads_[other]) groups.insert(head[i]);
          // A group that may be one makes what is built on it unknown: Atom says so.
          for (const Head& head : unknown_heads_[other]) groups.insert(head[i]);
        }
      }
      for (const Rows& group : groups) {
        env.groups[slot] = group;
        Product(rule, slot + 1, env, all);
      }
      env.groups.erase(slot);
      return;
    }
    for (const std::uint32_t row : Domain(variable)) {
      env.rows[slot] = row;
      Product(rule, slot + 1, env, all);
    }
    env.rows.erase(slot);
  }

  // The pattern and the `for` atoms.
  Logic Structure(const BoundRule& rule, Environment& env) {
    Logic truth = Pattern(rule.match, env);
    for (const BoundAtom& atom : rule.for_atoms) truth = And(truth, Atom(atom.rule, atom.arguments, env));
    return truth;
  }
  Logic Conditions(const BoundRule& rule, Environment& env) {
    Logic truth = Structure(rule, env);
    for (const Conjunct& conjunct : rule.conjuncts) truth = And(truth, Test(conjunct.condition, env));
    return truth;
  }
  bool Pattern(const BoundPattern& pattern, const Environment& env) const {
    return std::all_of(pattern.edges.begin(), pattern.edges.end(), [&](const PatternEdge& edge) {
      const std::uint32_t from = env.rows.at(edge.from);
      const std::uint32_t to = env.rows.at(edge.to);
      if (edge.hops) return Reaches(edge, from, to);
      return std::any_of(edge.kinds.begin(), edge.kinds.end(), [&](metrics::EdgeKind kind) {
        const auto& rows = edges_.at(kind);
        return std::any_of(rows.begin(), rows.end(), [&](const metrics::EdgeRow& row) {
          return row.from == from && row.to == to && (!edge.edge || env.rows.at(*edge.edge) == row.edge);
        });
      });
    });
  }
  bool Reaches(const PatternEdge& edge, std::uint32_t from, std::uint32_t to) const {
    std::set<std::uint32_t> level = {from};
    for (std::uint32_t step = 0; step <= edge.hops->second; ++step) {
      if (step >= edge.hops->first && level.contains(to)) return true;
      std::set<std::uint32_t> next;
      for (const metrics::EdgeKind kind : edge.kinds) {
        for (const metrics::EdgeRow& row : edges_.at(kind)) {
          if (level.contains(row.from)) next.insert(row.to);
        }
      }
      level = next;
    }
    return false;
  }
  Logic Atom(RuleIndex rule, const std::vector<BoundExpr>& arguments, Environment& env) {
    std::vector<std::optional<Rows>> wanted;
    for (const BoundExpr& argument : arguments) {
      if (argument.kind == ExprKind::Wildcard) {
        wanted.emplace_back();
      } else if (argument.type.kind == TypeKind::Group) {
        wanted.push_back(Set(argument, env));
      } else {
        const auto row = Row(argument, env);
        if (!row) return std::nullopt;
        wanted.push_back(Rows{*row});
      }
    }
    const auto agrees = [&](const Head& head) {
      for (std::size_t i = 0; i < head.size(); ++i) {
        if (wanted[i] && *wanted[i] != head[i]) return false;
      }
      return true;
    };
    if (std::any_of(heads_[rule].begin(), heads_[rule].end(), agrees)) return true;
    if (std::any_of(unknown_heads_[rule].begin(), unknown_heads_[rule].end(), agrees)) return std::nullopt;
    return false;
  }
  // The first case whose condition is true and whose value is known; without one the least.
  double Confidence(const BoundRule& rule, Environment& env) {
    for (const ConfidenceCase& one : rule.confidence) {
      if (one.condition && Test(*one.condition, env) != Logic(true)) continue;
      if (const Number value = Num(one.value, env)) return *value;
    }
    return rule.confidence.empty() ? kConfidenceHigh : kConfidenceLow;
  }
  std::vector<std::pair<std::uint32_t, Head>> Explained(const BoundRule& rule, Environment& env) {
    std::vector<std::pair<std::uint32_t, Head>> explained;
    for (const BoundAtom& atom : rule.explains) {
      for (const Head& head : heads_[atom.rule]) {
        bool agrees = true;
        for (std::size_t i = 0; i < head.size(); ++i) {
          const BoundExpr& argument = atom.arguments[i];
          if (argument.kind == ExprKind::Wildcard) continue;
          const auto row = Row(argument, env);
          agrees = agrees && row && head[i] == Rows{*row};
        }
        if (agrees) explained.emplace_back(atom.rule, head);
      }
    }
    return explained;
  }
  static Head HeadOf(const BoundRule& rule, const Environment& env) {
    Head head;
    for (const SlotIndex slot : rule.head) {
      const auto group = env.groups.find(slot);
      head.push_back(group != env.groups.end() ? group->second : Rows{env.rows.at(slot)});
    }
    return head;
  }
  static Rows WitnessOf(const BoundRule& rule, const Environment& env) {
    Rows witness;
    for (SlotIndex slot = 0; slot < rule.slots.size(); ++slot) {
      const auto row = env.rows.find(slot);
      const bool known = IsVariable(rule.slots[slot]) && row != env.rows.end();
      witness.push_back(known ? row->second : kUnboundSlot);
    }
    return witness;
  }

  // ---------------------------------------------------------------- conditions
  Logic Test(const BoundExpr& e, Environment& env) {
    switch (e.kind) {
      case ExprKind::Not: return Not(Test(e.operands[0], env));
      case ExprKind::And: return And(Test(e.operands[0], env), Test(e.operands[1], env));
      case ExprKind::Or: return Or(Test(e.operands[0], env), Test(e.operands[1], env));
      case ExprKind::Compare: return Compare(e.op, e.operands[0], e.operands[1], env);
      case ExprKind::In: {
        Logic truth = false;
        for (std::size_t i = 1; i < e.operands.size(); ++i) {
          const BoundExpr& choice = e.operands[i];
          const bool range = choice.kind == ExprKind::Range;
          truth = Or(truth, range ? And(Compare(ast::BinaryOp::Ge, e.operands[0], choice.operands[0], env),
                                        Compare(ast::BinaryOp::Le, e.operands[0], choice.operands[1], env))
                                  : Compare(ast::BinaryOp::Eq, e.operands[0], choice, env));
        }
        return truth;
      }
      case ExprKind::IsMissing: return Missing(e.operands[0], env);
      case ExprKind::Exists:
      case ExprKind::CountOf: {
        const auto [holds, unknown] = Subquery(e, env);
        if (holds > 0) return true;
        return unknown ? Logic() : Logic(false);
      }
      case ExprKind::Atom: return Atom(e.rule, e.operands, env);
      case ExprKind::If: {
        const Logic condition = Test(e.operands[0], env);
        return condition ? Test(e.operands[*condition ? 1 : 2], env) : Logic();
      }
      case ExprKind::Call: {
        Logic truth = e.function == FunctionId::All;
        for (const std::uint32_t row : Set(e.operands[0].operands[0], env)) {
          const metrics::Value value = metrics::Evaluate(model_, e.operands[0].attribute, row);
          const Logic one = value.missing() ? Logic() : Logic(value.boolean);
          truth = e.function == FunctionId::All ? And(truth, one) : Or(truth, one);
        }
        return truth;
      }
      case ExprKind::Matches: {
        const auto text = Text(e.operands[0], env);
        return text ? Logic(std::regex_search(*text, std::regex(e.text))) : Logic();
      }
      case ExprKind::Constant: return e.number != 0;
      case ExprKind::Attribute: {
        const auto row = Row(e.operands[0], env);
        if (!row) return std::nullopt;
        const metrics::Value value = metrics::Evaluate(model_, e.attribute, *row);
        return value.missing() ? Logic() : Logic(value.boolean);
      }
      default: return std::nullopt;
    }
  }

  Logic Compare(ast::BinaryOp op, const BoundExpr& left, const BoundExpr& right, Environment& env) {
    if (left.type.IsNumber()) {
      const Number a = Num(left, env);
      const Number b = Num(right, env);
      if (!a || !b) return std::nullopt;
      switch (op) {
        case ast::BinaryOp::Eq: return *a == *b;
        case ast::BinaryOp::Ne: return *a != *b;
        case ast::BinaryOp::Lt: return *a < *b;
        case ast::BinaryOp::Le: return *a <= *b;
        case ast::BinaryOp::Gt: return *a > *b;
        default: return *a >= *b;
      }
    }
    if (left.type.kind == TypeKind::Entity) {
      const auto a = Row(left, env);
      const auto b = Row(right, env);
      if (!a || !b) return std::nullopt;
      return (*a == *b) == (op == ast::BinaryOp::Eq);
    }
    const auto a = Text(left, env);
    const auto b = Text(right, env);
    if (!a || !b) return std::nullopt;
    return (*a == *b) == (op == ast::BinaryOp::Eq);
  }

  bool Missing(const BoundExpr& e, Environment& env) {
    if (e.type.IsNumber()) return !Num(e, env);
    if (e.type.kind == TypeKind::Bool) return !Test(e, env);
    if (e.type.kind == TypeKind::Entity) return !Row(e, env);
    return !Text(e, env);
  }

  // ---------------------------------------------------------------- values
  std::optional<std::string> Text(const BoundExpr& e, Environment& env) {
    if (e.kind == ExprKind::Constant) return e.text;
    if (e.kind == ExprKind::Call && e.function == FunctionId::Lower) {
      auto text = Text(e.operands[0], env);
      for (char& c : text ? *text : Empty()) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      return text;
    }
    if (e.kind == ExprKind::Call) return Histogram(Dist(e.operands[0], env));
    if (e.kind == ExprKind::GroupKey) {
      return std::string(metrics::Evaluate(model_, e.attribute, Set(e.operands[0], env).front()).text);
    }
    const auto row = Row(e.operands[0], env);
    if (!row) return std::nullopt;
    const metrics::Value value = metrics::Evaluate(model_, e.attribute, *row);
    if (value.missing()) return std::nullopt;
    return std::string(value.text);
  }

  static std::string& Empty() {
    static std::string none;
    return none;
  }

  static std::optional<std::string> Histogram(const std::vector<Number>& values) {
    std::vector<double> known;
    for (const Number& value : values) {
      if (value) known.push_back(*value);
    }
    if (known.empty()) return std::nullopt;
    const double low = *std::min_element(known.begin(), known.end());
    const double high = *std::max_element(known.begin(), known.end());
    std::string text;
    for (int part = 0; part < 10; ++part) {
      // A value lies in the last part whose lower end it reaches; the largest one in the last part.
      const auto in_part = [&](double value) {
        const int of_value = high == low ? 0 : static_cast<int>(std::floor((value - low) / ((high - low) / 10)));
        return std::min(9, of_value) == part;
      };
      text += (part == 0 ? "" : " ") + std::to_string(std::count_if(known.begin(), known.end(), in_part));
    }
    return text;
  }

  std::optional<std::uint32_t> Row(const BoundExpr& e, Environment& env) {
    switch (e.kind) {
      case ExprKind::App: return 0;
      case ExprKind::Slot: return env.rows.at(e.slot);
      case ExprKind::Attribute: {
        const auto row = Row(e.operands[0], env);
        if (!row) return std::nullopt;
        const metrics::Value value = metrics::Evaluate(model_, e.attribute, *row);
        if (value.missing()) return std::nullopt;
        return static_cast<std::uint32_t>(value.integer);
      }
      case ExprKind::Pick: {
        std::optional<std::uint32_t> best;
        double best_value = 0;
        for (const std::uint32_t row : Set(e.operands[0], env)) {
          env.rows[e.slot] = row;
          Number value = Num(e.operands[1], env);
          if (!value) continue;
          if (e.function == FunctionId::ArgMin) value = -*value;
          if (best && *value <= best_value) continue;
          best = row;
          best_value = *value;
        }
        env.rows.erase(e.slot);
        return best;
      }
      case ExprKind::Call: {
        const Rows set = Set(e.operands[0], env);
        if (set.empty()) return std::nullopt;
        return e.function == FunctionId::Last ? set.back() : set.front();
      }
      default: return std::nullopt;
    }
  }

  Rows Set(const BoundExpr& e, Environment& env) {
    switch (e.kind) {
      case ExprKind::Slot: return env.groups.at(e.slot);
      case ExprKind::Members: {
        const auto row = Row(e.operands[0], env);
        return row ? metrics::EvaluateSet(model_, e.attribute, *row) : Rows();
      }
      case ExprKind::Filter: {
        Rows kept;
        for (const std::uint32_t row : Set(e.operands[0], env)) {
          env.rows[e.slot] = row;
          if (Test(e.operands[1], env) == Logic(true)) kept.push_back(row);
        }
        env.rows.erase(e.slot);
        return kept;
      }
      case ExprKind::Related: {
        std::set<std::uint32_t> rows;
        for (const std::uint32_t row : Set(e.operands[0], env)) {
          const metrics::Value value = metrics::Evaluate(model_, e.attribute, row);
          if (!value.missing()) rows.insert(static_cast<std::uint32_t>(value.integer));
        }
        return {rows.begin(), rows.end()};
      }
      case ExprKind::FlatMembers: {
        std::set<std::uint32_t> rows;
        for (const std::uint32_t row : Set(e.operands[0], env)) {
          const Rows more = metrics::EvaluateSet(model_, e.attribute, row);
          rows.insert(more.begin(), more.end());
        }
        return {rows.begin(), rows.end()};
      }
      case ExprKind::Pick: {
        const Rows members = Set(e.operands[0], env);
        std::vector<std::pair<double, std::size_t>> known;  // largest first, then in the set's order
        for (std::size_t i = 0; i < members.size(); ++i) {
          env.rows[e.slot] = members[i];
          if (const Number value = Num(e.operands[1], env)) known.emplace_back(-*value, i);
        }
        env.rows.erase(e.slot);
        std::sort(known.begin(), known.end());
        const Number count = Num(e.operands[2], env);
        Rows top;
        for (std::size_t i = 0; i < known.size() && count && static_cast<double>(i) < *count; ++i)
          top.push_back(members[known[i].second]);
        return top;
      }
      case ExprKind::Chain: {
        const auto from = Row(e.operands[0], env);
        const auto to = Row(e.operands[1], env);
        std::set<std::uint32_t> found;
        std::vector<std::uint32_t> walked;
        const std::function<void(std::uint32_t)> walk = [&](std::uint32_t at) {
          if (at == *to && walked.size() >= e.hops.first) found.insert(walked.begin(), walked.end());
          if (walked.size() == e.hops.second) return;
          for (const metrics::EdgeRow& row : edges_.at(e.edge)) {
            if (row.from != at) continue;
            walked.push_back(row.edge);
            walk(row.to);
            walked.pop_back();
          }
        };
        if (from && to) walk(*from);
        return {found.begin(), found.end()};
      }
      case ExprKind::Call: {
        Rows rest = Set(e.operands[0], env);
        if (!rest.empty()) rest.erase(rest.begin());
        return rest;
      }
      default: return {};
    }
  }

  // The total or the largest value of the node's one metric of that name; units by the type that the log states.
  Number Metric(const BoundExpr& e, std::uint32_t row) {
    for (const model::NodeMetric& metric : model_.node_metrics) {
      if (metric.node.index != row || model_.strings.Get(metric.name) != e.text) continue;
      const std::int64_t value = e.metric_part == metrics::SqlMetricPart::Largest ? metric.max : metric.total;
      const std::map<std::string_view, std::pair<metrics::SqlMetricKind, double>> types = {
          {"sum", {metrics::SqlMetricKind::Count, 1}},
          {"size", {metrics::SqlMetricKind::Bytes, 1}},
          {"average", {metrics::SqlMetricKind::Average, 10}},
          {"timing", {metrics::SqlMetricKind::TaskTime, 1}},
          {"nsTiming", {metrics::SqlMetricKind::TaskTime, 1e6}}};
      const auto& [kind, scale] = types.at(model_.strings.Get(metric.type));
      if (value == model::kMissing || kind != e.metric) return std::nullopt;
      return static_cast<double>(value) / scale;
    }
    return std::nullopt;
  }

  std::vector<Number> Dist(const BoundExpr& e, Environment& env) {
    std::vector<Number> values;
    if (e.kind == ExprKind::CollectMetric) {
      for (const std::uint32_t row : Set(e.operands[0], env)) values.push_back(Metric(e, row));
      return values;
    }
    for (const std::uint32_t row : Set(e.operands[0], env)) {
      const double value = metrics::EvaluateNumber(model_, e.attribute, row);
      values.push_back(std::isnan(value) ? Number() : Number(value));
    }
    return values;
  }

  Number Num(const BoundExpr& e, Environment& env) {
    switch (e.kind) {
      case ExprKind::Constant: return e.number;
      case ExprKind::Param: return set_.params[e.param].value.number;
      case ExprKind::Attribute: {
        const auto row = Row(e.operands[0], env);
        if (!row) return std::nullopt;
        const double value = metrics::EvaluateNumber(model_, e.attribute, *row);
        return std::isnan(value) ? Number() : Number(value);
      }
      case ExprKind::NodeMetric: {
        const auto row = Row(e.operands[0], env);
        return row ? Metric(e, *row) : Number();
      }
      case ExprKind::GroupKey: {
        const double value = metrics::EvaluateNumber(model_, e.attribute, Set(e.operands[0], env).front());
        return std::isnan(value) ? Number() : Number(value);
      }
      case ExprKind::Negate: {
        const Number value = Num(e.operands[0], env);
        return value ? Number(-*value) : value;
      }
      case ExprKind::Arithmetic: {
        const Number a = Num(e.operands[0], env);
        const Number b = Num(e.operands[1], env);
        if (!a || !b) return std::nullopt;
        if (e.op == ast::BinaryOp::Add) return *a + *b;
        if (e.op == ast::BinaryOp::Sub) return *a - *b;
        if (e.op == ast::BinaryOp::Mul) return *a * *b;
        if (*b == 0) return std::nullopt;
        return *a / *b;
      }
      case ExprKind::Coalesce: {
        const Number a = Num(e.operands[0], env);
        return a ? a : Num(e.operands[1], env);
      }
      case ExprKind::If: {
        const Logic condition = Test(e.operands[0], env);
        return condition ? Num(e.operands[*condition ? 1 : 2], env) : Number();
      }
      case ExprKind::CountOf: {
        const auto [holds, unknown] = Subquery(e, env);
        return unknown ? Number() : Number(static_cast<double>(holds));
      }
      case ExprKind::Call: return Call(e, env);
      default: return std::nullopt;
    }
  }

  Number Call(const BoundExpr& e, Environment& env) {
    const BoundExpr& first = e.operands[0];
    if (e.function == FunctionId::Count && first.type.IsSet()) return static_cast<double>(Set(first, env).size());
    if (first.type.kind != TypeKind::Dist) {
      Number best = Num(first, env);
      for (std::size_t i = 1; i < e.operands.size(); ++i) {
        const Number next = Num(e.operands[i], env);
        if (!best || !next) return std::nullopt;
        best = e.function == FunctionId::Min ? std::min(*best, *next) : std::max(*best, *next);
      }
      if (!best) return std::nullopt;
      if (e.function == FunctionId::Ceil) return std::ceil(*best);
      if (e.function == FunctionId::Floor) return std::floor(*best);
      if (e.function == FunctionId::Round) return std::round(*best);
      if (e.function == FunctionId::Sqrt) return *best < 0 ? Number() : Number(std::sqrt(*best));
      if (e.function == FunctionId::Log) return *best <= 0 ? Number() : Number(std::log(*best));
      if (e.function == FunctionId::Abs) return std::abs(*best);
      return best;
    }
    if (e.function == FunctionId::Distinct) {
      std::set<std::string> different;
      const Rows members = Set(first.operands[0], env);
      for (const Number& number : first.kind == ExprKind::CollectMetric ? Dist(first, env) : std::vector<Number>()) {
        if (number) different.insert(std::to_string(*number));
      }
      for (const std::uint32_t row : first.kind == ExprKind::CollectMetric ? Rows() : members) {
        const metrics::Value value = metrics::Evaluate(model_, first.attribute, row);
        if (value.missing()) continue;
        const bool text = value.state == metrics::Value::State::Text;
        const bool flag = value.state == metrics::Value::State::Bool;
        different.insert(text ? std::string(value.text)
                              : std::to_string(flag ? static_cast<double>(value.boolean) : value.real));
      }
      if (different.empty() && !members.empty()) return std::nullopt;
      return static_cast<double>(different.size());
    }
    if (e.function == FunctionId::Trend) return Slope(first, env);
    const std::vector<Number> all = Dist(first, env);
    if (e.function == FunctionId::Corr) return Correlation(all, Dist(e.operands[1], env));
    std::vector<double> known;
    for (const Number& value : all) {
      if (value) known.push_back(*value);
    }
    std::sort(known.begin(), known.end());
    double sum = 0;
    for (const double value : known) sum += value;
    if (e.function == FunctionId::Count) return static_cast<double>(known.size());
    if (e.function == FunctionId::Sum) return known.empty() && !all.empty() ? Number() : Number(sum);
    if (known.empty()) return std::nullopt;
    const auto n = static_cast<double>(known.size());
    switch (e.function) {
      case FunctionId::Min: return known.front();
      case FunctionId::Max: return known.back();
      case FunctionId::Mean: return sum / n;
      case FunctionId::Quantile: return known[std::min(static_cast<std::size_t>(e.number * n), known.size() - 1)];
      case FunctionId::Sd: return Deviation(known);
      case FunctionId::Cv: return sum == 0 ? Number() : Number(Deviation(known) / (sum / n));
      case FunctionId::Gini: {
        if (sum <= 0) return std::nullopt;
        double differences = 0;  // the mean absolute difference of all pairs, over twice the mean
        for (const double a : known) {
          for (const double b : known) differences += std::abs(a - b);
        }
        return differences / (2 * n * sum);
      }
      case FunctionId::Mad: {
        const double median = known[known.size() / 2];
        std::vector<double> distances;
        for (const double value : known) distances.push_back(std::abs(value - median));
        std::sort(distances.begin(), distances.end());
        return distances[distances.size() / 2];
      }
      case FunctionId::ShareTop: {
        const Number share = Num(e.operands[1], env);
        if (!share || sum <= 0) return std::nullopt;
        const auto count = std::max<std::size_t>(1, static_cast<std::size_t>(std::min(1.0, *share) * n));
        double top = 0;
        for (std::size_t i = known.size() - count; i < known.size(); ++i) top += known[i];
        return top / sum;
      }
      default: return std::nullopt;
    }
  }

  // In the order in which the members began, if all of them say when.
  Number Slope(const BoundExpr& dist, Environment& env) {
    const Rows members = Set(dist.operands[0], env);
    std::vector<std::pair<double, std::size_t>> order;
    for (const std::uint32_t row : members) {
      const metrics::Attribute* begin = nullptr;
      for (const std::string_view name : {"launch", "submitted", "start", "added", "time"}) {
        if (begin == nullptr) begin = metrics::Find(metrics::Get(dist.attribute).entity, name);
      }
      const double time = begin == nullptr ? 0 : metrics::EvaluateNumber(model_, begin->id, row);
      order.emplace_back(time, order.size());
    }
    if (std::none_of(order.begin(), order.end(), [](const auto& one) { return std::isnan(one.first); }))
      std::sort(order.begin(), order.end());
    std::vector<double> values;
    for (const auto& [time, i] : order) {
      const double value = metrics::EvaluateNumber(model_, dist.attribute, members[i]);
      if (!std::isnan(value)) values.push_back(value);
    }
    if (values.size() < 3) return std::nullopt;
    std::vector<double> slopes;
    for (std::size_t i = 0; i < values.size(); ++i) {
      for (std::size_t j = i + 1; j < values.size(); ++j)
        slopes.push_back((values[j] - values[i]) / static_cast<double>(j - i));
    }
    std::sort(slopes.begin(), slopes.end());
    return slopes[slopes.size() / 2];
  }

  static double Deviation(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    const double mean = sum / static_cast<double>(values.size());
    double squares = 0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    return std::sqrt(squares / static_cast<double>(values.size()));
  }
  static Number Correlation(const std::vector<Number>& a, const std::vector<Number>& b) {
    std::vector<double> x;
    std::vector<double> y;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!a[i] || !b[i]) continue;
      x.push_back(*a[i]);
      y.push_back(*b[i]);
    }
    if (x.size() < 3) return std::nullopt;
    const double sx = Deviation(x);
    const double sy = Deviation(y);
    if (sx == 0 || sy == 0) return std::nullopt;
    double product = 0;
    double mean_x = 0;
    double mean_y = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      product += x[i] * y[i];
      mean_x += x[i];
      mean_y += y[i];
    }
    const auto n = static_cast<double>(x.size());
    return (product / n - (mean_x / n) * (mean_y / n)) / (sx * sy);
  }

  // Counts the ways to bind the pattern's own variables.
  std::pair<std::size_t, bool> Subquery(const BoundExpr& e, Environment& env) {
    const BoundPattern& pattern = e.pattern[0];
    Rows slots(pattern.nodes.begin(), pattern.nodes.end());
    for (const PatternEdge& edge : pattern.edges) {
      if (edge.edge) slots.push_back(*edge.edge);
    }
    std::size_t holds = 0;
    bool unknown = false;
    const std::function<void(std::size_t)> go = [&](std::size_t i) {
      if (i < slots.size()) {
        for (const std::uint32_t row : Domain(env.rule->slots[slots[i]])) {
          env.rows[slots[i]] = row;
          go(i + 1);
        }
        env.rows.erase(slots[i]);
        return;
      }
      Logic truth = Pattern(pattern, env);
      for (const BoundExpr& condition : pattern.conditions) truth = And(truth, Test(condition, env));
      if (truth == Logic(true)) ++holds;
      if (!truth) unknown = true;
    };
    go(0);
    return {holds, unknown};
  }

  const RuleSet& set_;
  const model::JobModel& model_;
  std::map<metrics::EdgeKind, std::vector<metrics::EdgeRow>> edges_;
  NaiveResults results_;
  std::vector<std::vector<Head>> heads_;
  std::vector<std::vector<Head>> unknown_heads_;
};

}  // namespace

NaiveResults MatchNaively(const RuleSet& set, const model::JobModel& model) { return Naive(set, model).Run(); }

}  // namespace advise::test
