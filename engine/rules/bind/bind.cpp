// Declarations, parameters, overrides, order; bodies are bound in bind_rule.cpp.
#include "rules/bind/bind.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "rules/bind/bind_expr.h"
#include "rules/bind/bind_rule.h"
#include "rules/bind/bind_test.h"
#include "rules/bind/check_conditions.h"
#include "rules/bind/check_relations.h"
#include "rules/bind/dependencies.h"
#include "rules/bind/names.h"
#include "rules/mentions.h"
#include "support/did_you_mean.h"
#include "support/quoted.h"
#include "support/text.h"
#include "support/version.h"

namespace advise::rules {
namespace {

// "v2.3" -> 2.3.0
struct PackVersionNumber {
  int major = 0;
  int minor = 0;
  int patch = 0;
  friend auto operator<=>(const PackVersionNumber&, const PackVersionNumber&) = default;
};
PackVersionNumber ParsePackVersion(std::string_view text) {
  int parts[3] = {0, 0, 0};
  std::size_t count = 0;
  const char* at = text.data() + (text.empty() ? 0 : 1);
  const char* const end = text.data() + text.size();
  while (at < end && count < 3) {
    const auto [next, error] = std::from_chars(at, end, parts[count]);
    if (error != std::errc()) break;
    ++count;
    at = next + 1;
  }
  return {parts[0], parts[1], parts[2]};
}

bool Satisfies(PackVersionNumber have, ast::VersionOp op, PackVersionNumber want) {
  switch (op) {
    case ast::VersionOp::Caret: return have >= want && have.major == want.major;
    case ast::VersionOp::Tilde: return have >= want && have.major == want.major && have.minor == want.minor;
    case ast::VersionOp::Eq: return have == want;
    case ast::VersionOp::Ne: return have != want;
    case ast::VersionOp::Lt: return have < want;
    case ast::VersionOp::Le: return have <= want;
    case ast::VersionOp::Gt: return have > want;
    case ast::VersionOp::Ge: return have >= want;
  }
  return false;
}

std::string_view VersionOpText(ast::VersionOp op) {
  switch (op) {
    case ast::VersionOp::Caret: return "^";
    case ast::VersionOp::Tilde: return "~";
    case ast::VersionOp::Eq: return "= ";
    case ast::VersionOp::Ne: return "!= ";
    case ast::VersionOp::Lt: return "< ";
    case ast::VersionOp::Le: return "<= ";
    case ast::VersionOp::Gt: return "> ";
    case ast::VersionOp::Ge: return ">= ";
  }
  return {};
}

class PackBinder {
 public:
  PackBinder(const SourceManager& sources, const BindOptions& options, Diagnostics& diagnostics, BoundRules& set,
             Symbols& symbols)
      : sources_(sources),
        options_(options),
        diagnostics_(diagnostics),
        set_(set),
        symbols_(symbols),
        context_{sources, options.limits, symbols, set, diagnostics} {}

  void Run(std::vector<PackSource> packs) {
    DropReplaced(packs);
    DropUnfit(packs);
    for (PackSource& pack : packs) Declare(std::move(pack));
    for (std::size_t pack = 0; pack < symbols_.packs.size(); ++pack) ResolveUses(pack);
    for (const ParamOf& param : params_) BindParam(param);
    set_.wrong_settings += options_.wrong_settings;
    for (const OverrideOf& override : overrides_) CountWrong([&] { OverrideParams(override); });
    for (const ParamValue& setting : options_.params) CountWrong([&] { SetParam(setting); });
    for (DefSymbol& def : symbols_.defs) CheckDef(def);
    BindRules();
    for (const RuleSymbol& symbol : symbols_.rules) RelateRule(symbol);
    CheckRelations(set_, diagnostics_);
    for (const OverrideOf& override : overrides_) CountWrong([&] { OverrideRule(override); });
    for (const SuppressOf& suppress : suppressions_) CountWrong([&] { BindSuppression(suppress); });
    ListBrokenRules();
    if (!options_.tests) return;
    CheckTags();
    CheckTestNames();
    for (const TestOf& test : tests_) set_.tests.push_back(BindTest(context_, test.pack, *test.test));
  }

