// Geometry only: what is drawn was decided in the facts. Coordinates are whole or tenths, so that they are short and
// the same everywhere.
#include "report/writers/html/svg.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "report/strip.h"
#include "report/writers/html/html_text.h"
#include "support/format.h"

namespace advise::report {
namespace {

// "12.5", "12": tenths.
std::string Coordinate(double value) {
  const auto tenths = static_cast<std::int64_t>(std::floor(value * 10 + 0.5));
  const std::int64_t whole = std::abs(tenths) / 10;
  std::string text = (tenths < 0 ? "-" : "") + std::to_string(whole);
  if (tenths % 10 != 0) text += "." + std::to_string(std::abs(tenths) % 10);
  return text;
}

std::string Attribute(std::string_view name, double value) {
  return " " + std::string(name) + "=\"" + Coordinate(value) + "\"";
}

std::string Rect(std::string_view of_class, double x, double y, double width, double height) {
  return "<rect class=\"" + std::string(of_class) + "\"" + Attribute("x", x) + Attribute("y", y) +
         Attribute("width", width) + Attribute("height", height) + "/>";
}

std::string SvgText(std::string_view of_class, double x, double y, std::string_view text) {
  return "<text class=\"" + std::string(of_class) + "\"" + Attribute("x", x) + Attribute("y", y) + ">" +
         EscapeHtml(text) + "</text>";
}

std::string SvgLine(std::string_view of_class, double x1, double y1, double x2, double y2) {
  return "<line class=\"" + std::string(of_class) + "\"" + Attribute("x1", x1) + Attribute("y1", y1) +
         Attribute("x2", x2) + Attribute("y2", y2) + "/>";
}

std::string Title(std::string_view text) { return "<title>" + EscapeHtml(text) + "</title>"; }

std::string Link(std::string_view anchor, std::string_view label, const std::string& inside) {
  if (anchor.empty()) return inside;
  return "<a href=\"#" + std::string(anchor) + "\" aria-label=\"" + EscapeHtml(label) + "\">" + inside + "</a>";
}

// About as wide as the text is drawn, in the units of the charts.
double TextWidth(std::string_view text) {
  const auto characters =
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; });
  return static_cast<double>(characters) * 6.6;
}

// ---------------------------------------------------------------- timeline
constexpr double kLeft = 120;    // of the plot; left of it are the names of the rows
constexpr double kPlot = 960;    // width of the plot
constexpr double kWidth = 1100;  // of the whole chart
constexpr std::size_t kPlotBins = 240;
constexpr double kBinWidth = kPlot / static_cast<double>(kPlotBins);

// Means of equal groups of bins.
std::vector<double> Coarser(const std::vector<double>& bins) {
  if (bins.size() < kPlotBins || bins.size() % kPlotBins != 0) return bins;
  const std::size_t group = bins.size() / kPlotBins;
  std::vector<double> means(kPlotBins);
  for (std::size_t i = 0; i < bins.size(); ++i) means[i / group] += bins[i] / static_cast<double>(group);
  return means;
}

// The outline of bins as steps, closed at the foot. Something is never drawn as nothing.
std::string Steps(std::string_view of_class, const std::vector<double>& bins, double foot, double height) {
  const double width = kPlot / static_cast<double>(std::max<std::size_t>(1, bins.size()));
  std::string path;
  double level = 0;
  double run = 0;
  const auto go_on = [&] {
    if (run > 0) path += "h" + Coordinate(run);
    run = 0;
  };
  for (const double bin : bins) {
    const double up = bin <= 0 ? 0 : std::clamp(std::floor(bin * height + 0.5), 1.0, height);
    if (up != level) {
      go_on();
      path += "v" + Coordinate(level - up);
      level = up;
    }
    run += width;
  }
  go_on();
  if (path.empty()) return {};
  return "<path class=\"" + std::string(of_class) + "\" d=\"M" + Coordinate(kLeft) + " " + Coordinate(foot) + path +
         "V" + Coordinate(foot) + "z\"/>";
}

// Where a lane has no slots at all.
std::string Absent(const std::vector<bool>& present, double foot, double height) {
  std::string rects;
  for (std::size_t i = 0; i < present.size();) {
    if (present[i]) {
      ++i;
      continue;
    }
    const std::size_t from = i;
    while (i < present.size() && !present[i]) ++i;
    rects += Rect("absent", kLeft + static_cast<double>(from) * kBinWidth, foot - height,
                  static_cast<double>(i - from) * kBinWidth, height);
  }
  return rects;
}

struct RibbonPart {
  double from = 0;
  double to = 0;
  std::int64_t ms = 0;
  std::size_t pieces = 0;
  std::string name;
  std::string short_name;
  std::string of_class;
  std::string anchor;
};

