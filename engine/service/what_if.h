// What-if questions as servers get them: the changes of `advise whatif`, as JSON.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "ask/what_if.h"
#include "service/analyst.h"

namespace advise::service {

// A question that was read and compiled.
struct WhatIfRequest {
  std::unique_ptr<SourceManager> sources;  // of the question
  ask::WhatIfQuestion question;
};

// The members of the document: `conf`, `executors`, … In the order of the options of the command.
std::span<const std::string_view> WhatIfMembers();

// {"conf": {"spark.executor.memory": "16g"}, "executors": 20, "cores": 4, "memory": "16g", "partitions": [8, 96],
//  "join": [{"how": "broadcast", "at": "12"}], "split": [3], "salt": [3], "cache": [3], "files": "128m",
//  "drop_stages": [3], "effects": ["scale app.stages.tasks.gc_time by 50%"], "apply": [1]}
// Each may be missing, not all. `executors` and `partitions` are a number, several, or a range as the command takes it
// ("2..40"). Errors (Usage): no JSON object, an unknown member, a value of another type or range, what
// WhatIfQuestion::Make finds; of an effect that does not compile the code of its first diagnostic, and the message has
// its lines.
Result<WhatIfRequest> ParseWhatIf(std::string_view json);

// The JSON of the contract `whatif`. An unknown step is a change that is refused.
std::string AnswerWhatIf(const Analysis& analysis, const WhatIfRequest& request);

}  // namespace advise::service