 private:
  // What somebody asked of the rules and could not be followed is counted: the run is then not the one that was asked
  // for.
  template <class Bind>
  void CountWrong(const Bind& bind) {
    const std::size_t before = diagnostics_.CountErrors();
    bind();
    if (diagnostics_.CountErrors() > before) ++set_.wrong_settings;
  }
  // "team.rules:9"
  [[nodiscard]] std::string PlaceOf(SourceSpan span, bool column) const {
    const SourcePlace place = sources_.Place(span.source, span.begin);
    std::string text = ShownFile(set_.packs, sources_.name(span.source)) + ":" + std::to_string(place.line);
    return column ? text + ":" + std::to_string(place.column) : text;
  }

  struct ParamOf {
    const ast::Param* param = nullptr;
    std::size_t pack = 0;
    std::uint32_t index = 0;
  };
  struct OverrideOf {
    const ast::Override* override = nullptr;
    std::size_t pack = 0;
  };
  struct SuppressOf {
    const ast::Suppress* suppress = nullptr;
    std::size_t pack = 0;
  };

  struct TestOf {
    const ast::Test* test = nullptr;
    std::size_t pack = 0;
  };

  // ---------------------------------------------------------------- declarations
  // What a pack says of itself, and where.
  static std::pair<PackInfo, SourceSpan> InfoOf(const PackSource& source) {
    PackInfo info;
    info.name = source.fallback_name;
    info.path = source.path;
    info.built_in = source.built_in;
    SourceSpan place;
    for (const auto& file : source.files) {
      if (!file->pack) continue;
      info.name = file->pack->name.text;
      info.version = file->pack->version;
      info.doc = file->pack->doc;
      place = file->pack->name.span;
    }
    return {std::move(info), place};
  }

  // A built-in pack steps back for the user's own copy of it.
  static void DropReplaced(std::vector<PackSource>& packs) {
    std::vector<std::string> own;
    for (const PackSource& pack : packs) {
      if (!pack.built_in) own.push_back(InfoOf(pack).first.name);
    }
    std::erase_if(packs, [&](const PackSource& pack) {
      return pack.built_in && std::ranges::find(own, InfoOf(pack).first.name) != own.end();
    });
  }

  // Packs that want another advise, or another version of a pack that is there, are left out whole: what they were
  // written for is not here.
  void DropUnfit(std::vector<PackSource>& packs) {
    std::map<std::string, std::string, std::less<>> versions;
    for (const PackSource& pack : packs) {
      PackInfo info = InfoOf(pack).first;
      versions.emplace(std::move(info.name), std::move(info.version));
    }
    std::erase_if(packs, [&](const PackSource& pack) {
      const std::string name = InfoOf(pack).first.name;
      return std::ranges::any_of(pack.files, [&](const std::unique_ptr<ast::File>& file) {
        const bool fits = FitsEngine(*file, name);
        return !FitsUses(*file, name, versions) || !fits;
      });
    });
  }

  bool FitsEngine(const ast::File& file, const std::string& pack) {
    if (!file.pack) return true;
    bool fits = true;
    for (const ast::PackField& field : file.pack->fields) {
      if (!field.requirement) continue;
      if (field.key.text != "advise") {
        diagnostics_.Report(DiagnosticCode::MetaValue, field.key.span, "`requires` has no " + Quoted(field.key.text))
            .helps.push_back("a pack requires a version of advise; a rule says `applies when spark >= v3.0`");
        continue;
      }
      const std::string have = "v" + std::string(kVersion);
      const auto& [op, wanted] = *field.requirement;
      if (Satisfies(ParsePackVersion(have), op, ParsePackVersion(wanted))) continue;
      fits = false;
      diagnostics_
          .Report(DiagnosticCode::EngineVersion, field.key.span,
                  "pack " + Quoted(pack) + " requires advise " + std::string(VersionOpText(op)) + wanted +
                      "; this is advise " + have,
                  "the pack is left out")
          .helps.push_back("update advise, or take an older version of the pack");
    }
    return fits;
  }

  // A pack that is not there at all is reported when names are looked up.
  bool FitsUses(const ast::File& file, const std::string& pack,
                const std::map<std::string, std::string, std::less<>>& versions) {
    bool fits = true;
    for (const ast::Use& use : file.uses) {
      const auto found = versions.find(use.pack.text);
      if (!use.range || found == versions.end()) continue;
      const std::string& have = found->second;
      const bool right =
          !have.empty() && Satisfies(ParsePackVersion(have), use.range->op, ParsePackVersion(use.range->version));
      if (right) continue;
      fits = false;
      diagnostics_
          .Report(DiagnosticCode::PackVersion, use.pack.span,
                  "pack " + Quoted(use.pack.text) + " is " + (have.empty() ? "without version" : have) + ", not " +
                      std::string(VersionOpText(use.range->op)) + use.range->version,
                  "so " + Quoted(pack) + " is left out")
          .helps.push_back(have.empty()
                               ? "delete the range, or give the other pack a version"
                               : "look at what changed, then write `" + std::string("^") + MajorMinor(have) + "`");
    }
    return fits;
  }

