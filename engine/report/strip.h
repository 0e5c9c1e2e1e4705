// The time strip: where the time went, on one page width.
//
//         0s        20         40        60         80        100
//   slots          ▁▁▁▁▁▁▁▁█▁▃▄▄▃▁▁▇████████▇▇██████████████▅▃▁▅████▆▄
//   path  ├────────├─tables 28.8s─│├──scans──├──stage 50 35.4s─├──55─┤
//   find           └1                        └2                └3
#pragma once

#include <string>
#include <vector>

#include "report/report.h"

namespace advise::report {

// How fine Strip::busy is: finer than any page.
inline constexpr std::size_t kStripBins = 960;

// The rows of the strip in `columns` columns, without their labels: axis, slots, path, find. `find` is empty without
// pins.
struct StripRows {
  std::string axis;
  std::string slots;  // empty if the slots are unknown
  std::string path;
  std::string find;
};
StripRows DrawStrip(const Strip& strip, std::size_t columns);

// Labels of the axis: 0 and every step up to the end; step 1, 2 or 5 × 10ⁿ of a unit, so that there are 4 to 8 labels.
struct AxisLabel {
  std::int64_t at_ms = 0;
  std::string text;  // "0s", then bare numbers
};
std::vector<AxisLabel> AxisLabels(std::int64_t duration_ms);

}  // namespace advise::report