std::string_view ClassOf(const PathSegment& segment, const PathPlace& place) {
  switch (segment.kind) {
    case PathKind::Tasks: return place.reads_shuffle ? "k-shuffle" : "k-scan";
    case PathKind::Driver: return "k-driver";
    case PathKind::Idle: return "k-idle";
  }
  return "";
}

// Segments too narrow to be seen share a part.
std::vector<RibbonPart> RibbonOf(const Strip& strip, const PathPlaces& places) {
  constexpr double kSeen = 3;
  const double scale = kPlot / static_cast<double>(strip.duration_ms);
  std::vector<RibbonPart> parts;
  for (const PathSegment& segment : strip.path) {
    const double from = static_cast<double>(segment.start_ms) * scale;
    const double to = static_cast<double>(segment.end_ms) * scale;
    const std::int64_t ms = segment.end_ms - segment.start_ms;
    const PathPlace place = places.Of(segment.piece);
    const bool small = to - from < kSeen;
    if (small && !parts.empty() && parts.back().of_class == "k-mixed") {
      parts.back().to = to;
      parts.back().ms += ms;
      parts.back().name = FormatCount(static_cast<std::int64_t>(++parts.back().pieces)) + " pieces";
      continue;
    }
    parts.push_back({from, to, ms, 1, segment.name, segment.short_name,
                     small ? "k-mixed" : std::string(ClassOf(segment, place)), place.anchor});
  }
  // Those that stay alone are what they are.
  return parts;
}

std::string DrawRibbon(const std::vector<RibbonPart>& parts, double top, double height) {
  std::string out;
  for (const RibbonPart& part : parts) {
    const double width = std::max(0.6, part.to - part.from);
    const std::string label = (part.name.empty() ? "driver" : part.name) + " " + FormatTime(part.ms);
    std::string inside = Title(label) + Rect(part.of_class, kLeft + part.from, top, width, height);
    for (const std::string& text : {label, part.name, part.short_name}) {
      if (text.empty() || TextWidth(text) + 8 > width) continue;
      inside += SvgText("on " + std::string(part.of_class) + "-text", kLeft + part.from + width / 2,
                        top + height / 2 + 4, text);
      break;
    }
    const bool alone = part.pieces == 1 && !part.anchor.empty();
    out += alone ? Link(part.anchor, label, inside) : "<g>" + inside + "</g>";
  }
  return out;
}

std::string DrawPins(const Strip& strip, double top) {
  std::vector<Pin> pins = strip.pins;
  std::ranges::stable_sort(pins, {}, &Pin::at_ms);
  std::string out;
  double last = -100;
  for (const Pin& pin : pins) {
    const double at = kLeft + static_cast<double>(pin.at_ms) * kPlot / static_cast<double>(strip.duration_ms);
    const double x = std::max(std::min(at + 10, kLeft + kPlot - 10), last + 22);
    last = x;
    const std::string number = std::to_string(pin.number);
    out += Link("f" + number, "finding " + number,
                SvgLine("pin-line", at, top, at, top + 6) + "<circle class=\"pin\"" + Attribute("cx", x) +
                    Attribute("cy", top + 13) + " r=\"9\"/>" + SvgText("pin-text", x, top + 17, number));
  }
  return out;
}

// "Critical path: start-up 17.5 s, stage 50 35.4 s, …" of what can be told apart.
std::string DescribeStrip(const Strip& strip) {
  constexpr std::size_t kNamed = 12;
  std::string text = "Critical path of the run:";
  std::size_t named = 0;
  for (const PathSegment& segment : strip.path) {
    const std::int64_t ms = segment.end_ms - segment.start_ms;
    if (ms * 50 < strip.duration_ms || segment.name.empty()) continue;
    if (named++ == kNamed) return text + " and more.";
    text += (named == 1 ? " " : ", ") + segment.name + " " + FormatTime(ms);
  }
  return named == 0 ? "Critical path of the run: many short pieces." : text + ".";
}

}  // namespace

PathPlaces::PathPlaces(const Report& report) {
  if (!report.details) return;
  for (const StageDetail& stage : report.details->stages)
    by_row_.emplace_back(stage.row, PathPlace{stage.anchor, stage.reads_shuffle});
  std::ranges::sort(by_row_, {}, &std::pair<std::uint32_t, PathPlace>::first);
}

PathPlace PathPlaces::Of(const diagnose::PathPiece& piece) const {
  if (piece.first != model::Entity::Stage) return {};
  const auto found = std::ranges::lower_bound(by_row_, piece.second, {}, &std::pair<std::uint32_t, PathPlace>::first);
  return found != by_row_.end() && found->first == piece.second ? found->second : PathPlace();
}