  // "v2.3.1" -> "v2.3"
  static std::string MajorMinor(const std::string& version) {
    const std::size_t dot = version.find('.');
    return version.substr(0, version.find('.', dot == std::string::npos ? dot : dot + 1));
  }

  void Declare(PackSource source) {
    auto [info, place] = InfoOf(source);
    const bool twice = std::ranges::find(symbols_.packs, info.name, &PackSymbols::name) != symbols_.packs.end();
    if (twice) {
      const std::string message = "pack " + Quoted(info.name) + " is loaded twice; the second one is left out";
      if (place.valid()) {
        diagnostics_.Report(DiagnosticCode::DuplicateName, place, message);
      } else {
        diagnostics_.Report(DiagnosticCode::DuplicateName, message);
      }
      return;
    }
    const std::size_t pack = symbols_.packs.size();
    symbols_.packs.push_back({info.name, {}, {}, {}, {}, {}});
    set_.packs.push_back(std::move(info));
    for (auto& file : source.files) {
      for (const ast::Name& name : file->broken) {
        symbols_.packs[pack].broken.push_back(name.text);
        unparsed_.push_back({&name, pack});
      }
      set_.wrong_settings += static_cast<std::size_t>(file->broken_overrides);
      for (const ast::Item& item : file->items) {
        std::visit([&](const auto& node) { DeclareItem(node, pack); }, item);
      }
      for (const ast::Use& use : file->uses) uses_.emplace_back(&use, pack);
      set_.files.push_back(std::move(file));
    }
  }

  void DeclareItem(const ast::Param& param, std::size_t pack) {
    BoundParam bound;
    bound.pack = symbols_.packs[pack].name;
    bound.name = param.name.text;
    bound.doc = param.doc;
    bound.span = param.name.span;
    const auto index = static_cast<std::uint32_t>(set_.params.size());
    const auto [known, fresh] = symbols_.packs[pack].params.emplace(param.name.text, index);
    if (!fresh) {
      ReportTwice(DiagnosticCode::DuplicateName, "parameter", param.name, set_.params[known->second].span);
      return;
    }
    set_.params.push_back(std::move(bound));
    params_.push_back({&param, pack, index});
  }
  void DeclareItem(const ast::Def& def, std::size_t pack) {
    const auto [known, fresh] = symbols_.packs[pack].defs.emplace(def.name.text, symbols_.defs.size());
    if (!fresh) {
      ReportTwice(DiagnosticCode::DuplicateName, "definition", def.name, symbols_.defs[known->second].def->name.span);
      return;
    }
    if (FindFunction(def.name.text)) {
      diagnostics_.Report(DiagnosticCode::DuplicateName, def.name.span,
                          Quoted(def.name.text) + " is a function of the language");
    }
    symbols_.defs.push_back({&def, pack, false});
  }
  void DeclareItem(const ast::Rule& rule, std::size_t pack) {
    const auto [known, fresh] = symbols_.packs[pack].rules.emplace(rule.name.text, symbols_.rules.size());
    if (!fresh) {
      ReportTwice(DiagnosticCode::DuplicateRule, "rule", rule.name, symbols_.rules[known->second].rule->name.span);
      return;
    }
    symbols_.rules.push_back({&rule, pack, std::nullopt, false});
  }
  void DeclareItem(const ast::Override& override, std::size_t pack) {
    overrides_.push_back({&override, pack});
    set_.packs[pack].changes_rules = true;
  }
  void DeclareItem(const ast::Suppress& suppress, std::size_t pack) {
    suppressions_.push_back({&suppress, pack});
    set_.packs[pack].changes_rules = true;
  }
  void DeclareItem(const ast::Test& test, std::size_t pack) {
    tests_.push_back({&test, pack});
    set_.packs[pack].changes_rules = true;
  }

  void ReportTwice(DiagnosticCode code, std::string_view what, const ast::Name& name, SourceSpan first) {
    Diagnostic& d = diagnostics_.Report(
        code, name.span, std::string(what) + " " + Quoted(name.text) + " is declared twice", "again here");
    d.labels.push_back({first, "first here"});
  }

