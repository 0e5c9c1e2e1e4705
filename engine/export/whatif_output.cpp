// Text and JSON of predictions.
#include "export/whatif_output.h"

#include <algorithm>
#include <cmath>
#include <ostream>

#include "cost/prices.h"
#include "export/log_json.h"
#include "support/format.h"
#include "support/json_stream.h"

namespace advise::exports {
namespace {

using cost::Interval;
using cost::Prediction;
using cost::WhatIfPoint;

std::int64_t Round(double value) { return static_cast<std::int64_t>(std::llround(value)); }

// ---------------------------------------------------------------- JSON
class WhatIfJson {
 public:
  WhatIfJson(const WhatIfOutput& output, std::ostream& out) : output_(output), json_(out) {}

  void Write() {
    json_.BeginObject(JsonLayout::LinePerMember);
    WriteAdviseMember(json_);
    json_.Key("log");
    WriteLogJson(output_.log, json_);
    json_.Key("app");
    App();
    json_.Key("base");
    json_.BeginObject();
    Integer("duration_ms", output_.answer.duration);
    Real("replay_error", output_.answer.replay.total);
    Real("in_job_error", output_.answer.replay.in_job);
    Real("frozen_share", output_.answer.replay.frozen_share);
    json_.EndObject();
    if (output_.answer.swept.empty()) {
      Point(output_.answer.points.front());
    } else {
      json_.Key("swept");
      json_.String(output_.answer.swept);
      json_.Key("knee");
      if (output_.answer.knee) {
        json_.Integer(Round(*output_.answer.knee));
      } else {
        json_.Null();
      }
      json_.Key("cheapest");
      if (output_.answer.cheapest) {
        json_.Integer(Round(*output_.answer.cheapest));
      } else {
        json_.Null();
      }
      json_.Key("points");
      json_.BeginArray(JsonLayout::LinePerMember);
      for (const WhatIfPoint& point : output_.answer.points) {
        json_.BeginObject();
        Point(point);
        json_.EndObject();
      }
      json_.EndArray();
    }
    json_.EndObject();
  }

 private:
  void Integer(std::string_view key, double value) {
    json_.Key(key);
    json_.Integer(Round(value));
  }
  void Real(std::string_view key, double value) {
    json_.Key(key);
    json_.Real(value);
  }
  void Text(std::string_view key, const std::string& value) {
    json_.Key(key);
    json_.String(value);
  }
  void TextOrNull(std::string_view key, const std::string& value) {
    json_.Key(key);
    if (value.empty()) {
      json_.Null();
    } else {
      json_.String(value);
    }
  }
  void StringOrNull(std::string_view key, const model::StrColumn& column) {
    json_.Key(key);
    if (column.Has(0)) {
      json_.String(output_.model.strings.Get(column.Get(0)));
    } else {
      json_.Null();
    }
  }

  void App() {
    json_.BeginObject();
    StringOrNull("id", output_.model.app.id);
    StringOrNull("name", output_.model.app.name);
    json_.EndObject();
  }

  void Range(std::string_view key, const Interval& interval) {
    json_.Key(key);
    json_.BeginObject();
    Integer("low", interval.low);
    Integer("mid", interval.mid);
    Integer("high", interval.high);
    json_.EndObject();
  }

  // Null: no price is known.
  void Money(const Prediction& prediction) {
    if (!prediction.core_hours) return json_.Null();
    const auto range = [&](std::string_view key, const Interval& interval) {
      json_.Key(key);
      json_.BeginObject();
      Real("low", interval.low);
      Real("mid", interval.mid);
      Real("high", interval.high);
      json_.EndObject();
    };
    json_.BeginObject();
    Text("currency", output_.answer.prices->currency);
    Text("billing", std::string(cost::Word(output_.answer.prices->billing)));
    json_.Key("now");
    if (output_.answer.spent->money) {
      json_.Real(*output_.answer.spent->money);
    } else {
      json_.Null();
    }
    if (prediction.money) {
      range("money", *prediction.money);
    } else {
      json_.Key("money");
      json_.Null();
    }
    range("core_hours", *prediction.core_hours);
    json_.EndObject();
  }

