// Versions of Spark.
#pragma once

#include <string>
#include <string_view>

namespace advise::spark {

// `known` is false for a log without LogStart. Vendor suffixes are dropped: 3.3.0-amzn-0 is 3.3.
struct SparkVersion {
  bool known = false;
  int major = 0;
  int minor = 0;
  int patch = 0;
  // 21 for 2.1, 30 for 3.0: the form of `since` in model/schema.def and of settings.def.
  [[nodiscard]] int since_code() const { return major * 10 + minor; }
};
// "3.3.0-amzn-0" → 3.3.0; unknown if it does not begin with digits, a dot and digits.
SparkVersion ParseSparkVersion(std::string_view text);

// 35 is "3.5".
std::string VersionText(int code);

}  // namespace advise::spark