  void ResolveUses(std::size_t pack) {
    for (const auto& [use, user] : uses_) {
      if (user != pack) continue;
      const auto found = std::ranges::find(symbols_.packs, use->pack.text, &PackSymbols::name);
      if (found == symbols_.packs.end()) {
        std::vector<std::string_view> names;
        for (const PackSymbols& known : symbols_.packs) names.push_back(known.name);
        Suggest(diagnostics_.Report(DiagnosticCode::UnknownPack, use->pack.span,
                                    "there is no pack " + Quoted(use->pack.text)),
                use->pack.span, use->pack.text, names);
        continue;
      }
      const auto used = static_cast<std::size_t>(found - symbols_.packs.begin());
      symbols_.packs[pack].uses[use->pack.text] = used;
      if (use->alias) symbols_.packs[pack].uses[use->alias->text] = used;
    }
  }

  // ---------------------------------------------------------------- parameters
  // A rule without anything, for expressions that stand outside of rules.
  BoundExpr BindOutside(const ast::Expr& expr, std::size_t pack) {
    NameScope nothing;
    ExprBinder binder(context_, pack, {}, nothing);
    return binder.Bind(expr);
  }

  // The constant that an expression stands for. nullopt: reported.
  std::optional<BoundExpr> BindConstant(const ast::Expr& expr, std::size_t pack, const Type& type,
                                        const std::string& what) {
    NameScope nothing;
    ExprBinder binder(context_, pack, {}, nothing);
    BoundExpr value = binder.Bind(expr);
    if (value.type.IsError() || !binder.CheckAccepts(type, value, what)) return std::nullopt;
    if (const auto number = FoldNumber(value, set_.params)) {
      BoundExpr constant;
      constant.type = value.type;
      constant.span = expr.span;
      constant.number = *number;
      constant.version_parts = value.version_parts;
      constant.text = value.text;
      return constant;
    }
    if (value.kind == ExprKind::Constant) return value;
    diagnostics_.Report(DiagnosticCode::TypeMismatch, expr.span, what + " must be a constant");
    return std::nullopt;
  }

  void BindParam(const ParamOf& param) {
    const ast::Param& ast = *param.param;
    BoundParam& bound = set_.params[param.index];
    const auto type = FindType(ast.type);
    if (!type) {
      ReportUnknownType(ast.type, diagnostics_);
      return;
    }
    const std::string what = "parameter " + Quoted(ast.name.text);
    const auto value = BindConstant(*ast.value, param.pack, *type, what);
    if (!value) return;
    bound.type = *type;
    bound.value = *value;
    bound.default_value = *value;
    if (ast.range != nullptr) BindRange(*ast.range, param, *type, what);
    CheckRange(bound, bound.value, what);
  }

  void BindRange(const ast::Expr& range, const ParamOf& param, const Type& type, const std::string& what) {
    const BoundExpr bound = BindOutside(range, param.pack);
    if (bound.type.IsError()) return;
    const bool fits =
        bound.kind == ExprKind::Range && bound.type.kind == type.kind && bound.type.dimension == type.dimension;
    const auto low = fits ? FoldNumber(bound.operands[0], set_.params) : std::nullopt;
    const auto high = fits ? FoldNumber(bound.operands[1], set_.params) : std::nullopt;
    if (!low || !high || *low > *high) {
      diagnostics_.Report(DiagnosticCode::Range, range.span,
                          "the range of " + what + " must be two constants of its type, smaller first");
      return;
    }
    set_.params[param.index].range = {*low, *high};
    set_.params[param.index].range_text = sources_.text(range.span);
  }

  bool CheckRange(const BoundParam& param, const BoundExpr& value, const std::string& what) {
    if (!param.range || (value.number >= param.range->first && value.number <= param.range->second)) return true;
    diagnostics_.Report(DiagnosticCode::Range, value.span, what + " is out of its range", "not in " + param.range_text)
        .labels.push_back({param.span, "declared here"});
    return false;
  }