std::string DrawTimeline(const Strip& strip, const std::vector<Lane>& lanes, const PathPlaces& places) {
  if (strip.duration_ms <= 0) return {};
  constexpr double kAxis = 14;
  constexpr double kSlots = 48;
  constexpr double kRibbon = 26;
  constexpr double kLane = 15;
  std::string body;
  double y = kAxis + 6;
  const double top = y;
  if (!strip.busy.empty()) {
    body += SvgText("row-name", kLeft - 8, y + kSlots / 2 + 4, "slots in use");
    body += SvgLine("base", kLeft, y, kLeft + kPlot, y);
    body += Steps("area", Coarser(strip.busy), y + kSlots, kSlots);
    body += SvgLine("base", kLeft, y + kSlots, kLeft + kPlot, y + kSlots);
    y += kSlots + 8;
  }
  body += SvgText("row-name", kLeft - 8, y + kRibbon / 2 + 4, "critical path");
  body += DrawRibbon(RibbonOf(strip, places), y, kRibbon);
  y += kRibbon;
  if (!strip.pins.empty()) {
    body += SvgText("row-name", kLeft - 8, y + 17, "findings");
    body += DrawPins(strip, y);
    y += 26;
  }
  y += 6;
  for (const Lane& lane : lanes) {
    body += "<g>" + Title(lane.name) + SvgText("row-name", kLeft - 8, y + kLane - 3, lane.name) +
            Absent(lane.present, y + kLane, kLane) + Steps("lane", lane.busy, y + kLane, kLane) +
            SvgLine("base", kLeft, y + kLane, kLeft + kPlot, y + kLane) + "</g>";
    y += kLane + 4;
  }
  std::string axis;
  for (const AxisLabel& label : AxisLabels(strip.duration_ms)) {
    const double x = kLeft + static_cast<double>(label.at_ms) * kPlot / static_cast<double>(strip.duration_ms);
    axis += SvgText("tick", x, kAxis - 3, label.text) + SvgLine("grid", x, kAxis, x, y);
  }
  return "<svg id=\"timeline\" class=\"timeline\" viewBox=\"0 0 " + Coordinate(kWidth) + " " + Coordinate(y + 2) +
         "\" role=\"group\" aria-labelledby=\"timeline-title timeline-text\" data-ms=\"" +
         std::to_string(strip.duration_ms) + "\" data-left=\"" + Coordinate(kLeft) + "\" data-plot=\"" +
         Coordinate(kPlot) + "\"><title id=\"timeline-title\">Timeline of the run</title><desc id=\"timeline-text\">" +
         EscapeHtml(DescribeStrip(strip)) +
         "</desc><defs><pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
         "patternTransform=\"rotate(45)\"><rect class=\"hatch-back\" width=\"6\" height=\"6\"/>"
         "<line class=\"hatch-line\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\"/></pattern></defs>" +
         axis + "<rect id=\"range\" class=\"range\"" + Attribute("x", kLeft) + Attribute("y", top) + " width=\"0\"" +
         Attribute("height", y - top) + "/>" + body + "</svg>\n";
}

std::string DrawAccounts(const std::vector<AccountDetail>& accounts) {
  constexpr double kBar = 1100;
  constexpr double kHeight = 34;
  std::int64_t whole = 0;
  for (const AccountDetail& account : accounts) whole += account.ms;
  if (whole <= 0) return {};
  std::string body;
  double x = 0;
  for (const AccountDetail& account : accounts) {
    const double width = static_cast<double>(account.ms) * kBar / static_cast<double>(whole);
    const std::string of_class = "r-" + std::to_string(static_cast<int>(account.role));
    // The label begins with what is drawn.
    const std::string label = account.label + (account.share.empty() ? " " : " " + account.share + ", ") + account.time;
    std::string inside = Title(label) + Rect(of_class + " part", x, 0, width, kHeight);
    for (const std::string& text : {account.label + " " + account.share, account.label}) {
      if (TextWidth(text) + 8 > width) continue;
      inside += SvgText("on " + of_class + "-text", x + width / 2, kHeight / 2 + 4, text);
      break;
    }
    body += Link("a-" + Slug(account.account), label, inside);
    if (account.claimed_ms > 0) {
      const double claimed = static_cast<double>(account.claimed_ms) * kBar / static_cast<double>(whole);
      body += Rect("save", x, kHeight + 2, std::min(claimed, width), 5);
    }
    x += width;
  }
  return "<svg class=\"accounts\" viewBox=\"0 0 1100 42\" role=\"group\" aria-label=\"Wall time of the run by what it "
         "went for; the same as the table below\">" +
         body + "</svg>\n";
}

