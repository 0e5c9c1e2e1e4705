// The curve of a parameter, drawn in a terminal and written for machines.
#include <algorithm>
#include <iomanip>

#include "support/format.h"
#include "support/json_stream.h"
#include "support/text.h"
#include "workbench/share_output.h"
#include "workbench/tune.h"

namespace advise::workbench {
namespace {

constexpr std::size_t kBar = 24;   // characters of the longest bar
constexpr std::size_t kNames = 6;  // rules that are listed by name

std::string List(const std::vector<std::string>& names) {
  std::vector<std::string> some(names.begin(),
                                names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kNames)));
  return Join(some, ", ") + (names.size() > kNames ? " and " + std::to_string(names.size() - kNames) + " more" : "");
}

// What the curve says of the value in force.
std::string Verdict(const TuneCurve& curve) {
  const auto now =
      static_cast<std::size_t>(std::ranges::find_if(curve.points, &TunePoint::in_force) - curve.points.begin());
  if (!curve.flat) return "no two neighbouring values give the same findings: every choice is a cliff";
  const auto [first, last] = *curve.flat;
  if (first == 0 && last + 1 == curve.points.size()) return "nothing in these logs depends on it in this range";
  const std::string region = curve.points[first].text + " to " + curve.points[last].text;
  if (now >= first && now <= last) {
    return "widest flat region: " + region + ", where no finding changes; the value in force, " +
           curve.points[now].text + ", lies in it";
  }
  return "widest flat region: " + region + ", where no finding changes; the value in force, " + curve.points[now].text +
         ", lies outside";
}

}  // namespace

void WriteTuneText(const TuneCurve& curve, std::ostream& out) {
  out << curve.param << (curve.range.empty() ? "" : ", range " + curve.range) << ", on " << curve.logs
      << (curve.logs == 1 ? " log" : " logs");
  if (curve.labelled > 0) out << ", " << curve.labelled << " of them labelled";
  if (curve.held_out > 0) out << " (and " << curve.held_out << " held out: their labels are for `advise eval` alone)";
  out << "\nread by " << (curve.direct.empty() ? "no condition of a rule" : List(curve.direct));
  if (!curve.dependent.empty()) out << "; " << curve.dependent.size() << " more rules read their findings";
  out << "\n\n";
  std::size_t width = 5;
  std::size_t most = 1;
  for (const TunePoint& point : curve.points) {
    width = std::max(width, point.text.size());
    most = std::max(most, point.findings + point.advices);
  }
  const bool labels = curve.labelled > 0;
  out << "  " << std::right << std::setw(static_cast<int>(width)) << "value"
      << "  findings  advices  logs   come     go";
  if (labels)
    out << "  " << std::left << std::setw(24) << "allowed by labels"
        << "  "
        << "found of labels";
  out << '\n';
  for (const TunePoint& point : curve.points) {
    out << (point.in_force ? "* " : "  ") << std::right << std::setw(static_cast<int>(width)) << point.text << "  "
        << std::setw(8) << point.findings << "  " << std::setw(7) << point.advices << "  " << std::setw(4) << point.logs
        << "  " << std::setw(5) << (point.gained > 0 ? "+" + std::to_string(point.gained) : "") << "  " << std::setw(5)
        << (point.lost > 0 ? "-" + std::to_string(point.lost) : "");
    if (labels) {
      out << "  " << std::left << std::setw(24) << ShareText(point.precision) << "  " << ShareText(point.recall);
    } else if (point.findings + point.advices > 0) {
      out << "  " << std::string(std::max<std::size_t>((point.findings + point.advices) * kBar / most, 1), '#');
    }
    out << '\n';
  }
  out << "\n* in force. " << Verdict(curve) << '\n';
}

void WriteTuneJson(const TuneCurve& curve, std::ostream& out) {
  {
    JsonStream json(out);
    json.BeginObject(JsonLayout::LinePerMember);
    WriteAdviseMember(json);
    json.String("param", curve.param);
    json.StringOrNull("range", curve.range);
    json.Strings("read_by", curve.direct);
    json.Strings("dependent", curve.dependent);
    json.Count("logs", curve.logs);
    json.Count("labelled_logs", curve.labelled);
    json.Count("held_out_logs", curve.held_out);
    json.BeginArray("points", JsonLayout::LinePerMember);
    for (const TunePoint& point : curve.points) {
      json.BeginObject();
      json.Real("value", point.value);
      json.String("text", point.text);
      json.Bool("in_force", point.in_force);
      json.Count("findings", point.findings);
      json.Count("advices", point.advices);
      json.Count("logs", point.logs);
      json.Count("gained", point.gained);
      json.Count("lost", point.lost);
      WriteShare(json, "precision", point.precision);
      WriteShare(json, "recall", point.recall);
      json.EndObject();
    }
    json.EndArray();
    json.Key("flat");
    if (curve.flat) {
      json.BeginObject();
      json.Real("low", curve.points[curve.flat->first].value);
      json.Real("high", curve.points[curve.flat->second].value);
      json.EndObject();
    } else {
      json.Null();
    }
    json.EndObject();
  }
  out << '\n';
}

}  // namespace advise::workbench
