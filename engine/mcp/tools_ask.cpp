// Questions in the language of the rules: why a finding is there, why another is not, and queries over the run.
#include <algorithm>
#include <sstream>

#include "ask/output.h"
#include "ask/query.h"
#include "ask/query_output.h"
#include "ask/why.h"
#include "ask/why_not.h"
#include "mcp/arguments.h"
#include "mcp/tools.h"
#include "metrics/catalogue.h"
#include "support/diagnostic_render.h"
#include "support/format.h"

namespace advise::mcp {
namespace {

using service::Examination;

constexpr std::size_t kShownDiagnostics = 5;  // of a query
constexpr std::size_t kFollowed = 3;          // calls of one kind in `next`
constexpr std::int64_t kMostCandidates = 100;

Result<std::shared_ptr<const Examination>> ExaminationFor(const Session& session, const Json& arguments,
                                                          Answer& answer) {
  ADVISE_TRY(const service::ListedLog log, FindLog(session, arguments));
  answer.log = log.id;
  return session.analyst.Examine(log, AskFor(session, arguments));
}

ask::AskedRun RunOf(const Session& session, const Examination& examination) {
  return {*examination.log, session.analyst.book(), session.analyst.sources(), examination.run.diagnosis,
          examination.run.report};
}

// The document of the command of the same name, without what the envelope says.
Json Facts(const std::ostringstream& text) {
  Json facts = Json::parse(text.str());
  facts.erase("advise");
  facts.erase("log");
  return facts;
}

Json QuestionMembers() {
  Json properties = {{"log", LogArgument()}};
  AddPartArguments(properties);
  properties["max_bytes"] = BytesArgument();
  return properties;
}

// A number of the report is a number or a text: 3 and "3".
std::string SelectorText(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

// The same call for another part of the log is another call.
Json OfSamePart(const Json& arguments, Json next) {
  for (const char* part : {"sql", "job"}) {
    if (arguments.contains(part)) next[part] = arguments.at(part);
  }
  return next;
}

std::string Count(std::size_t count, std::string_view one, std::string_view several) {
  return FormatCount(static_cast<std::int64_t>(count)) + " " + std::string(count == 1 ? one : several);
}

// The row of the first variable that stands in the id; `model` has all of its values.
void NextOfVariables(const Json& arguments, const std::string& id, const std::vector<ask::VariableShown>& variables,
                     Answer& answer) {
  for (const ask::VariableShown& variable : variables) {
    const auto type = metrics::FindEntityType(variable.type);
    if (!type || type->entity == model::Entity::App || variable.key.empty()) continue;
    const std::size_t place = id.find(variable.key, std::min(id.size(), id.find('(')));
    if (place == std::string::npos) continue;
    AddNext(
        answer, "model",
        OfSamePart(arguments, {{"log", answer.log}, {"entity", model::TableName(type->entity)}, {"id", variable.key}}),
        "every value of its " + variable.type);
    return;
  }
}

}  // namespace

// ---------------------------------------------------------------- why
Json WhySchema() {
  Json properties = QuestionMembers();
  properties["finding"] = {{"type", {"string", "integer"}},
                           {"description",
                            "a finding by its number in the report or its id, or a rule, with or without ids: "
                            "skewed_join, skewed_join(12, _); a recommendation by its id"}};
  return Object(properties, {"log", "finding"});
}

Result<Answer> Why(const Session& session, const Json& arguments) {
  ADVISE_TRY(const ask::Selector selector, ask::ParseSelector(SelectorText(arguments.at("finding"))));
  Answer answer;
  ADVISE_TRY(const std::shared_ptr<const Examination> examination, ExaminationFor(session, arguments, answer));
  ADVISE_TRY(const ask::WhyAnswer why, ask::AskWhy(RunOf(session, *examination), selector));
  std::ostringstream text;
  ask::WriteWhyJson(why, examination->log->info, text);
  answer.data = Facts(text);
  const ask::Derivation& found = why.found;
  answer.summary = "How " + QuoteName(found.id) + " follows from the log, " +
                   Count(found.conditions.size(), "condition.", "conditions.");
  answer.evidence = found.advices.empty() ? "measured" : "mixed";
  answer.units = {{"*_ms", "ms of wall time"},
                  {"confidence", "0..1"},
                  {"margin", "share of the limit by which the left side is beyond it"},
                  {"left, right, value", "a text with its unit"}};
  AddLogState(examination->run.report, answer);
  const auto next = [&](Json more, const char* tool, const std::string& what_for) {
    more["log"] = answer.log;
    AddNext(answer, tool, OfSamePart(arguments, std::move(more)), what_for);
  };
  if (!found.severity.empty()) next({{"finding", found.id}}, "findings", "its evidence and change");
  if (!found.explained_by.empty())
    next({{"finding", found.explained_by}}, "why", "why the finding that explains it is there");
  for (std::size_t i = 0; i < std::min(kFollowed, found.rests_on.size()); ++i)
    next({{"finding", found.rests_on[i].id}}, "why", "a finding that it rests on");
  for (const ask::AdviceShown& advice : found.advices) {
    if (!advice.chosen) continue;
    next({{"apply", Json::array({advice.id})}}, "whatif", "what a change against it would do");
    break;
  }
  std::size_t excluded = 0;
  for (const ask::RuledOutShown& other : found.ruled_out) {
    if (!session.analyst.book().rules.Find(other.what) || excluded++ == kFollowed) continue;
    next({{"rule", other.what}}, "why_not", "how far the run is from what was ruled out");
  }
  NextOfVariables(arguments, found.id, found.variables, answer);
  AddNext(answer, "explain", {{"what", found.rule}}, "what its rule looks for");
  return answer;
}

// ---------------------------------------------------------------- why_not
Json WhyNotSchema() {
  Json properties = QuestionMembers();
  properties["rule"] = Text("a rule, with or without ids: spill, spark.core.skewed_join, skewed_join(12, _)");
  properties["limit"] = Whole("most candidates of the answer; default 3", 1, kMostCandidates);
  return Object(properties, {"log", "rule"});
}

Result<Answer> WhyNot(const Session& session, const Json& arguments) {
  ADVISE_TRY(const ask::Selector selector, ask::ParseSelector(arguments.at("rule").get<std::string>()));
  Answer answer;
  ADVISE_TRY(const std::shared_ptr<const Examination> examination, ExaminationFor(session, arguments, answer));
  ADVISE_TRY(const ask::WhyNotAnswer why_not,
             ask::AskWhyNot(RunOf(session, *examination), selector, arguments.value("limit", std::size_t{3})));
  std::ostringstream text;
  ask::WriteWhyNotJson(why_not, examination->log->info, text);
  answer.data = Facts(text);
  answer.evidence = "measured";
  answer.summary = "The rule " + why_not.rule + " has " +
                   (why_not.there.empty() ? selector.ids ? "no such finding" : "no finding"
                                          : Count(why_not.there.size(), "finding", "findings")) +
                   " in this run";
  answer.summary += why_not.because.empty()
                        ? "; " + Count(why_not.heads, "place comes", "places come") + " into question."
                        : ": " + why_not.because + ".";
  answer.units = {{"margin", "share of the limit by which the left side misses it"},
                  {"number", "the parameter's base unit: ms, B, or a plain number"},
                  {"left, right, value", "a text with its unit"}};
  AddLogState(examination->run.report, answer);
  for (const rules::MissingInput& missing : why_not.missing) AddMissing(answer, missing.name, missing.why);
  if (why_not.candidates.size() < why_not.heads) {
    AddMissing(answer, Count(why_not.heads - why_not.candidates.size(), "candidate", "candidates") + " further off",
               "the nearest come first; ask for a larger limit, or name ids");
  }
  const auto next = [&](Json more, const char* tool, const std::string& what_for) {
    more["log"] = answer.log;
    AddNext(answer, tool, OfSamePart(arguments, std::move(more)), what_for);
  };
  for (std::size_t i = 0; i < std::min(kFollowed, why_not.there.size()); ++i)
    next({{"finding", why_not.there[i].id}}, "why", "why that one is there");
  for (const ask::WhyNotAnswer& other : why_not.waits_for)
    next({{"rule", other.rule}}, "why_not", "why the rule that it starts from found nothing");
  if (!why_not.candidates.empty())
    NextOfVariables(arguments, why_not.candidates.front().id, why_not.candidates.front().variables, answer);
  AddNext(answer, "explain", {{"what", why_not.rule}}, "what the rule looks for");
  return answer;
}

// ---------------------------------------------------------------- query
Json QuerySchema() {
  Json properties = QuestionMembers();
  properties["query"] = Text(
      "match PATTERN [group by x.attribute as g] [let NAME = EXPR] [where CONDITION] return EXPR [as NAME], … "
      "[order by EXPR [desc], …] [limit N]. For instance: match (s:Stage) where s.gc_share > 10% return s, "
      "s.gc_share, s.duration order by s.duration desc. Edges: (s:Stage)-[:Reads]->(h:Shuffle). Findings: where "
      "skewed_join(s, _). Durations, sizes and shares carry units: 30s, 64MiB, 10%. Names of entities, "
      "attributes, edges and functions: explain");
  properties["offset"] = Whole("skip so many rows", 0, 1'000'000);
  properties["limit"] = Whole("most rows of the answer; default 20", 1, 1'000);
  return Object(properties, {"log", "query"});
}

Result<Answer> Query(const Session& session, const Json& arguments) {
  const Rulebook& book = session.analyst.book();
  SourceManager sources = session.analyst.sources();  // diagnostics point at rules too; the text is not kept
  Diagnostics diagnostics;
  const auto query = ask::CompileQuery(book, arguments.at("query").get<std::string>(), sources, diagnostics);
  if (!query) {
    return Fail(DiagnosticCode::Usage,
                "the query has errors:\n" + Render(sources, diagnostics, {.max = kShownDiagnostics}),
                "`explain` gives the attributes of an entity (Stage) and what a function does");
  }
  Answer answer;
  ADVISE_TRY(const std::shared_ptr<const Examination> examination, ExaminationFor(session, arguments, answer));
  ADVISE_TRY(rules::QueryResult result, ask::AskQuery(book, examination->run.diagnosis, *query));

  const std::size_t total = result.rows.size();
  const std::size_t offset = std::min(arguments.value("offset", std::size_t{0}), total);
  const std::size_t wanted = std::min(offset + arguments.value("limit", std::size_t{20}), total);
  const auto row = [&](std::size_t i) { return result.rows.begin() + static_cast<std::ptrdiff_t>(i); };
  result.rows.erase(row(wanted), result.rows.end());
  result.rows.erase(result.rows.begin(), row(offset));
  std::ostringstream text;
  ask::WriteQueryJson(*query, result, examination->log->info, text);
  const Json facts = Facts(text);
  const std::size_t most_bytes = arguments.value("max_bytes", kDefaultBytes) * 3 / 4;
  Json page = Json::array();
  std::size_t bytes = 0;
  for (Json one : facts.at("rows")) {
    Neutralise(one);
    bytes += one.dump(-1, ' ', false, Json::error_handler_t::replace).size();
    if (bytes > most_bytes && !page.empty()) break;
    page.push_back(std::move(one));
  }
  const std::size_t end = offset + page.size();
  answer.evidence = "measured";
  answer.summary =
      Count(total, "row", "rows") + ", rows " + std::to_string(offset) + " to " + std::to_string(end) + " of them.";
  for (const Json& column : facts.at("columns")) {
    if (column.at("unit").is_string()) answer.units[column.at("name").get<std::string>()] = column.at("unit");
  }
  AddLogState(examination->run.report, answer);
  if (result.found > total)
    AddMissing(answer, Count(result.found - total, "row", "rows") + " more", "the query's own limit");
  if (result.unknown > 0)
    AddMissing(answer, Count(result.unknown, "row", "rows") + " more, perhaps", "a condition asks for what is missing");
  for (const rules::MissingInput& missing : result.missing) AddMissing(answer, missing.name, missing.why);
  if (end < wanted) AddMissing(answer, "rows from offset " + std::to_string(end), "the answer is kept small");
  answer.data = {{"columns", facts.at("columns")}, {"total", total}, {"offset", offset}};
  answer.data["next_offset"] = end < total ? Json(end) : Json(nullptr);
  answer.data["rows"] = std::move(page);
  if (end < total) {
    Json more = arguments;
    more["offset"] = end;
    AddNext(answer, "query", std::move(more), "the next rows");
  }
  if (answer.data["rows"].empty()) return answer;
  for (std::size_t c = 0; c < query->columns; ++c) {
    const rules::Type& type = query->rule.evidence[c].value.type;
    const Json& key = answer.data["rows"][0][c];
    if (type.kind != rules::TypeKind::Entity || !key.is_string() || type.entity->entity == model::Entity::App) continue;
    AddNext(
        answer, "model",
        OfSamePart(arguments, {{"log", answer.log}, {"entity", model::TableName(type.entity->entity)}, {"id", key}}),
        "every value of the first one");
    break;
  }
  return answer;
}

}  // namespace advise::mcp
