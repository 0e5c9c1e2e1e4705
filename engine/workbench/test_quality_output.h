// Coverage and mutants for people and for machines.
#pragma once

#include <ostream>
#include <string_view>

#include "support/json_stream.h"
#include "workbench/rule_mutants.h"
#include "workbench/test_coverage.h"

namespace advise::workbench {

// A line each for what is not covered (what lives), then one with the numbers.
void WriteCoverageText(const Coverage& coverage, std::ostream& out);
void WriteMutantsText(const Mutants& mutants, std::ostream& out);

// The members `coverage` and `mutants` of an object.
void WriteCoverageJson(const Coverage& coverage, JsonStream& json);
void WriteMutantsJson(const Mutants& mutants, JsonStream& json);

}  // namespace advise::workbench
