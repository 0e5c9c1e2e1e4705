// Charts of the page as SVG: geometry is attributes, colours are classes of page.css, so that no style attribute stands
// in the page. Every chart has a title, and its numbers stand in a table beside it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/report.h"

namespace advise::report {

// Where a link to a stage leads, by the row of the model; empty: nowhere. The second says whether it reads a shuffle.
struct PathPlace {
  std::string anchor;
  bool reads_shuffle = false;
};
class PathPlaces {
 public:
  explicit PathPlaces(const Report& report);
  // Of a piece that is no stage, or of a stage that the page does not show: an empty place.
  [[nodiscard]] PathPlace Of(const diagnose::PathPiece& piece) const;

 private:
  std::vector<std::pair<std::uint32_t, PathPlace>> by_row_;  // ascending
};

// Slots in use, the critical path with its pins, and a lane an executor.
std::string DrawTimeline(const Strip& strip, const std::vector<Lane>& lanes, const PathPlaces& places);
// A bar whose parts are the accounts; each leads to its row `a-ACCOUNT`.
std::string DrawAccounts(const std::vector<AccountDetail>& accounts);
// How much of the run a finding could save at most.
std::string DrawSaving(const diagnose::Impact& impact, std::int64_t duration_ms);
// A small bar for a share of 0..1.
std::string DrawShare(double share);
std::string DrawScatter(const Scatter& scatter, const std::string& label);
std::string DrawBoxes(const std::vector<ExecutorBox>& boxes, const std::string& label);

}  // namespace advise::report
