// Diagnostics for programs: JSON, SARIF 2.1.0 (code scanning of forges), annotations of GitHub Actions. The drawing for
// terminals is diagnostic_render.h.
#pragma once

#include <ostream>

#include "support/diagnostics.h"
#include "support/json_stream.h"
#include "support/source.h"

namespace advise {

// An array of objects: code, severity, message, file, line, column, end_line, end_column (1-based, in code points; null
// without a place), labels, notes, helps, fixes. In the order of Sorted().
void WriteDiagnosticsJson(const SourceManager& sources, const Diagnostics& diagnostics, JsonStream& json);

// One SARIF log with one run, whose rules are the codes that occur. Ends with a line end.
void WriteSarif(const SourceManager& sources, const Diagnostics& diagnostics, std::ostream& out);

// One `::error file=…,line=…::message` a diagnostic.
void WriteGitHubAnnotations(const SourceManager& sources, const Diagnostics& diagnostics, std::ostream& out);

}  // namespace advise
