// The verdict of a run in which nothing worth changing was found: why its time cannot be reduced, as far as the log
// shows.
#pragma once

#include <string>

#include "report/verdict.h"

namespace advise::report {

std::string NothingParagraph(const VerdictInput& input);

}  // namespace advise::report
