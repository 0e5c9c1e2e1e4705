// One function a format.
#include "ask/query_output.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "report/writers/text_layout.h"
#include "rules/bind/types.h"
#include "support/clean_text.h"
#include "support/json_stream.h"
#include "support/text.h"
#include "support/typed_value.h"

namespace advise::ask {
namespace {

constexpr std::size_t kLeastWidth = 12;  // of a column that is cut
constexpr std::size_t kGap = 2;

ValueForm FormOfColumn(const rules::BoundQuery& query, std::size_t column) {
  return FormOf(query.rule.evidence[column].value.type);
}

bool IsText(ValueForm form) {
  return form == ValueForm::Text || form == ValueForm::Word || form == ValueForm::Entity ||
         form == ValueForm::Version || form == ValueForm::Missing;
}

// The text of a number without loss; whole numbers without a point.
std::string Plain(double number) {
  std::array<char, 64> text{};
  constexpr double kWhole = 9e15;
  const bool whole = number == std::floor(number) && std::abs(number) < kWhole;
  const auto [end, error] = whole ? std::to_chars(text.data(), text.data() + text.size(),
                                                  static_cast<std::int64_t>(number))
                                  : std::to_chars(text.data(), text.data() + text.size(), number);
  return std::string(text.data(), end);
}

std::string Rows(std::size_t n) { return std::to_string(n) + (n == 1 ? " row" : " rows"); }

std::string CsvField(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

// What is not in the rows, and why.
std::vector<std::string> Remarks(const rules::QueryResult& result) {
  std::vector<std::string> remarks;
  if (result.rows.size() < result.found) {
    remarks.push_back(std::to_string(result.rows.size()) + " of " + Rows(result.found));
  } else {
    remarks.push_back(Rows(result.found));
  }
  if (result.unknown > 0) {
    remarks.push_back(std::to_string(result.unknown) + (result.unknown == 1 ? " more is" : " more are") +
                      " unknown: a condition asks for what is missing");
  }
  for (const rules::MissingInput& missing : result.missing) remarks.push_back(missing.name + ": " + missing.why);
  return remarks;
}

}  // namespace

std::string QueryText(const rules::BoundQuery& query, const rules::QueryResult& result, std::size_t width,
                      bool utf8) {
  std::vector<std::vector<std::string>> cells;  // the header, then the rows
  cells.emplace_back();
  for (std::size_t c = 0; c < query.columns; ++c)
    cells[0].push_back(PrintableText(query.rule.evidence[c].name, LineEnds::Replace));
  for (const std::vector<TypedValue>& row : result.rows) {
    cells.emplace_back();
    for (const TypedValue& value : row) cells.back().push_back(PrintValue(value).value_or("-"));
  }
  std::vector<std::size_t> widths(query.columns, 0);
  for (const std::vector<std::string>& row : cells) {
    for (std::size_t c = 0; c < query.columns; ++c)
      widths[c] = std::max(widths[c], report::Width(report::Paint(row[c], utf8)));
  }
  const auto total = [&] {
    std::size_t sum = kGap * (query.columns - 1);
    for (const std::size_t one : widths) sum += one;
    return sum;
  };
  while (total() > width) {
    const auto widest = std::ranges::max_element(widths);
    if (*widest <= kLeastWidth) break;
    *widest = std::max(kLeastWidth, *widest - std::min(*widest - kLeastWidth, total() - width));
  }
  std::string text;
  for (std::size_t r = 0; r < cells.size(); ++r) {
    report::Line line;
    for (std::size_t c = 0; c < query.columns; ++c) {
      const report::Line cell = report::Paint(Shorten(cells[r][c], widths[c]), utf8);
      const std::size_t begin = report::Width(line) + (c > 0 ? kGap : 0);
      const std::size_t used = report::Width(cell);
      const bool right = !IsText(FormOfColumn(query, c));
      report::Pad(line, begin + (right && used < widths[c] ? widths[c] - used : 0));
      report::Append(line, cell);
      report::Pad(line, begin + widths[c]);
    }
    text += report::Render(line, false) + "\n";
  }
  for (const std::string& remark : Remarks(result)) text += report::Render(report::Paint(remark, utf8), false) + "\n";
  return text;
}

std::string QueryCsv(const rules::BoundQuery& query, const rules::QueryResult& result) {
  std::string text;
  for (std::size_t c = 0; c < query.columns; ++c) {
    const std::string_view unit = UnitText(FormOfColumn(query, c));
    std::string name = query.rule.evidence[c].name;
    if (!unit.empty()) name += " [" + std::string(unit) + "]";
    text += (c > 0 ? "," : "") + CsvField(ValidUtf8(name));
  }
  text += "\r\n";
  for (const std::vector<TypedValue>& row : result.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      const TypedValue& value = row[c];
      if (c > 0) text += ",";
      if (value.form == ValueForm::Missing) continue;
      if (IsText(value.form)) {
        text += CsvField(CleanText(value.text));
      } else {
        text += value.form == ValueForm::Bool ? (value.number != 0 ? "true" : "false") : Plain(value.number);
      }
    }
    text += "\r\n";
  }
  return text;
}

void WriteQueryJson(const rules::BoundQuery& query, const rules::QueryResult& result, const model::LogInfo& log,
                    std::ostream& out) {
  {
    JsonStream json(out);
    json.BeginObject(JsonLayout::LinePerMember);
    WriteAdviseMember(json);
    json.String("log", log.path);
    json.BeginArray("columns");
    for (std::size_t c = 0; c < query.columns; ++c) {
      json.BeginObject();
      json.String("name", query.rule.evidence[c].name);
      json.StringOrNull("unit", UnitText(FormOfColumn(query, c)));
      json.EndObject();
    }
    json.EndArray();
    json.BeginArray("rows", JsonLayout::LinePerMember);
    for (const std::vector<TypedValue>& row : result.rows) {
      json.BeginArray();
      for (const TypedValue& value : row) {
        if (value.form == ValueForm::Missing) {
          json.Null();
        } else if (IsText(value.form)) {
          json.String(value.text);
        } else if (value.form == ValueForm::Bool) {
          json.Bool(value.number != 0);
        } else {
          json.Real(value.number);
        }
      }
      json.EndArray();
    }
    json.EndArray();
    json.Count("found", result.found);
    json.Count("unknown", result.unknown);
    json.BeginArray("missing");
    for (const rules::MissingInput& missing : result.missing) {
      json.BeginObject();
      json.String("name", missing.name);
      json.String("because", missing.why);
      json.EndObject();
    }
    json.EndArray();
    json.EndObject();
  }
  out << '\n';
}

}  // namespace advise::ask