  void Point(const WhatIfPoint& point) {
    const Prediction& prediction = point.prediction;
    json_.Key("changes");
    json_.BeginArray();
    for (const cost::Change& change : point.changes) {
      json_.BeginObject();
      Text("text", change.text);
      Text("kind", change.kind);
      TextOrNull("key", change.key);
      TextOrNull("from", change.from);
      TextOrNull("to", change.to);
      json_.EndObject();
    }
    json_.EndArray();
    json_.Key("predicted");
    if (prediction.refused) {
      json_.Null();
    } else {
      json_.BeginObject();
      Range("time_ms", prediction.time);
      Range("slot_time_ms", prediction.slot_time);
      Range("shuffle_bytes", prediction.shuffle_bytes);
      Range("spill_bytes", prediction.spilled_bytes);
      json_.Key("cost");
      Money(prediction);
      json_.EndObject();
    }
    json_.Key("evidence_class");
    if (prediction.refused) {
      json_.Null();
    } else {
      json_.String(std::string(1, cost::Letter(prediction.evidence)));
    }
    json_.Key("caveats");
    json_.BeginArray();
    for (const std::string& caveat : prediction.caveats) json_.String(caveat);
    json_.EndArray();
    json_.Key("by_account");
    json_.BeginArray();
    for (const cost::AccountChange& account : prediction.accounts) {
      json_.BeginObject();
      Text("account", account.account);
      Integer("before_ms", account.before);
      Integer("after_ms", account.after);
      json_.EndObject();
    }
    json_.EndArray();
    json_.Key("refused");
    if (!prediction.refused) return json_.Null();
    json_.BeginObject();
    Text("code", prediction.refused->code);
    Text("text", prediction.refused->text);
    json_.EndObject();
  }

