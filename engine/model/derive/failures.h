// Why a task attempt, a job or a stage failed, from the texts that Spark and the user's code leave.
#pragma once

#include <string>
#include <string_view>

#include "model/enums.h"

namespace advise::model {

// Unknown if the text is empty; Exception if it says something that no row of the table knows.
FailureClass ClassifyFailure(std::string_view message);

// The line that says why: the exception of the last try without Spark's "Job aborted due to stage failure …", the root
// cause of a chain of Java exceptions, the last line of a Python traceback; its first sentence, without the package of
// the exception, at most some 120 bytes. Empty if the text is.
std::string SummaryOfFailure(std::string_view message);

}  // namespace advise::model
