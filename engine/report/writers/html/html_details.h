// The details of a run (report/details/) as sections of the page: tables whose rows link to each other.
#pragma once

#include <string>

#include "report/report.h"
#include "report/writers/html/html_blocks.h"

namespace advise::report {

// The ledger: a bar and its table.
void WriteAccounts(const Details& details, HtmlBlocks& page);
// Which of the plan's steps to make: boxes to tick, and what each choice makes of the run, as a table.
void WriteChoices(const Report& report, HtmlBlocks& page);
// The pieces of the critical path as a table, for those who do not see the timeline.
void WritePath(const Strip& strip, HtmlBlocks& page);
// Streams by micro-batch, runs of days by day.
void WriteFolds(const Details& details, HtmlBlocks& page);
// The queries whose plan ranks before `inside` show it; the others are rows of the table alone.
void WriteQueries(const Details& details, std::size_t inside, HtmlBlocks& page);
// The stages whose inside ranks before `inside` show it; the others are rows of the table alone.
void WriteStages(const Details& details, std::size_t inside, HtmlBlocks& page);
void WriteExecutors(const Details& details, HtmlBlocks& page);

// "1 3": links to findings.
std::string FindingLinks(const std::vector<int>& numbers);

}  // namespace advise::report
