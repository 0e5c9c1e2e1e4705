// Draws the rows of the strip into a number of columns; small neighbours share a cell, so that the path stays readable.
#include "report/strip.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "support/format.h"

namespace advise::report {
namespace {

constexpr std::array<std::string_view, 8> kEighths = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

// Code points; strip rows hold only characters of width 1.
std::size_t Columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

// The column in which a time lies, half-up on the left edge.
std::size_t ColumnOf(std::int64_t ms, std::int64_t duration_ms, std::size_t columns) {
  const double column = static_cast<double>(ms) * static_cast<double>(columns) / static_cast<double>(duration_ms);
  return static_cast<std::size_t>(std::clamp(std::floor(column + 0.5), 0.0, static_cast<double>(columns)));
}

// Places `text` at a column of the row; texts come in ascending order and keep one space between each other.
void PlaceAt(std::string& row, std::size_t column, std::string_view text) {
  const std::size_t used = Columns(row);
  const std::size_t from = used == 0 ? column : std::max(column, used + 1);
  row.append(from - used, ' ').append(text);
}

// ---------------------------------------------------------------- axis
struct AxisUnit {
  std::int64_t ms;
  std::string_view name;
};
AxisUnit UnitFor(std::int64_t duration_ms) {
  constexpr std::int64_t kMinute = 60'000;
  if (duration_ms < 2000) return {1, "ms"};
  if (duration_ms < 4 * kMinute) return {1000, "s"};
  if (duration_ms < 240 * kMinute) return {kMinute, "m"};
  if (duration_ms < 4 * 24 * 60 * kMinute) return {60 * kMinute, "h"};
  return {24 * 60 * kMinute, "d"};
}

// 15 tenths are "1.5", 20 tenths "2".
std::string Tenths(std::int64_t tenths) {
  std::string text = std::to_string(tenths / 10);
  if (tenths % 10 != 0) text += "." + std::to_string(tenths % 10);
  return text;
}

std::string DrawAxis(std::int64_t duration_ms, std::size_t columns) {
  std::string row;
  for (const AxisLabel& label : AxisLabels(duration_ms)) {
    const std::size_t column = ColumnOf(label.at_ms, duration_ms, columns);
    const std::size_t used = Columns(row);
    if ((used > 0 && column < used + 1) || column + label.text.size() > columns) continue;
    PlaceAt(row, column, label.text);
  }
  return row;
}

// ---------------------------------------------------------------- slots
// Mean of the bins that overlap [from, to), both in 0..1 of the run.
double MeanBusy(const std::vector<double>& bins, double from, double to) {
  const double n = static_cast<double>(bins.size());
  double sum = 0;
  for (std::size_t i = static_cast<std::size_t>(from * n); i < bins.size() && static_cast<double>(i) < to * n; ++i) {
    const double left = std::max(from * n, static_cast<double>(i));
    const double right = std::min(to * n, static_cast<double>(i + 1));
    sum += bins[i] * std::max(0.0, right - left);
  }
  return sum / ((to - from) * n);
}

std::string DrawSlots(const std::vector<double>& bins, std::size_t columns) {
  std::string row;
  for (std::size_t c = 0; !bins.empty() && c < columns; ++c) {
    const double busy = MeanBusy(bins, static_cast<double>(c) / static_cast<double>(columns),
                                 static_cast<double>(c + 1) / static_cast<double>(columns));
    if (busy <= 0) {
      row += ' ';
      continue;
    }
    const auto eighth = static_cast<std::size_t>(std::clamp(std::floor(busy * 8 + 0.5), 1.0, 8.0));  // never blank
    row += kEighths[eighth - 1];
  }
  while (row.ends_with(' ')) row.pop_back();
  return row;
}

// ---------------------------------------------------------------- path
struct PathCell {
  std::size_t from = 0;  // columns
  std::size_t to = 0;
  std::int64_t ms = 0;
  std::string name;
  std::string short_name;
};

// Segments of at least two columns stand alone; smaller neighbours share a cell, so that the row stays readable.
std::vector<PathCell> PathCells(const Strip& strip, std::size_t columns) {
  const auto column = [&](std::int64_t ms) { return ColumnOf(ms, strip.duration_ms, columns); };
  std::vector<PathCell> cells;
  std::size_t small = 0;  // segments in the last cell, if it is a shared one
  std::size_t small_stages = 0;
  for (const PathSegment& segment : strip.path) {
    const std::size_t from = cells.empty() ? 0 : cells.back().to;
    const std::size_t to = std::max(from, column(segment.end_ms));
    const std::int64_t ms = segment.end_ms - segment.start_ms;
    if (to >= from + 2 && ms * static_cast<std::int64_t>(columns) >= strip.duration_ms) {
      cells.push_back({from, to, ms, segment.name, segment.short_name});
      small = small_stages = 0;
      continue;
    }
    if (small == 0) cells.push_back({from, to, 0, segment.name, segment.short_name});
    ++small;
    small_stages += segment.kind == PathKind::Tasks ? 1 : 0;
    cells.back().to = to;
    cells.back().ms += ms;
    if (small > 1) {
      cells.back().name = small_stages > 0 ? FormatCount(static_cast<std::int64_t>(small_stages)) + " stages" : "";
      cells.back().short_name.clear();
    }
  }
  std::erase_if(cells, [](const PathCell& cell) { return cell.from == cell.to; });
  return cells;
}

// Seconds without a space, because the strip is narrow: "28.8s".
std::string TightTime(std::int64_t ms) {
  std::string text = FormatTime(ms);
  std::erase(text, ' ');
  return text;
}

void AppendRepeated(std::string& row, std::size_t n, std::string_view text) {
  for (std::size_t i = 0; i < n; ++i) row += text;
}

std::string DrawPath(const Strip& strip, std::size_t columns) {
  std::string row;
  const std::vector<PathCell> cells = PathCells(strip, columns);
  for (const PathCell& cell : cells) {
    const bool last = &cell == &cells.back();
    const std::size_t width = cell.to - cell.from - (last && cell.to - cell.from > 1 ? 1 : 0);
    if (width == 1) {
      row += last ? (cell.to - cell.from > 1 ? "├" : "┤") : "│";
      if (last && cell.to - cell.from > 1) row += "┤";
      continue;
    }
    std::string label;
    for (const std::string& text :
         {cell.name.empty() ? "" : cell.name + " " + TightTime(cell.ms), cell.name, cell.short_name}) {
      if (!text.empty() && Columns(text) + 2 <= width - 1) {
        label = text;
        break;
      }
    }
    const std::size_t line = width - 1 - Columns(label);
    row += "├";
    AppendRepeated(row, line / 2, "─");
    row += label;
    AppendRepeated(row, line - line / 2, "─");
    if (last) row += "┤";
  }
  return row;
}

// ---------------------------------------------------------------- findings
std::string DrawFindings(const Strip& strip, std::size_t columns) {
  std::vector<Pin> pins = strip.pins;
  std::ranges::stable_sort(pins, {}, &Pin::at_ms);
  std::string row;
  for (std::size_t i = 0; i < pins.size();) {
    const std::size_t column = std::min(ColumnOf(pins[i].at_ms, strip.duration_ms, columns), columns - 1);
    std::string label = "└" + std::to_string(pins[i].number);
    std::size_t next = i + 1;
    for (; next < pins.size() && ColumnOf(pins[next].at_ms, strip.duration_ms, columns) == column; ++next) {
      label += "," + std::to_string(pins[next].number);
    }
    // Pins near the right edge hang over to the left.
    const std::size_t latest = columns >= Columns(label) ? columns - Columns(label) : 0;
    if (std::max(std::min(column, latest), row.empty() ? 0 : Columns(row) + 1) + Columns(label) > columns) break;
    PlaceAt(row, std::min(column, latest), label);
    i = next;
  }
  return row;
}

}  // namespace

std::vector<AxisLabel> AxisLabels(std::int64_t duration_ms) {
  const AxisUnit unit = UnitFor(duration_ms);
  // In tenths of the unit (whole ms), so that 0.5 s is a step and nothing is a fraction.
  const std::int64_t tenth = std::max<std::int64_t>(1, unit.ms / 10);
  const std::int64_t scale = unit.ms == 1 ? 1 : 10;
  const std::int64_t length = duration_ms / tenth;
  std::int64_t step = 1;
  for (std::int64_t power = 1; length / step + 1 > 8; power *= 10) {
    for (const std::int64_t digit : {1, 2, 5}) {
      step = digit * power;
      if (length / step + 1 <= 8) break;
    }
  }
  std::vector<AxisLabel> labels;
  for (std::int64_t at = 0; at <= length; at += step) {
    std::string text = scale == 1 ? std::to_string(at) : Tenths(at);
    if (at == 0) text.append(unit.name);
    labels.push_back({at * tenth, std::move(text)});
  }
  return labels;
}

StripRows DrawStrip(const Strip& strip, std::size_t columns) {
  if (strip.duration_ms <= 0 || columns == 0) return {};
  return {DrawAxis(strip.duration_ms, columns), DrawSlots(strip.busy, columns), DrawPath(strip, columns),
          DrawFindings(strip, columns)};
}

}  // namespace advise::report