std::string DrawSaving(const diagnose::Impact& impact, std::int64_t duration_ms) {
  constexpr double kBar = 150;
  if (!impact.high || duration_ms <= 0) return {};
  const auto at = [&](std::int64_t ms) {
    return std::clamp(static_cast<double>(ms) * kBar / static_cast<double>(duration_ms), 0.0, kBar);
  };
  return "<svg class=\"saving\" viewBox=\"0 0 150 12\" aria-hidden=\"true\">" + Rect("track", 0, 2, kBar, 8) +
         Rect("save-most", at(impact.low), 2, at(*impact.high) - at(impact.low), 8) +
         (impact.low > 0 ? Rect("save", 0, 2, at(impact.low), 8) : "") + "</svg>";
}

std::string DrawShare(double share) {
  return "<svg class=\"share\" viewBox=\"0 0 60 4\" aria-hidden=\"true\">" + Rect("track", 0, 0, 60, 4) +
         Rect("box", 0, 0, 60 * std::clamp(share, 0.0, 1.0), 4) + "</svg>";
}

std::string DrawScatter(const Scatter& scatter, const std::string& label) {
  constexpr double kX = 70;
  constexpr double kY = 10;
  constexpr double kStep = 5;
  const double right = kX + Scatter::kColumns * kStep;
  const double foot = kY + Scatter::kRows * kStep;
  // One path a size of dot: a move and a line without length draws a round dot.
  constexpr std::array<std::int64_t, 3> kMost = {1, 5, 25};
  std::array<std::string, 4> sizes;
  std::string failed;
  for (const Scatter::Dot& dot : scatter.dots) {
    const std::string x = Coordinate(kX + dot.x * kStep);
    const std::string y = Coordinate(foot - dot.y * kStep);
    if (dot.failed) {
      failed += "M" + x + " " + y + "m-3-3l6 6m0-6l-6 6";
      continue;
    }
    std::size_t size = 0;
    while (size < kMost.size() && dot.tasks > kMost[size]) ++size;
    sizes[size] += "M" + x + " " + y + "h0";
  }
  std::string body = SvgLine("base", kX, foot, right, foot) + SvgLine("base", kX, kY, kX, foot) +
                     SvgText("tick-left", kX - 6, kY + 8, scatter.y_max) + SvgText("tick-left", kX - 6, foot, "0") +
                     SvgText("tick-right", right, foot + 15, scatter.x_max) +
                     SvgText("tick", kX + Scatter::kColumns * kStep / 2, foot + 15, scatter.x_name);
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (!sizes[i].empty()) body += "<path class=\"dot dot-" + std::to_string(i) + "\" d=\"" + sizes[i] + "\"/>";
  }
  if (!failed.empty()) body += "<path class=\"cross\" d=\"" + failed + "\"/>";
  return "<svg class=\"scatter\" viewBox=\"0 0 " + Coordinate(right + 10) + " " + Coordinate(foot + 20) +
         "\" role=\"img\" aria-label=\"" + EscapeHtml("Tasks of " + label + ". " + scatter.summary) + "\">" + body +
         "</svg>\n";
}

std::string DrawBoxes(const std::vector<ExecutorBox>& boxes, const std::string& label) {
  constexpr double kX = 90;
  constexpr double kBoxes = 440;
  constexpr double kRow = 17;
  std::int64_t longest = 1;
  for (const ExecutorBox& box : boxes) longest = std::max(longest, box.max);
  const auto at = [&](std::int64_t ms) { return kX + static_cast<double>(ms) * kBoxes / static_cast<double>(longest); };
  std::string body;
  double y = 2;
  for (const ExecutorBox& box : boxes) {
    const double middle = y + kRow / 2;
    body += "<g>" + Title(box.executor + ": " + box.text) + SvgText("row-name", kX - 8, middle + 4, box.executor) +
            SvgLine("whisker", at(box.min), middle, at(box.max), middle) +
            Rect("box", at(box.p25), y + 3, std::max(1.0, at(box.p75) - at(box.p25)), kRow - 6) +
            SvgLine("median", at(box.p50), y + 2, at(box.p50), y + kRow - 2) + "</g>";
    y += kRow;
  }
  return "<svg class=\"boxes\" viewBox=\"0 0 540 " + Coordinate(y + 16) + "\" role=\"img\" aria-label=\"" +
         EscapeHtml("Durations of the tasks of " + label + " by executor, from zero") + "\">" +
         SvgLine("base", kX, 0, kX, y) + body + SvgText("tick", kX, y + 13, "0") +
         SvgText("tick-right", kX + kBoxes, y + 13, FormatTime(longest)) + "</svg>\n";
}

}  // namespace advise::report
