// Settings, codes, rules and the words of queries.
#include <algorithm>
#include <iterator>
#include <optional>
#include <sstream>

#include "ingest/ingest_stats.h"
#include "mcp/arguments.h"
#include "mcp/tools.h"
#include "metrics/catalogue.h"
#include "model/effective_setting.h"
#include "rules/functions/function.h"
#include "spark/settings.h"
#include "support/clean_text.h"
#include "support/diagnostics.h"
#include "support/did_you_mean.h"
#include "support/quoted.h"
#include "workbench/reference.h"

namespace advise::mcp {
namespace {

std::string_view ScopeText(spark::SettingScope scope) {
  switch (scope) {
    case spark::SettingScope::Session: return "session: can be set at run time, for one query";
    case spark::SettingScope::Static: return "submit: a SQL setting that is fixed when the application starts";
    case spark::SettingScope::Submit: return "submit: only when the application is submitted";
  }
  return {};
}

std::string VersionText(int version) { return std::to_string(version / 10) + "." + std::to_string(version % 10); }

std::string_view OriginText(spark::ValueOrigin origin) {
  switch (origin) {
    case spark::ValueOrigin::None: return "nowhere";
    case spark::ValueOrigin::Default: return "the default of its Spark version";
    case spark::ValueOrigin::Application: return "the application";
    case spark::ValueOrigin::Session: return "a session";
  }
  return {};
}

// Defaults of the versions, equal neighbours joined: {"3.0": "200"} holds from 3.0 on.
Json Defaults(const spark::Setting& setting) {
  constexpr int kVersions[] = {12, 13, 14, 15, 16, 20, 21, 22, 23, 24, 30, 31, 32, 33, 34, 35, 40, 41};
  Json defaults = Json::object();
  std::string last = "\n";
  for (const int version : kVersions) {
    if (!spark::ExistsIn(setting, version)) continue;
    const std::string value(spark::DefaultFor(setting, version).value_or(""));
    if (value != last) defaults[VersionText(version)] = value.empty() ? Json(nullptr) : Json(value);
    last = value;
  }
  return defaults;
}

Result<Answer> ExplainSetting(const Session& session, const Json& arguments, const spark::Setting& setting) {
  Answer answer;
  answer.evidence = "catalogue";
  answer.summary = "The Spark setting " + std::string(setting.key) + ".";
  answer.data = {{"kind", "setting"}, {"key", setting.key}, {"scope", ScopeText(setting.scope)}};
  answer.data["since"] = setting.first == 0 ? Json(nullptr) : Json(VersionText(setting.first));
  answer.data["gone"] = setting.gone == 0 ? Json(nullptr) : Json(VersionText(setting.gone));
  answer.data["public"] = setting.is_public;
  answer.data["default_since_version"] = Defaults(setting);
  if (setting.type == spark::SettingType::Bytes || setting.type == spark::SettingType::Time) {
    answer.units["bare number"] = (setting.type == spark::SettingType::Bytes ? "x B: " : "x ms: ") +
                                  std::to_string(static_cast<std::int64_t>(setting.bare));
  }
  Json older = Json::array();
  for (const std::string_view name : spark::OlderNames(setting)) older.push_back(name);
  answer.data["older_names"] = older;
  if (setting.first == 0) AddMissing(answer, "since", "the first version that has it is not known");
  if (!arguments.contains("log")) {
    AddMissing(answer, "its value in a run", "give `log`");
    return answer;
  }
  ADVISE_TRY(const service::ListedLog log, FindLog(session, arguments));
  ADVISE_TRY(const std::shared_ptr<const RunLog> run,
             session.analyst.ReadLog(log, AskFor(session, Json::object()), ingest::Detail::Rest));
  answer.log = log.id;
  answer.evidence = "measured";
  const spark::EffectiveValue value = model::EffectiveSetting(run->model, setting.key);
  answer.data["in_log"] = {{"value", value.text ? Json(*value.text) : Json(nullptr)},
                           {"set_by", OriginText(value.origin)}};
  if (!value.text) AddMissing(answer, "its value in the log", spark::Explain(value));
  AddNext(answer, "whatif", {{"log", log.id}, {"conf", {{setting.key, "NEW VALUE"}}}}, "what another value would do");
  return answer;
}

Answer ExplainCode(std::string_view code, std::string_view title, std::string_view text) {
  Answer answer;
  answer.evidence = "catalogue";
  answer.summary = "The code " + std::string(code) + " of advise.";
  answer.data = {{"kind", "code"}, {"code", code}, {"title", title}, {"text", text}};
  return answer;
}

Answer ExplainRule(const Session& session, rules::RuleIndex index) {
  const Rulebook& book = session.analyst.book();
  const rules::BoundRule& rule = book.rules.rules[index];
  Answer answer;
  answer.evidence = "catalogue";
  answer.summary = "The rule " + rule.Id() + ".";
  answer.data = {{"kind", "rule"},
                 {"rule", rule.Id()},
                 {"layer", rules::Word(rule.layer)},
                 {"category", rules::Word(rule.category)},
                 {"doc", rule.doc}};
  const auto words = book.templates.find(index);
  answer.data["title"] = words == book.templates.end() ? Json(nullptr) : Json(words->second.title);
  Json holds = Json::array();
  Json applies = Json::array();
  for (const rules::Conjunct& conjunct : rule.conjuncts) (conjunct.applies ? applies : holds).push_back(conjunct.text);
  answer.data["applies_when"] = std::move(applies);
  answer.data["holds_when"] = std::move(holds);
  Json ruled_out = Json::array();
  for (const rules::BoundRuledOut& other : rule.rules_out)
    ruled_out.push_back(other.rule.empty() ? other.phrase : other.rule);
  answer.data["rules_out"] = std::move(ruled_out);
  Json explains = Json::array();
  for (const rules::BoundAtom& atom : rule.explains) explains.push_back(book.rules.rules[atom.rule].Id());
  answer.data["explains"] = std::move(explains);
  Json parameters = Json::array();
  for (const rules::BoundParam& parameter : book.rules.params) {
    if (parameter.pack != rule.pack) continue;
    const bool used = std::ranges::any_of(rule.conjuncts, [&](const rules::Conjunct& conjunct) {
      return conjunct.text.find(parameter.name) != std::string::npos;
    });
    if (!used) continue;
    parameters.push_back(
        {{"name", parameter.pack + "." + parameter.name},
         {"value", parameter.value.text.empty() ? Json(parameter.value.number) : Json(parameter.value.text)},
         {"doc", parameter.doc}});
  }
  answer.units = {{"parameters[].value", "B, ms, or a plain number, as the rule uses it"}};
  answer.data["parameters"] = std::move(parameters);
  answer.data["link"] = rule.link.empty() ? Json(nullptr) : Json(rule.link);
  return answer;
}

// What the rule language, and `query`, may ask: the page of `advise schema` or `advise functions`. nullopt: neither has
// the name.
std::optional<Answer> ExplainLanguage(const std::string& what) {
  Result<workbench::Reference> page = workbench::SchemaReference(what == "schema" ? "" : what);
  if (!page) page = workbench::FunctionReference(what == "functions" ? "" : what);
  if (!page) return std::nullopt;
  std::ostringstream text;
  workbench::WriteReferenceJson(*page, text);
  Json entries = Json::parse(text.str()).at("entries");
  for (Json& entry : entries) {
    for (auto it = entry.begin(); it != entry.end();) {
      const bool empty = it->is_null() || (it->is_array() && it->empty());
      it = empty ? entry.erase(it) : std::next(it);
    }
  }
  Answer answer;
  answer.evidence = "catalogue";
  answer.summary = "What the language of rules and queries has: " + QuoteName(what) + ".";
  answer.data = {{"kind", page->kind}, {"entries", std::move(entries)}};
  return answer;
}

}  // namespace

Json ExplainSchema() {
  return Object({{"what", Text("a setting (spark.sql.shuffle.partitions), a code (torn-line), a rule "
                               "(spark.core.skewed_join); for queries: schema, an entity (Stage), an attribute "
                               "(Stage.duration), functions, a function (p95)")},
                 {"log", Text("of a setting: also its value in this log")},
                 {"max_bytes", BytesArgument()}},
                {"what"});
}

Result<Answer> Explain(const Session& session, const Json& arguments) {
  const auto what = arguments.at("what").get<std::string>();
  const rules::RuleSet& rules = session.analyst.book().rules;
  if (const auto rule = rules.Find(what)) return ExplainRule(session, *rule);
  if (const spark::Setting* setting = spark::FindByAnyName(what)) return ExplainSetting(session, arguments, *setting);
  std::vector<std::string> names;
  for (const DiagnosticInfo& info : AllDiagnostics()) {
    if (info.code == what) return ExplainCode(info.code, info.title, info.explanation);
    names.emplace_back(info.code);
  }
  for (const ingest::StatInfo& stat : ingest::AllStats()) {
    if (stat.code == what) return ExplainCode(stat.code, "a note about a log", stat.text);
    names.emplace_back(stat.code);
  }
  if (std::optional<Answer> language = ExplainLanguage(what)) return std::move(*language);
  for (const rules::BoundRule& rule : rules.rules) names.push_back(rule.Id());
  for (const std::string_view entity : metrics::EntityTypeNames()) names.emplace_back(entity);
  for (const std::string_view function : rules::FunctionNames()) names.emplace_back(function);
  if (const auto near = spark::NearestSetting(what)) names.emplace_back(*near);
  return Fail(
      DiagnosticCode::Usage,
      OrDidYouMean("there is no setting, code, rule, entity or function " + Quoted(CleanText(what, 200)), what, names));
}

}  // namespace advise::mcp
