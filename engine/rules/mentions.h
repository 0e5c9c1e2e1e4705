// Every name that stands in a syntax tree, and what it is there: for what looks at uses of names (unused ones,
// editors).
#pragma once

#include <cstdint>
#include <functional>

#include "rules/ast.h"

namespace advise::rules {

enum class MentionKind : std::uint8_t {
  Declares,  // a param, def, rule, formal, let, group or pattern variable, or a given of a test, where it is introduced
  Name,      // a bare name: variable, let, parameter, `app`, attribute of a member
  Call,      // name(…): a function, a definition or another rule
  Rule,      // of an atom: `for`, `explains`, relations, `rules out`, expectations, overrides, suppressions
  Attribute,  // behind a dot; `object` is what stands before it. Of tests: the path of a property too
  Type,       // an entity, kind of node, or type of a value
  Edge,       // the label of an edge
  Param,      // of `override`
  Pack,       // of `use`, or the pack of an override
};

struct Mention {
  MentionKind kind = MentionKind::Name;
  const ast::Name* name = nullptr;
  const ast::Expr* object = nullptr;  // of Attribute
};
using VisitMention = std::function<void(const Mention&)>;

// In the order of the text, as far as the tree keeps it. Holes of texts are looked into.
void MentionsOfFile(const ast::File& file, const VisitMention& visit);
void MentionsOfItem(const ast::Item& item, const VisitMention& visit);
void MentionsOfRule(const ast::Rule& rule, const VisitMention& visit);
void MentionsOfText(const std::vector<ast::TextSegment>& text, const VisitMention& visit);

}  // namespace advise::rules
