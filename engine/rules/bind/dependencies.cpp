// Collects the names of rules in heads, patterns, conditions and texts, and orders the rules into strata.
#include "rules/bind/dependencies.h"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>

#include "rules/functions/function.h"

namespace advise::rules {
namespace {

// One mention of another rule.
struct RuleUse {
  std::size_t rule = 0;
  bool negated = false;
  SourceSpan span;
};

class UseFinder {
 public:
  UseFinder(const Symbols& symbols, std::size_t pack) : symbols_(symbols), pack_(pack) {}

  std::vector<RuleUse> Take() { return std::move(uses_); }

  void Visit(const ast::Def& def) { Expr(def.body); }
  void Visit(const ast::Rule& rule) {
    for (const ast::Clause& clause : rule.clauses) std::visit([this](const auto& node) { Clause(node); }, clause.node);
  }

 private:
  void Clause(const ast::AppliesClause& c) { Expr(c.condition); }
  void Clause(const ast::NeedsClause&) {}
  void Clause(const ast::ForClause& c) { Atoms(c.atoms); }
  void Clause(const ast::MatchClause& c) {
    if (!c.group_by) return;
    for (const ast::ExprPtr& key : c.group_by->keys) Expr(key);
  }
  void Clause(const ast::LetClause& c) { Expr(c.value); }
  void Clause(const ast::WhereClause& c) { Expr(c.condition); }
  void Clause(const ast::ExplainsClause& c) { Atoms(c.atoms); }
  void Clause(const ast::ConfidenceClause& c) { Guarded(c.cases); }
  void Clause(const ast::SeverityClause& c) { Guarded(c.cases); }
  void Clause(const ast::CostsClause& c) { Expr(c.value); }
  void Clause(const ast::RulesOutClause& c) {
    Expr(c.condition);
    if (c.because) Text(*c.because);
  }
  void Clause(const ast::RelationClause&) {}  // says how advices go together: nothing is read
  void Clause(const ast::EffectClause& c) {
    for (const ast::Effect& effect : c.effects) {
      Expr(effect.target);
      Expr(effect.value);
      for (const ast::NamedArgument& argument : effect.arguments) Expr(argument.value);
    }
  }
  void Clause(const ast::TextClause& c) { Text(c.text); }
  void Clause(const ast::EvidenceClause& c) {
    for (const ast::ExprPtr& value : c.values) Expr(value);
  }
  void Clause(const ast::ChangeClause& c) {
    Expr(c.value);
    if (c.text) Text(*c.text);
  }
  void Clause(const ast::MetaClause&) {}

  void Text(const ast::Text& text) {
    for (const ast::TextSegment& segment : text.segments) Expr(segment.hole);
  }
  void Guarded(const ast::Guarded& cases) {
    for (const ast::GuardedCase& one : cases) {
      Expr(one.value);
      Expr(one.condition);
    }
  }
  void Atoms(const std::vector<ast::Atom>& atoms) {
    for (const ast::Atom& atom : atoms) Use(atom.rule.text, atom.span);
  }

  void Expr(const ast::ExprPtr& expr) {
    if (expr == nullptr) return;
    std::visit([&](const auto& node) { Node(node, expr->span); }, expr->node);
  }
  void Node(const ast::Literal&, SourceSpan) {}
  void Node(const ast::Unary& node, SourceSpan) {
    const bool flips = node.op == ast::UnaryOp::Not;
    negated_ = negated_ != flips;
    Expr(node.operand);
    negated_ = negated_ != flips;
  }
  void Node(const ast::Binary& node, SourceSpan) {
    Expr(node.left);
    Expr(node.right);
  }
  void Node(const ast::If& node, SourceSpan) {
    Expr(node.condition);
    Expr(node.then);
    Expr(node.otherwise);
  }
  void Node(const ast::In& node, SourceSpan) {
    Expr(node.operand);
    for (const ast::ExprPtr& choice : node.choices) Expr(choice);
  }
  void Node(const ast::Matches& node, SourceSpan) { Expr(node.operand); }
  void Node(const ast::IsMissing& node, SourceSpan) { Expr(node.operand); }
  void Node(const ast::Subquery& node, SourceSpan) { Expr(node.where); }
  void Node(const ast::Call& node, SourceSpan span) {
    for (const ast::Argument& argument : node.arguments) {
      Expr(argument.value);
      Expr(argument.by);
    }
    if (FindFunction(node.function.text)) return;
    const auto qualified = symbols_.Split(pack_, node.function.text);
    if (qualified) {
      const auto& defs = symbols_.packs[qualified->pack].defs;
      const auto def = defs.find(qualified->name);
      if (def != defs.end()) {
        if (depth_ == kMaxDefDepth || !seen_defs_.insert(def->second).second) return;
        const std::size_t pack = pack_;
        pack_ = symbols_.defs[def->second].pack;
        ++depth_;
        Expr(symbols_.defs[def->second].def->body);
        --depth_;
        pack_ = pack;
        return;
      }
    }
    Use(node.function.text, span);
  }
  void Node(const ast::Identifier&, SourceSpan) {}
  void Node(const ast::Member& node, SourceSpan) { Expr(node.object); }
  void Node(const ast::Filter& node, SourceSpan) {
    Expr(node.object);
    Expr(node.condition);
  }
  void Node(const ast::Conf&, SourceSpan) {}

  void Use(std::string_view name, SourceSpan span) {
    const auto rule = symbols_.FindRule(pack_, name);
    if (rule) uses_.push_back({*rule, negated_, span});
  }

