// Values of attributes as literals of the rule language.
#pragma once

#include <string>

#include "metrics/sql_metrics.h"

namespace advise::workbench {

// An attribute that has the unit of a SQL metric.
metrics::Attribute LiteralUnit(metrics::SqlMetricKind kind, metrics::SqlMetricPart part);

// The literal that gives exactly this stored number back: "60MiB", "1.5s", "12.5%", "3".
std::string LiteralOf(const metrics::Attribute& attribute, double stored);

// The stored number whose literal has at most so many digits that are not 0, in the unit that its size asks for.
double RoundForLiteral(const metrics::Attribute& attribute, double stored, int digits);

}  // namespace advise::workbench
