// How `advise eval` prints a score.
#pragma once

#include <ostream>

#include "workbench/score.h"

namespace advise::workbench {

void WriteScoreText(const workbench::Score& score, std::ostream& out);
// One object, a member a line: kept under version control as a baseline, so that a change of the rules shows as a diff.
void WriteScoreJson(const workbench::Score& score, std::ostream& out);

}  // namespace advise::workbench
