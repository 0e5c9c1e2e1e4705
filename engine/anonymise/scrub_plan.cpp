// Plan texts: operators, functions and types stay; columns, tables, paths and literals do not.
#include <algorithm>
#include <array>

#include "anonymise/scrub.h"
#include "anonymise/vocabulary.h"
#include "support/text.h"

namespace advise::anonymise {
namespace {

bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool IsNameChar(char c) { return IsNameStart(c) || IsDigit(c) || c == '$'; }

std::size_t EndOfName(std::string_view text, std::size_t at) {
  while (at < text.size() && IsNameChar(text[at])) ++at;
  return at;
}
// A name with its dots: "db.orders", "a.b.c".
std::size_t EndOfDotted(std::string_view text, std::size_t at) {
  std::size_t end = EndOfName(text, at);
  while (end + 1 < text.size() && text[end] == '.' && IsNameStart(text[end + 1])) end = EndOfName(text, end + 1);
  return end;
}
std::size_t EndOfPath(std::string_view text, std::size_t at) {
  while (at < text.size() && std::string_view(" ,;[](){}\"'`").find(text[at]) == std::string_view::npos) ++at;
  return at;
}
// "s3://…", "file:/…", "/data": a scheme and a slash, or a slash before a name.
bool IsPathAt(std::string_view text, std::size_t at) {
  if (text[at] == '/') {
    const bool fresh = at == 0 || std::string_view(" [(,='\"").find(text[at - 1]) != std::string_view::npos;
    return fresh && at + 1 < text.size() && (IsNameChar(text[at + 1]) || text[at + 1] == '.');
  }
  if (!IsNameStart(text[at])) return false;
  const std::size_t end = EndOfName(text, at);
  return end + 1 < text.size() && text[end] == ':' && text[end + 1] == '/';
}

class PlanScrubber {
 public:
  PlanScrubber(std::string_view text, Pseudonyms& names) : text_(text), names_(names) {}

  std::string Run() {
    while (at_ < text_.size()) {
      if (IsPathAt(text_, at_)) {
        const std::size_t end = EndOfPath(text_, at_);
        out_ += ScrubPaths(text_.substr(at_, end - at_), names_);
        at_ = end;
      } else if (IsNameStart(text_[at_])) {
        Name();
      } else if (IsDigit(text_[at_])) {
        Number();
      } else {
        out_ += text_[at_++];
      }
    }
    return std::move(out_);
  }

 private:
  void Name() {
    const std::size_t dotted = EndOfDotted(text_, at_);
    const std::string_view whole = text_.substr(at_, dotted - at_);
    const std::size_t end = EndOfName(text_, at_);
    if (end < dotted && (names_.Has(NameKind::Table, whole) || !IsPublicClass(whole))) {
      if (const auto known = names_.Find(whole)) {
        out_ += *known;
        at_ = dotted;
        return;
      }
    }
    if (IsPublicClass(whole)) {
      out_ += whole;
      at_ = dotted;
      return;
    }
    const std::string_view name = text_.substr(at_, end - at_);
    const char next = end < text_.size() ? text_[end] : ' ';
    if (next == '#' && end + 1 < text_.size() && IsDigit(text_[end + 1])) {
      out_ += names_.For(NameKind::Column, name);
    } else if (names_.Has(NameKind::Table, name)) {
      out_ += names_.For(NameKind::Table, name);
    } else if (next != '(' && names_.Has(NameKind::Column, name) && !IsPlanKeyword(name)) {
      out_ += names_.For(NameKind::Column, name);
    } else if (IsPlanWord(name) || name == "L" || name == "x" || name == "X") {
      out_ += name;
    } else if (const auto known = names_.Find(name)) {
      out_ += *known;
    } else {
      out_ += names_.For(NameKind::Name, name);
    }
    at_ = end;
    SkipExpressionId();
  }

  // "#12L" stays: it names nothing.
  void SkipExpressionId() {
    if (at_ + 1 >= text_.size() || text_[at_] != '#' || !IsDigit(text_[at_ + 1])) return;
    do out_ += text_[at_++];
    while (at_ < text_.size() && IsDigit(text_[at_]));
    if (at_ < text_.size() && text_[at_] == 'L') out_ += text_[at_++];
  }

  // Long numbers may be ids of people; counts of partitions are short. A number glued to letters is part of a name.
  void Number() {
    constexpr std::size_t kShort = 5;
    const std::size_t begin = at_;
    while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
    const std::string_view digits = text_.substr(begin, at_ - begin);
    out_ += digits.size() <= kShort ? std::string(digits) : std::string("#");
    if (at_ < text_.size() && IsNameStart(text_[at_])) at_ = EndOfName(text_, at_);
  }

  // Words that structure a plan text cannot be told from a column of that name, so they stay.
  static bool IsPlanKeyword(std::string_view name) {
    constexpr std::array<std::string_view, 16> kKeywords = {"keys",  "functions", "output", "AS",   "ASC", "DESC",
                                                            "NULLS", "FIRST",     "LAST",   "AND",  "OR",  "IN",
                                                            "Scan",  "Exchange",  "true",   "false"};
    return std::ranges::find(kKeywords, name) != kKeywords.end();
  }

  std::string_view text_;
  Pseudonyms& names_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

void CollectPlanNames(std::string_view text, Pseudonyms& names) {
  for (std::size_t at = 0; at < text.size();) {
    if (!IsNameStart(text[at])) {
      ++at;
      continue;
    }
    const std::size_t end = EndOfName(text, at);
    if (end + 1 < text.size() && text[end] == '#' && IsDigit(text[end + 1]))
      names.For(NameKind::Column, text.substr(at, end - at));
    at = end;
  }
}

void CollectSchemaNames(std::string_view schema, Pseudonyms& names) {
  for (std::size_t at = 0; at < schema.size();) {
    if (!IsNameStart(schema[at])) {
      ++at;
      continue;
    }
    const std::size_t end = EndOfName(schema, at);
    if (end < schema.size() && schema[end] == ':') names.For(NameKind::Column, schema.substr(at, end - at));
    at = end;
  }
}

void CollectTable(std::string_view node_name, Pseudonyms& names) {
  const std::size_t scan = node_name.find("Scan ");
  if (scan == std::string_view::npos) return;
  std::string_view rest = node_name.substr(scan + 5);
  // The format stands before the table, if both are there.
  if (const std::size_t space = rest.find(' '); space != std::string_view::npos && IsPlanWord(rest.substr(0, space)))
    rest = rest.substr(space + 1);
  const std::size_t end = rest.find_first_of(" [(");
  const std::string_view table = rest.substr(0, end);
  if (table.empty() || IsPlanWord(table) || !IsNameStart(table[0])) return;
  names.For(NameKind::Table, table);
  // Also by its last part, as keys and messages name it.
  if (const std::size_t dot = table.rfind('.'); dot != std::string_view::npos && dot + 1 < table.size())
    names.For(NameKind::Table, table.substr(dot + 1));
}

std::string ScrubPlan(std::string_view text, Pseudonyms& names) { return PlanScrubber(text, names).Run(); }

std::string ScrubPaths(std::string_view text, Pseudonyms& names) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find(", ");
    const std::string_view path = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 2);
    if (!out.empty()) out += ", ";
    // "s3a://…", "file:/…"
    const std::size_t colon = path.find(":/");
    if (colon != std::string_view::npos && IsScheme(path.substr(0, colon)))
      out.append(path.substr(0, colon + (path.substr(colon).starts_with("://") ? 3 : 2)));
    out += names.For(NameKind::Path, path);
  }
  return out;
}

}  // namespace advise::anonymise