  void OverrideParams(const OverrideOf& override) {
    for (const auto& item : override.override->items) {
      const auto* change = std::get_if<ast::OverrideParam>(&item);
      if (change == nullptr) continue;
      const auto pack = FindPack(override);
      if (!pack) return;
      const auto& params = symbols_.packs[*pack].params;
      const auto param = params.find(change->name.text);
      if (param == params.end()) {
        ReportUnknownParam(change->name, *pack);
        continue;
      }
      BoundParam& bound = set_.params[param->second];
      if (bound.type.IsError()) continue;  // its declaration is wrong
      const std::string what = "parameter " + Quoted(bound.name);
      const auto value = BindConstant(*change->value, override.pack, bound.type, what);
      if (!value || !CheckRange(bound, *value, what)) continue;
      const bool differs = value->number != bound.value.number || value->text != bound.value.text;
      if (!bound.set_by.empty() && differs) {
        Diagnostic& d =
            diagnostics_.Report(DiagnosticCode::OverrideConflict, value->span,
                                "two overrides give " + Quoted(bound.name) + " different values", "this value");
        d.labels.push_back({bound.value.span, "and that one"});
        continue;
      }
      bound.value = *value;
      bound.set_by = PlaceOf(change->name.span, false);
    }
  }

  void ReportUnknownParam(const ast::Name& name, std::size_t pack) {
    std::vector<std::string_view> names;
    for (const auto& [known, index] : symbols_.packs[pack].params) names.push_back(known);
    Suggest(diagnostics_.Report(DiagnosticCode::UnknownParam, name.span,
                                "pack " + Quoted(symbols_.packs[pack].name) + " has no parameter " + Quoted(name.text)),
            name.span, name.text, names);
  }

  // The pack that an override names: itself, an alias, or a rule of it.
  std::optional<std::size_t> FindPack(const OverrideOf& override) {
    const ast::Name& target = override.override->target;
    const auto split = symbols_.Split(override.pack, target.text + ".x");
    if (split) return split->pack;
    const auto found = std::ranges::find(symbols_.packs, target.text, &PackSymbols::name);
    if (found != symbols_.packs.end()) return static_cast<std::size_t>(found - symbols_.packs.begin());
    diagnostics_.Report(DiagnosticCode::UnknownPack, target.span, "there is no pack " + Quoted(target.text))
        .helps.push_back(
            "parameters are overridden by pack: `override core { param … }` after `use spark.core as core`");
    return std::nullopt;
  }

  void SetParam(const ParamValue& setting) {
    const std::vector<std::uint32_t> found = FindParams(set_.params, setting.param);
    if (found.empty()) {
      diagnostics_
          .Report(DiagnosticCode::UnknownParam, setting.set_by + ": " + NoSuchParam(set_.params, setting.param))
          .helps.push_back("`advise params` lists all");
      return;
    }
    if (found.size() > 1) {
      diagnostics_
          .Report(DiagnosticCode::UnknownParam,
                  setting.set_by + ": several packs have a parameter " + Quoted(setting.param))
          .helps.push_back("write the pack too: `" + set_.params[found[0]].pack + "." + setting.param + "`");
      return;
    }
    BoundParam& param = set_.params[found[0]];
    if (param.type.IsError()) return;
    const auto pack = std::ranges::find(symbols_.packs, param.pack, &PackSymbols::name) - symbols_.packs.begin();
    const std::string what = "parameter " + Quoted(param.name);
    const auto value = BindConstant(*setting.value, static_cast<std::size_t>(pack), param.type, what);
    if (!value || !CheckRange(param, *value, what)) return;
    param.value = *value;
    param.set_by = setting.set_by;
  }

  // ---------------------------------------------------------------- definitions
  // Binds the body once with opaque arguments, so that a mistake is reported even if nobody uses the definition.
  void CheckDef(DefSymbol& symbol) {
    NameScope nothing;
    std::map<std::string, BoundExpr, std::less<>> formals;
    bool ok = true;
    for (const ast::Formal& formal : symbol.def->formals) {
      const auto type = FindType(formal.type);
      if (!type) {
        ReportUnknownType(formal.type, diagnostics_);
        ok = false;
        continue;
      }
      BoundExpr opaque;
      opaque.kind = ExprKind::Wildcard;
      opaque.type = *type;
      opaque.span = formal.name.span;
      formals.emplace(formal.name.text, std::move(opaque));
    }
    // A body that mentions a rule can only be bound after that rule: then its uses have to do for the check.
    if (!ok || ReadsRules(symbols_, symbol)) return;
    ExprBinder binder(context_, symbol.pack, {}, nothing);
    binder.SetFormals(std::move(formals));
    const BoundExpr body = binder.Bind(*symbol.def->body);
    symbol.too_large = binder.too_large();
    if (!symbol.def->result || body.type.IsError()) return;
    const auto result = FindType(*symbol.def->result);
    if (!result) {
      ReportUnknownType(*symbol.def->result, diagnostics_);
    } else {
      binder.CheckAccepts(*result, body, "the result of " + Quoted(symbol.def->name.text));
    }
  }

