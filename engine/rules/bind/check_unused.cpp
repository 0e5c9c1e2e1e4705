// Looks at syntax trees: bound rules have no names any more.
#include "rules/bind/check_unused.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "rules/bind/symbols.h"
#include "rules/mentions.h"
#include "support/quoted.h"

namespace advise::rules {
namespace {

using Names = std::set<std::string, std::less<>>;

std::string_view LastPart(std::string_view name) { return name.substr(name.rfind('.') + 1); }

class UnusedChecker {
 public:
  UnusedChecker(const BoundRules& set, bool built_in_too, Diagnostics& diagnostics)
      : set_(set), symbols_(*set.symbols), built_in_too_(built_in_too), diagnostics_(diagnostics) {
    for (const auto& [rule, names] : symbols_.named_by_templates) everywhere_.insert(names.begin(), names.end());
    Names aliases;
    for (const PackSymbols& pack : symbols_.packs) {
      for (const auto& [alias, used] : pack.uses) aliases.insert(alias);
    }
    // A parameter of another pack stands behind a dot: `core.skew_ratio`.
    const auto of_pack = [&](const Mention& mention) {
      const auto* object = mention.object == nullptr ? nullptr : std::get_if<ast::Identifier>(&mention.object->node);
      return object != nullptr && aliases.contains(object->name.text);
    };
    for (const auto& file : set.files) {
      for (const ast::Item& item : file->items) {
        MentionsOfItem(item, [&](const Mention& mention) {
          if (mention.kind == MentionKind::Name || mention.kind == MentionKind::Call || of_pack(mention))
            everywhere_.emplace(LastPart(mention.name->text));
        });
      }
    }
  }

  void Run() {
    for (std::size_t i = 0; i < symbols_.packs.size(); ++i) {
      if (!Asked(i)) continue;
      for (const auto& [name, param] : symbols_.packs[i].params)
        Check(name, set_.params[param].span, "parameter",
              "no rule, definition or template reads it: changing it changes nothing");
      for (const auto& [name, def] : symbols_.packs[i].defs)
        Check(name, symbols_.defs[def].def->name.span, "definition", "nothing calls it");
    }
    for (const RuleSymbol& symbol : symbols_.rules) {
      if (symbol.bound && Asked(symbol.pack)) CheckLets(symbol);
    }
  }

 private:
  [[nodiscard]] bool Asked(std::size_t pack) const { return built_in_too_ || !set_.packs[pack].built_in; }

  void Check(std::string_view name, SourceSpan span, std::string_view what, std::string_view why) {
    if (everywhere_.contains(name)) return;
    diagnostics_.Report(DiagnosticCode::UnusedName, span, std::string(what) + " " + Quoted(name) + " is unused")
        .notes.emplace_back(why);
  }

  void CheckLets(const RuleSymbol& symbol) {
    const bool any = std::ranges::any_of(symbol.rule->clauses, [](const ast::Clause& clause) {
      return std::holds_alternative<ast::LetClause>(clause.node);
    });
    if (!any) return;
    Names read = NamesReadIn(*symbol.rule);
    AddTemplates(*symbol.bound, read);
    // An advice sees the names of what it is for.
    for (const RuleSymbol& other : symbols_.rules) {
      if (!other.bound || other.rule->layer != Layer::Advice) continue;
      const auto& atoms = set_.rules[*other.bound].for_atoms;
      if (std::ranges::find(atoms, *symbol.bound, &BoundAtom::rule) == atoms.end()) continue;
      read.merge(NamesReadIn(*other.rule));
      AddTemplates(*other.bound, read);
    }
    for (const ast::Clause& clause : symbol.rule->clauses) {
      const auto* let = std::get_if<ast::LetClause>(&clause.node);
      if (let == nullptr || read.contains(let->name.text)) continue;
      Diagnostic& d = diagnostics_.Report(DiagnosticCode::UnusedName, let->name.span,
                                          Quoted(let->name.text) + " is unused in " + Quoted(symbol.rule->name.text));
      d.notes.emplace_back("no condition, text, advice or template of the rule reads it");
      d.fixes = {{clause.span, ""}};
    }
  }

  static Names NamesReadIn(const ast::Rule& rule) {
    Names names;
    MentionsOfRule(rule, [&](const Mention& mention) {
      if (mention.kind == MentionKind::Name) names.insert(mention.name->text);
    });
    return names;
  }
  void AddTemplates(RuleIndex rule, Names& names) const {
    const auto found = symbols_.named_by_templates.find(rule);
    if (found != symbols_.named_by_templates.end()) names.insert(found->second.begin(), found->second.end());
  }

  const BoundRules& set_;
  const Symbols& symbols_;
  bool built_in_too_;
  Diagnostics& diagnostics_;
  Names everywhere_;
};

}  // namespace

void CheckUnused(const BoundRules& set, bool built_in_too, Diagnostics& diagnostics) {
  UnusedChecker(set, built_in_too, diagnostics).Run();
}

}  // namespace advise::rules
