// `advise why`: how a finding, or an advice, follows from the rows of the log.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "advise.h"
#include "ask/select.h"
#include "ask/shown.h"

namespace advise::ask {

struct LetShown {
  std::string name;
  std::string text;                  // as written
  std::optional<std::string> value;  // nullopt: missing, or no single value
  Place place;
};

struct RuledOutShown {
  std::string what;  // a rule, or a phrase
  std::string because;
  std::vector<ConditionShown> conditions;  // of a clause `rules out`; empty: a condition of the rule itself excludes it
};

// What a finding costs at most, and what it holds of the ledger.
struct CostShown {
  bool stated = false;               // by a clause `costs`; else it is the time of its places on the critical path
  std::string text;                  // the clause as written
  Place place;
  std::optional<std::string> value;  // of the clause
  std::vector<TermShown> terms;
  std::optional<std::int64_t> bound_ms;  // clipped to the ledger: at most so much can be saved
  std::optional<std::int64_t> claimed_ms;
  std::vector<std::pair<std::string, std::int64_t>> claims;  // by account
  std::string inside;  // where it holds less than its bound: the finding that holds most of it
};

// What is advised against a finding.
struct AdviceShown {
  std::string id;
  std::string text;
  bool chosen = true;
  std::string reason;  // why it is not chosen
  std::optional<std::int64_t> saving_ms;  // alone; the middle of the interval
};

struct Derivation {
  std::string id;
  std::string rule;
  std::string layer;
  Place place;
  std::string title;
  int number = 0;            // in the report; 0: it is folded under another finding, hidden, or an advice
  std::string severity;      // of symptoms and causes; empty: it is hidden
  std::optional<std::int64_t> app_ms;  // duration of the application
  std::string suppressed;    // why it is hidden; empty: it is not

  std::vector<VariableShown> variables;
  std::string pattern;  // the clause `match` as written; empty: none
  Place pattern_place;
  std::vector<LetShown> lets;
  std::vector<ConditionShown> conditions;
  double confidence = 0;
  std::optional<ConditionShown> confidence_because;  // the condition of its case
  std::string confidence_text;                       // the case as written; empty: the rule states none
  std::vector<Derivation> rests_on;                  // findings that it starts from
  std::vector<std::string> explains;                 // findings folded under it, by id
  std::string explained_by;                          // the finding that it is folded under
  std::vector<RuledOutShown> ruled_out;
  std::optional<CostShown> cost;
  std::vector<AdviceShown> advices;
  // Of an advice:
  std::vector<std::string> changes;  // "spark.sql.adaptive.enabled = true (was false), session"
  std::vector<std::string> relations;  // "overlaps with spark.core.salt_join_key(12.0,3/7)"
  std::optional<AdviceShown> advice;
};

struct WhyAnswer {
  Derivation found;
  std::vector<std::string> others;  // further findings that fit, by id: other places of the number
};

// What is known of one run when a question is asked.
struct AskedRun {
  const RunLog& log;
  const Rulebook& book;
  const SourceManager& sources;
  const Diagnosis& diagnosis;
  const report::Report& report;  // of the same diagnosis
};

// The first match that the selector names: a finding in report order, then advices and what is hidden.
Result<std::size_t> FindMatch(const AskedRun& run, const Selector& selector);

// Errors: there is no such number or finding; the help says what to ask instead.
Result<WhyAnswer> AskWhy(const AskedRun& run, const Selector& selector);

}  // namespace advise::ask