  // ---------------------------------------------------------------- rules
  void BindRules() {
    const RuleOrder order = OrderRules(symbols_, diagnostics_);
    std::optional<std::pair<Layer, int>> last;
    int stratum = -1;
    set_.rules.reserve(order.order.size());
    for (const std::size_t index : order.order) {
      RuleSymbol& symbol = symbols_.rules[index];
      const auto broken =
          std::ranges::find_if(order.reads[index], [&](std::size_t read) { return !symbols_.rules[read].bound; });
      if (!symbol.left_out && broken != order.reads[index].end()) {
        ReportLeftOut(symbol, symbols_.rules[*broken].rule->name.text);
        continue;
      }
      if (symbol.left_out) continue;
      const std::size_t before = diagnostics_.CountErrors();
      const std::size_t reported = diagnostics_.all().size();
      auto rule = BindRule(context_, symbol);
      if (!rule) {
        symbol.left_out = true;
        if (diagnostics_.CountErrors() == before) ReportLeftOut(symbol, {});
        const auto& all = diagnostics_.all();
        const auto first = std::find_if(all.begin() + static_cast<std::ptrdiff_t>(reported), all.end(),
                                        [](const Diagnostic& d) { return d.severity == advise::Severity::Error; });
        if (first != all.end()) AddBroken(symbol.pack, symbol.rule->name, *first);
        continue;
      }
      if (options_.tests || !set_.packs[symbol.pack].built_in) CheckConditions(*rule, set_.params, diagnostics_);
      const std::pair<Layer, int> level{symbol.rule->layer, order.depth[index]};
      if (level != last) ++stratum;
      last = level;
      rule->stratum = stratum;
      symbol.bound = static_cast<RuleIndex>(set_.rules.size());
      set_.rules.push_back(std::move(*rule));
    }
  }

  void ReportLeftOut(RuleSymbol& symbol, std::string_view read) {
    symbol.left_out = true;
    std::string message = "rule " + Quoted(symbol.rule->name.text) + " is left out: it reads ";
    message += read.empty() ? "something that has errors" : Quoted(read) + ", which has errors";
    const Diagnostic& d = diagnostics_.Report(DiagnosticCode::RuleLeftOut, symbol.rule->name.span, std::move(message));
    AddBroken(symbol.pack, symbol.rule->name, d);
  }

  // ---------------------------------------------------------------- what was left out
  void AddBroken(std::size_t pack, const ast::Name& name, const Diagnostic& d) {
    const SourceSpan span = d.labels.empty() ? name.span : d.labels.front().span;
    std::string id = symbols_.packs[pack].name + "." + name.text;
    if (std::ranges::find(set_.broken_rules, id, &BrokenRule::rule) != set_.broken_rules.end()) return;
    set_.broken_rules.push_back({std::move(id), d.code, PlaceOf(span, true), d.message});
  }

  // Rules that did not parse, that stand in a circle, and whose name stands twice are known by their diagnostics.
  void ListBrokenRules() {
    for (const RuleSymbol& symbol : symbols_.rules) {
      if (symbol.bound) continue;
      if (const Diagnostic* d = FirstErrorIn(symbol.rule->span)) AddBroken(symbol.pack, symbol.rule->name, *d);
    }
    for (const auto& [name, pack] : unparsed_) {
      const std::string_view before =
          sources_.text(name->span.source).substr(0, static_cast<std::size_t>(name->span.begin));
      const std::string_view head = Trim(before);
      const bool rule = head.ends_with("symptom") || head.ends_with("cause") || head.ends_with("advice");
      SourceSpan rest = name->span;
      rest.end = static_cast<std::uint32_t>(sources_.text(rest.source).size());
      if (const Diagnostic* d = rule ? FirstErrorIn(rest) : nullptr) AddBroken(pack, *name, *d);
    }
    std::ranges::sort(set_.broken_rules, {}, &BrokenRule::rule);
  }

  // The one that stands first in the text.
  [[nodiscard]] const Diagnostic* FirstErrorIn(SourceSpan span) const {
    const Diagnostic* first = nullptr;
    for (const Diagnostic& d : diagnostics_.all()) {
      if (d.severity != advise::Severity::Error || d.labels.empty()) continue;
      const SourceSpan at = d.labels.front().span;
      if (at.source != span.source || at.begin < span.begin || at.begin >= span.end) continue;
      if (first == nullptr || at.begin < first->labels.front().span.begin) first = &d;
    }
    return first;
  }

