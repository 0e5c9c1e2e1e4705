// The user's line of a stage: Details is a call stack, innermost first.
#include <algorithm>

#include "model/derive/derive.h"
#include "support/text.h"

namespace advise::model {
namespace {

// Frames of Spark, the JDK, Scala and the bridge from Python: nobody's own code. Spark's examples are somebody's.
constexpr std::string_view kForeign[] = {"org.apache.spark.", "java.",  "javax.", "jdk.", "sun.",
                                         "com.sun.",          "scala.", "py4j."};
constexpr std::string_view kExamples = "org.apache.spark.examples.";

// Empty if every frame is foreign.
std::string_view UserFrame(std::string_view details) {
  while (!details.empty()) {
    const std::size_t end = std::min(details.find('\n'), details.size());
    const std::string_view line = Trim(details.substr(0, end));
    details.remove_prefix(std::min(end + 1, details.size()));
    const bool foreign = std::any_of(std::begin(kForeign), std::end(kForeign),
                                     [&](std::string_view prefix) { return line.starts_with(prefix); });
    if (!line.empty() && (!foreign || line.starts_with(kExamples))) return line;
  }
  return {};
}

}  // namespace

void DeriveCallSites(JobModel& model) {
  StageTable& stages = model.stages;
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    const std::string_view frame = UserFrame(model.strings.Get(stages.details.Get(stage)));
    stages.call_site.Set(stage, frame.empty() ? stages.name.Get(stage) : model.strings.Intern(frame));
  }
}

}  // namespace advise::model
