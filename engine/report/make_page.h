// Facts to page: the order of the parts of a report and the blocks that each is made of.
#pragma once

#include "report/page.h"
#include "report/report.h"

namespace advise::report {

// As Report::level wants it. Every number and sentence is taken over from the report as it stands there.
Page MakePage(const Report& report);

}  // namespace advise::report