  // ---------------------------------------------------------------- what only `check` and `test` look at
  // A tag of one rule that is nearly the tag of others.
  void CheckTags() {
    struct Use {
      std::size_t rules = 0;
      SourceSpan span;
    };
    std::map<std::string, Use, std::less<>> uses;
    for (const RuleSymbol& symbol : symbols_.rules) {
      for (const ast::Clause& clause : symbol.rule->clauses) {
        const auto* meta = std::get_if<ast::MetaClause>(&clause.node);
        if (meta == nullptr || meta->key != ast::MetaKey::Tags) continue;
        for (const ast::ExprPtr& value : meta->values) {
          const auto* literal = std::get_if<ast::Literal>(&value->node);
          if (literal == nullptr) continue;
          Use& use = uses[literal->text];
          ++use.rules;
          use.span = value->span;
        }
      }
    }
    std::vector<std::string_view> common;
    for (const auto& [tag, use] : uses) {
      if (use.rules > 2) common.push_back(tag);
    }
    for (const auto& [tag, use] : uses) {
      const std::optional<std::string_view> near = use.rules == 1 ? DidYouMean(tag, common) : std::nullopt;
      if (!near || tag.size() < 4 || tag == std::string(*near) + "s" || *near == tag + "s") continue;
      Diagnostic& d =
          diagnostics_.Report(DiagnosticCode::UnknownTag, use.span,
                              "no other rule has the tag " + Quoted(tag) + "; did you mean " + Quoted(*near) + "?");
      d.fixes = {{use.span, "\"" + std::string(*near) + "\""}};
    }
  }

  // A test is chosen and reported by its name.
  void CheckTestNames() {
    std::map<std::pair<std::size_t, std::string_view>, const ast::Test*> seen;
    for (const TestOf& test : tests_) {
      const auto [first, fresh] = seen.emplace(std::pair(test.pack, std::string_view(test.test->name)), test.test);
      if (fresh) continue;
      const auto name = [&](const ast::Test& of) {
        SourceSpan span = of.span;
        const std::string_view text = sources_.text(span);
        std::size_t begin = 0;  // behind the doc comment
        while (begin < text.size() && Trim(text.substr(begin)).starts_with('#')) {
          const std::size_t line = text.find('\n', text.find('#', begin));
          if (line == std::string_view::npos) return span;
          begin = line + 1;
        }
        const std::size_t quote = text.find('"', begin);
        const std::size_t brace = text.find('{', quote);
        if (quote == std::string_view::npos || brace == std::string_view::npos) return span;
        span.end =
            span.begin + static_cast<std::uint32_t>(quote + 1 + Trim(text.substr(quote + 1, brace - quote - 1)).size());
        span.begin += static_cast<std::uint32_t>(quote);
        return span;
      };
      Diagnostic& d = diagnostics_.Report(DiagnosticCode::DuplicateName, name(*test.test),
                                          "test " + Quoted("\"" + test.test->name + "\"") + " stands twice in pack " +
                                              Quoted(symbols_.packs[test.pack].name),
                                          "again here");
      d.labels.push_back({name(*first->second), "first here"});
      d.helps.emplace_back("say in its name what is different");
    }
  }

  // Atoms look at the rules of the set, so the scope that may grow is a copy.
  void RelateRule(const RuleSymbol& symbol) {
    const auto is_relation = [](const ast::Clause& clause) {
      return std::holds_alternative<ast::RelationClause>(clause.node);
    };
    if (!symbol.bound || std::ranges::none_of(symbol.rule->clauses, is_relation)) return;
    BoundRule& rule = set_.rules[*symbol.bound];
    NameScope scope = rule;
    rule.relations = BindRelations(context_, symbol, scope);
    rule.slots = std::move(scope.slots);
  }