  const WhatIfOutput& output_;
  JsonStream json_;
};

// ---------------------------------------------------------------- text
constexpr std::size_t kLabel = 15;
constexpr std::size_t kWidth = 100;

// "LABEL          text", wrapped at words and indented below the text.
void Line(std::ostream& out, std::string_view label, std::string_view text) {
  std::string line(label);
  line.resize(std::max(kLabel, line.size() + 1), ' ');
  bool first = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    if (!first && line.size() + 1 + word.size() > kWidth) {
      out << line << '\n';
      line.assign(kLabel, ' ');
      first = true;
    }
    if (!first) line += ' ';
    line += word;
    first = false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  out << line << '\n';
}

std::string Times(const Interval& interval) {
  return FormatInterval(Round(interval.low), Round(interval.high)) + ", most likely " + FormatTime(Round(interval.mid));
}

std::string Bytes(double now, const Interval& then) {
  const std::string low = FormatBytes(Round(then.low));
  const std::string high = FormatBytes(Round(then.high));
  const std::string before = FormatBytes(Round(now));
  if (low == high) return low == before ? before + ", as now" : before + " now, " + low + " then";
  return before + " now, " + low + ".." + high + " then";
}

std::string Percent(double now, double then) {
  const double change = then / now - 1;
  const std::string size = FormatShare(std::abs(change));
  if (std::abs(change) < 0.005) return "as long as now";
  return size + (change < 0 ? " less" : " more");
}

// "2.41 USD now, then 0.85..1.10 USD, most likely 0.94 USD"
std::string MoneyText(const WhatIfOutput& output, const Prediction& prediction) {
  const std::optional<cost::Prices>& prices = output.answer.prices;
  if (!prices) return "no price is known: --prices FILE, `advise prices` prints an example";
  if (!prediction.core_hours) return "the log does not say how many cores and how much memory an executor had";
  const auto money = [&](double amount) { return cost::FormatMoney(amount, prices->currency); };
  if (prediction.money && output.answer.spent->money) {
    return money(*output.answer.spent->money) + " now, then " + money(prediction.money->low) + " .. " +
           money(prediction.money->high) + ", most likely " + money(prediction.money->mid) + ", by the prices of " +
           prices->source;
  }
  const std::string hours = cost::FormatMoney(output.answer.spent->core_hours, "core-hours") + " now, then " +
                            cost::FormatMoney(prediction.core_hours->mid, "core-hours");
  return hours + (prices->billing == cost::Billing::FixedCluster
                      ? "; the cluster is paid for as it stands, so the bill stays the same"
                      : "; no node of the table of prices holds such an executor");
}

void WriteChanges(std::ostream& out, const WhatIfPoint& point) {
  bool first = true;
  for (const cost::Change& change : point.changes) {
    const std::string was = change.from.empty() ? "" : " (was " + change.from + ")";
    Line(out, first ? "WHAT IF" : "", change.text + was);
    first = false;
  }
}

void WritePoint(std::ostream& out, const WhatIfOutput& output, const WhatIfPoint& point) {
  const Prediction& prediction = point.prediction;
  const double now = output.answer.duration;
  WriteChanges(out, point);
  if (prediction.refused) {
    Line(out, "REFUSED", prediction.refused->code + ": " + prediction.refused->text);
  } else {
    Line(out, "TIME",
         FormatTime(Round(now)) + " now, then " + Times(prediction.time) + ": " + Percent(now, prediction.time.mid) +
             ". Eight of ten runs, evidence " + cost::Letter(prediction.evidence));
  }
  if (!point.predicted) return;
  if (!prediction.refused) {
    Line(out, "SLOT TIME",
         FormatSlotTime(Round(output.answer.slot_time)) + " now, " + FormatSlotTime(Round(prediction.slot_time.low)) +
             ".." + FormatSlotTime(Round(prediction.slot_time.high)) + " then");
  }
  if (!prediction.refused) Line(out, "MONEY", MoneyText(output, prediction));
  Line(out, "SHUFFLE", Bytes(output.answer.volumes.shuffle_bytes, prediction.shuffle_bytes));
  if (output.answer.volumes.spilled_bytes > 0 || prediction.spilled_bytes.high > 0) {
    Line(out, "SPILL", Bytes(output.answer.volumes.spilled_bytes, prediction.spilled_bytes));
  }
  if (!prediction.refused) {
    bool first = true;
    for (const cost::AccountChange& account : prediction.accounts) {
      // What moves less than 2 % of the run is left out.
      if (std::abs(account.after - account.before) < 0.02 * now) continue;
      Line(out, first ? "WHERE" : "",
           account.account + " " + FormatTime(Round(account.before)) + " -> " + FormatTime(Round(account.after)));
      first = false;
    }
  }
  bool first = true;
  for (const std::string& caveat : prediction.caveats) {
    Line(out, first ? "NOTE" : "", caveat);
    first = false;
  }
}

void WriteSweep(std::ostream& out, const WhatIfOutput& output, bool unicode) {
  constexpr int kBar = 40;
  double most = output.answer.duration;
  for (const WhatIfPoint& point : output.answer.points) {
    if (!point.prediction.refused) most = std::max(most, point.prediction.time.high);
  }
  std::string name = output.answer.swept;
  Line(out, "WHAT IF", name + ", one after the other");
  for (std::size_t i = 1; i < output.answer.points.front().changes.size(); ++i) {
    Line(out, "", "and " + output.answer.points.front().changes[i].text);
  }
  for (const WhatIfPoint& point : output.answer.points) {
    std::string label = FormatCount(Round(*point.swept));
    label.insert(0, label.size() < 6 ? 6 - label.size() : 0, ' ');
    if (point.prediction.refused) {
      out << label << "  refused: " << point.prediction.refused->code << '\n';
      continue;
    }
    const Interval& time = point.prediction.time;
    const auto place = [&](double ms) { return static_cast<int>(std::lround(ms / most * kBar)); };
    std::string bar;
    for (int i = 0; i < kBar; ++i) {
      const bool inside = i >= place(time.low) && i < std::max(place(time.high), place(time.low) + 1);
      const bool before = i < place(time.low);
      bar += before ? (unicode ? "\u2588" : "#") : inside ? (unicode ? "\u2592" : "+") : " ";
    }
    out << label << "  " << bar << "  " << FormatInterval(Round(time.low), Round(time.high)) << "  "
        << FormatSlotTime(Round(point.prediction.slot_time.mid));
    if (point.prediction.money)
      out << "  " << cost::FormatMoney(point.prediction.money->mid, output.answer.prices->currency);
    out << '\n';
  }
  if (output.answer.knee) {
    Line(out, "KNEE", "From " + FormatCount(Round(*output.answer.knee)) + " on, twice as many gain less than 5 %.");
  }
  if (output.answer.cheapest) {
    Line(out, "CHEAPEST", FormatCount(Round(*output.answer.cheapest)) + ", by the prices of " +
                              output.answer.prices->source + ".");
  }
  std::vector<std::string> caveats;
  for (const WhatIfPoint& point : output.answer.points) {
    for (const std::string& caveat : point.prediction.caveats) {
      if (std::ranges::find(caveats, caveat) == caveats.end()) caveats.push_back(caveat);
    }
  }
  for (std::size_t i = 0; i < caveats.size(); ++i) Line(out, i == 0 ? "NOTE" : "", caveats[i]);
}

}  // namespace

void WriteWhatIfJson(const WhatIfOutput& output, std::ostream& out) {
  WhatIfJson(output, out).Write();
  out << '\n';
}

void WriteWhatIfText(const WhatIfOutput& output, bool unicode, std::ostream& out) {
  if (output.answer.swept.empty()) {
    WritePoint(out, output, output.answer.points.front());
  } else {
    WriteSweep(out, output, unicode);
  }
  const cost::ReplayError& replay = output.answer.replay;
  if (std::isnan(replay.total) || output.answer.duration <= 0) return;
  std::string text = "With nothing changed it comes out " + FormatShare(replay.total) + " off";
  if (!std::isnan(replay.in_job)) text += ", " + FormatShare(replay.in_job) + " in jobs";
  text += "; for " + FormatShare(replay.frozen_share) + " of the run no task ran, which is copied from the log.";
  Line(out, "REPLAY", text);
}

}  // namespace advise::exports
