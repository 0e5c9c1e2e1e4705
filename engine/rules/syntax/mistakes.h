// Turns "the grammar would not take this token" into words a rule author can act on: typical mistakes by name,
// everything else as a short list of what could stand there. Inside rules/syntax only.
#pragma once

#include <cstddef>
#include <string_view>

#include "rules/syntax/session.h"
#include "support/diagnostics.h"

namespace advise::rules::syntax {

// What was being read when the parse stopped.
enum class Unit {
  Pack,
  Use,
  Param,
  Def,
  RuleHead,
  Clause,
  OverrideHead,
  OverrideItem,
  Suppress,
  TestHead,
  TestItem,
  Query,
  Effect,
  Hole
};

struct Stop {
  Failure failure;
  Unit unit = Unit::Clause;
  std::size_t unit_begin = 0;  // token
};

// Reports one diagnostic. Also handles a unit that ended well but is followed by something else (expected is then
// empty).
void ReportSyntaxError(const TokenList& tokens, const Stop& stop, Diagnostics& diagnostics);

// Places between units. `at` is the first token that begins no unit.
void ReportNoItem(const TokenList& tokens, std::size_t at, Diagnostics& diagnostics);
void ReportNoBlockEntry(const TokenList& tokens, std::size_t at, std::size_t opener, Unit unit,
                        Diagnostics& diagnostics);

// A token as a message shows it: `name`, the end of the file, a text cut to a sensible length.
std::string Shown(const TokenList& tokens, std::size_t at);

}  // namespace advise::rules::syntax
