// Facts to page: the order of the parts of a report and the blocks that each is made of.
#pragma once

#include "report/page.h"
#include "report/report.h"

namespace advise::report {

// As Report::level wants it. Every number and sentence is taken over from the report as it stands there.
Page MakePage(const Report& report);
// The findings that are shown, in order, as they stand in the page of this level.
std::vector<CardBlock> FindingCards(const Report& report, explain::Level level);

}  // namespace advise::report
