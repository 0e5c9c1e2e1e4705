// The report as one HTML file: no network, complete without script and in print, dark where the reader is. The blocks
// of the page at all three levels, and the details of the run (report/details/) as tables and SVG.
#pragma once

#include <cstddef>
#include <string>

#include "report/page.h"
#include "report/report.h"

namespace advise::report {

// A page may be mailed: stages lose their inside, the last of the page first, until it is smaller than this; the page
// says so.
inline constexpr std::size_t kPageBytes = 1'500'000;

std::string WriteHtml(const Report& report);
// The blocks alone, as they stand inside the page.
std::string WriteHtmlBlocks(const Page& page);

}  // namespace advise::report