  const Symbols& symbols_;
  std::size_t pack_;
  std::vector<RuleUse> uses_;
  std::set<std::size_t> seen_defs_;
  bool negated_ = false;
  int depth_ = 0;
};

bool MayRead(Layer reader, Layer read) { return read < reader || (reader == Layer::Cause && read == Layer::Cause); }

// Depth-first search; a use that leads back to a rule on the current path is a circle.
class CycleFinder {
 public:
  CycleFinder(Symbols& symbols, const std::vector<std::vector<RuleUse>>& uses, Diagnostics& diagnostics)
      : symbols_(symbols),
        uses_(uses),
        diagnostics_(diagnostics),
        state_(uses.size(), State::New),
        depth_(uses.size(), 0) {}

  std::vector<int> Run() {
    for (std::size_t rule = 0; rule < uses_.size(); ++rule) Visit(rule);
    return std::move(depth_);
  }

 private:
  enum class State : std::uint8_t { New, Open, Done };

  // Recursion is as deep as the longest chain of rules; an explicit stack keeps hostile packs from overflowing ours.
  void Visit(std::size_t start) {
    if (state_[start] != State::New) return;
    Open(start);
    while (!path_.empty()) {
      const std::size_t rule = path_.back().rule;
      const std::size_t next = path_.back().next++;
      if (next == uses_[rule].size()) {
        state_[rule] = State::Done;
        path_.pop_back();
        if (!path_.empty()) Deepen(path_.back().rule, rule);
        continue;
      }
      const std::size_t read = uses_[rule][next].rule;
      switch (state_[read]) {
        case State::New: Open(read); break;
        case State::Open: ReportCycle(read); break;
        case State::Done: Deepen(rule, read); break;
      }
    }
  }
  void Open(std::size_t rule) {
    state_[rule] = State::Open;
    path_.push_back({rule, 0});
  }
  void Deepen(std::size_t reader, std::size_t read) { depth_[reader] = std::max(depth_[reader], depth_[read] + 1); }

  void ReportCycle(std::size_t first) {
    auto begin = std::find_if(path_.begin(), path_.end(), [&](const Step& step) { return step.rule == first; });
    std::string circle = symbols_.rules[first].rule->name.text;
    std::vector<DiagnosticLabel> labels;
    bool through_not = false;
    for (auto step = begin; step != path_.end(); ++step) {
      const RuleUse& use = uses_[step->rule][step->next - 1];
      const std::string& reader = symbols_.rules[step->rule].rule->name.text;
      const std::string& read = symbols_.rules[use.rule].rule->name.text;
      circle += (use.negated ? " -> not " : " -> ") + read;
      labels.push_back({use.span, "`" + reader + "` reads `" + read + "` here"});
      through_not = through_not || use.negated;
      symbols_.rules[step->rule].left_out = true;
    }
    Diagnostic& d =
        diagnostics_.Report(DiagnosticCode::Cycle, std::string("rules read each other in a circle") +
                                                       (through_not ? " through `not`" : "") + ": " + circle);
    d.labels = std::move(labels);
  }

  struct Step {
    std::size_t rule = 0;
    std::size_t next = 0;
  };
  Symbols& symbols_;
  const std::vector<std::vector<RuleUse>>& uses_;
  Diagnostics& diagnostics_;
  std::vector<State> state_;
  std::vector<int> depth_;
  std::vector<Step> path_;
};

}  // namespace

bool ReadsRules(const Symbols& symbols, const DefSymbol& def) {
  UseFinder finder(symbols, def.pack);
  finder.Visit(*def.def);
  return !finder.Take().empty();
}

RuleOrder OrderRules(Symbols& symbols, Diagnostics& diagnostics) {
  RuleOrder result;
  std::vector<std::vector<RuleUse>> uses;
  for (RuleSymbol& symbol : symbols.rules) {
    UseFinder finder(symbols, symbol.pack);
    finder.Visit(*symbol.rule);
    uses.push_back(finder.Take());
    std::erase_if(uses.back(), [&](const RuleUse& use) {
      const ast::Rule& read = *symbols.rules[use.rule].rule;
      if (MayRead(symbol.rule->layer, read.layer)) return false;
      symbol.left_out = true;
      diagnostics
          .Report(DiagnosticCode::LayerOrder, use.span,
                  std::string(Word(symbol.rule->layer)) + " `" + symbol.rule->name.text + "` cannot read " +
                      std::string(Word(read.layer)) + " `" + read.name.text + "`")
          .helps.push_back(symbol.rule->layer == Layer::Symptom
                               ? "a symptom reads the run alone; what reads other findings is a cause"
                               : "causes read symptoms and causes; what two advices share belongs into a cause");
      return true;
    });
    std::vector<std::size_t> reads;
    for (const RuleUse& use : uses.back()) reads.push_back(use.rule);
    std::sort(reads.begin(), reads.end());
    reads.erase(std::unique(reads.begin(), reads.end()), reads.end());
    result.reads.push_back(std::move(reads));
  }
  result.depth = CycleFinder(symbols, uses, diagnostics).Run();
  for (std::size_t i = 0; i < symbols.rules.size(); ++i) result.order.push_back(i);
  std::sort(result.order.begin(), result.order.end(), [&](std::size_t a, std::size_t b) {
    return std::tuple(symbols.rules[a].rule->layer, result.depth[a], a) <
           std::tuple(symbols.rules[b].rule->layer, result.depth[b], b);
  });
  return result;
}

}  // namespace advise::rules