  // ---------------------------------------------------------------- overrides and suppressions of rules
  void OverrideRule(const OverrideOf& override) {
    const bool about_rule = std::ranges::any_of(
        override.override->items, [](const auto& item) { return !std::holds_alternative<ast::OverrideParam>(item); });
    if (!about_rule) return;
    const ast::Name& target = override.override->target;
    const auto index = symbols_.FindRule(override.pack, target.text);
    if (!index) {
      if (symbols_.IsBroken(override.pack, target.text)) return;
      Suggest(diagnostics_.Report(DiagnosticCode::UnknownRule, target.span, "there is no rule " + Quoted(target.text)),
              target.span, target.text, symbols_.RuleNames(override.pack));
      return;
    }
    if (!symbols_.rules[*index].bound) return;
    BoundRule& rule = set_.rules[*symbols_.rules[*index].bound];
    for (const auto& item : override.override->items) {
      if (const auto* severity = std::get_if<ast::OverrideSeverity>(&item)) {
        const auto level = BindSeverityValue(*severity->value, diagnostics_);
        if (!level) continue;
        rule.severity = {SeverityCase{*level, std::nullopt}};
        set_.changed_rules.push_back(
            {rule.Id(), "severity " + std::string(Word(*level)), "", PlaceOf(severity->value->span, false)});
      } else if (const auto* change = std::get_if<ast::OverrideSwitch>(&item)) {
        rule.disabled = !change->enable;
        rule.disabled_span = target.span;
        if (change->because) {
          rule.disabled_because = change->because->reason;
          if (change->because->until) rule.disabled_until_ms = change->because->until->number * 86'400'000.0;
        }
        set_.changed_rules.push_back(
            {rule.Id(), change->enable ? "enabled" : "disabled", rule.disabled_because, PlaceOf(target.span, false)});
      }
    }
  }

  // suppress core.spill(s) where s.job.name matches "^backfill_" because "…": a small rule over the head of another
  // one.
  void BindSuppression(const SuppressOf& suppress) {
    const ast::Suppress& ast = *suppress.suppress;
    NameScope scope;
    std::vector<Conjunct> conditions;
    ExprBinder binder(context_, suppress.pack, "suppress", scope);
    const auto atom = binder.BindAtom(ast.atom, true);
    if (!atom) return;
    if (ast.where != nullptr) binder.BindConjuncts(*ast.where, false, conditions);
    if (binder.failed()) return;
    BoundSuppression bound;
    bound.rule = atom->rule;
    for (const BoundExpr& argument : atom->arguments) {
      bound.arguments.push_back(argument.kind == ExprKind::Slot ? std::optional<SlotIndex>(argument.slot)
                                                                : std::nullopt);
    }
    bound.slots = std::move(scope.slots);
    bound.conditions = std::move(conditions);
    bound.reason = ast.because.reason;
    if (ast.because.until) bound.until_ms = ast.because.until->number * 86'400'000.0;
    bound.span = ast.span;
    bound.set_by = PlaceOf(ast.span, false);
    set_.suppressions.push_back(std::move(bound));
  }

  const SourceManager& sources_;
  const BindOptions& options_;
  Diagnostics& diagnostics_;
  BoundRules& set_;
  Symbols& symbols_;
  BindContext context_;
  std::vector<ParamOf> params_;
  std::vector<OverrideOf> overrides_;
  std::vector<SuppressOf> suppressions_;
  std::vector<TestOf> tests_;
  std::vector<std::pair<const ast::Use*, std::size_t>> uses_;
  std::vector<std::pair<const ast::Name*, std::size_t>> unparsed_;  // names of items that did not parse, and their pack
};

}  // namespace

BoundRules Bind(const SourceManager& sources, std::vector<PackSource> packs, const BindOptions& options,
                Diagnostics& diagnostics) {
  BoundRules set;
  set.symbols = std::make_unique<Symbols>();
  set.symbols->collect_names = options.tests;
  PackBinder(sources, options, diagnostics, set, *set.symbols).Run(std::move(packs));
  return set;
}

BoundTexts BindRuleTexts(const BoundRules& set, RuleIndex rule,
                         const std::vector<const std::vector<ast::TextSegment>*>& texts, std::string_view what,
                         const SourceManager& sources, const Limits& limits, Diagnostics& diagnostics) {
  const BoundRule& owner = set.rules[rule];
  const auto pack = std::ranges::find(set.symbols->packs, owner.pack, &PackSymbols::name);
  BindContext context{sources, limits, *set.symbols, set, diagnostics};
  NameScope scope = owner;
  ExprBinder binder(context, static_cast<std::size_t>(pack - set.symbols->packs.begin()), owner.name, scope);
  if (owner.group) binder.HideMembers(owner.group->group);
  BoundTexts bound;
  for (const std::vector<ast::TextSegment>* text : texts) {
    bound.texts.push_back(binder.BindText(*text, what));
    if (!set.symbols->collect_names) continue;
    MentionsOfText(*text, [&](const Mention& mention) {
      if (mention.kind == MentionKind::Name || mention.kind == MentionKind::Call)
        set.symbols->named_by_templates[rule].insert(mention.name->text);
    });
  }
  bound.slots = std::move(scope.slots);
  return bound;
}

}  // namespace advise::rules
