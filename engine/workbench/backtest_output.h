// How `advise backtest` prints.
#pragma once

#include <ostream>

#include "workbench/backtest.h"

namespace advise::workbench {

void WriteBacktestText(const Backtest& backtest, std::ostream& out);
// One object, a member a line: kept under version control as a baseline.
void WriteBacktestJson(const Backtest& backtest, std::ostream& out);

}  // namespace advise::workbench
