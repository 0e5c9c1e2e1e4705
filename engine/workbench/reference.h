// The reference for rule authors: what rules may ask of a job, functions, parameters and rules. Made of schema.def, the
// function table, doc comments, templates and tests, so that it cannot say anything else than the program does.
#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "advise.h"
#include "report/page.h"
#include "support/result.h"

namespace advise::workbench {

// One thing that is described: members of its JSON object, and rows or columns of its page.
struct ReferenceField {
  std::string key;    // of JSON
  std::string label;  // of pages; empty: only in JSON
  std::vector<std::string> values;
  bool list = false;               // an array in JSON; else one text, null without
  std::optional<double> number{};  // in JSON instead of the text
};
struct ReferenceCode {
  std::string label;  // "a test"
  std::string text;
};
struct ReferenceEntry {
  std::string title;
  std::string doc;
  std::vector<ReferenceField> fields;
  std::vector<ReferenceCode> code;
};
// A table of entries below a heading; of an entry alone: all that is known of it.
struct ReferenceSection {
  std::string heading;
  std::string intro;
  std::vector<ReferenceEntry> entries;
  bool whole = false;  // each entry with its fields and code, not as a row
};
struct Reference {
  std::string kind;  // "schema", "functions", "params", "rules": a member of the JSON
  std::string title;
  std::string intro;
  std::vector<ReferenceSection> sections;
};

// "", "Stage", "Stage.duration". Errors: Usage, with the nearest name.
Result<Reference> SchemaReference(std::string_view name);
Result<Reference> FunctionReference(std::string_view name);
// "": all; a parameter, with its pack or without; a pack.
Result<Reference> ParamReference(const Rulebook& book, const SourceManager& sources, std::string_view name);
// "": all rules, a line each; a pack: its page, with the parameters; a rule: all of it. The book is compiled with
// tests.
Result<Reference> RuleReference(const Rulebook& book, const SourceManager& sources, std::string_view name);

report::Page PageOf(const Reference& reference);
// {"advise": …, "kind": …, "entries": […]}, ends with a line end.
void WriteReferenceJson(const Reference& reference, std::ostream& out);

}  // namespace advise::workbench
