// References as pages and as JSON.
#include "workbench/reference.h"

#include <algorithm>
#include <cmath>

#include "support/did_you_mean.h"
#include "support/json_stream.h"
#include "support/quoted.h"
#include "support/text.h"
#include "workbench/reference_parts.h"

namespace advise::workbench {
namespace {

// The first paragraph of a doc comment, on one line.
std::string FirstParagraph(std::string_view doc) {
  std::string text(doc.substr(0, doc.find("\n\n")));
  std::ranges::replace(text, '\n', ' ');
  return text;
}

report::InlineText Inline(const ReferenceField& field) { return report::ParseInline(Join(field.values, ", ")); }

// A row an entry: its title, what it is, and the fields that have a label.
report::TableBlock TableOf(const std::vector<ReferenceEntry>& entries) {
  report::TableBlock table;
  table.columns.push_back({"name"});
  table.columns.push_back({"what"});
  for (const ReferenceField& field : entries.front().fields) {
    if (!field.label.empty()) table.columns.push_back({field.label});
  }
  for (const ReferenceEntry& entry : entries) {
    std::vector<report::InlineText>& row = table.rows.emplace_back();
    row.push_back(report::CodeInline(entry.title));
    row.push_back(report::ParseInline(FirstParagraph(entry.doc)));
    for (const ReferenceField& field : entry.fields) {
      if (!field.label.empty()) row.push_back(Inline(field));
    }
  }
  return table;
}

void AddParagraphs(std::string_view text, report::Page& page) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\n\n"), text.size());
    std::string paragraph(text.substr(0, end));
    std::ranges::replace(paragraph, '\n', ' ');
    page.blocks.emplace_back(report::ParagraphBlock{report::ParseInline(paragraph)});
    text.remove_prefix(std::min(end + 2, text.size()));
  }
}

void AddWhole(const ReferenceEntry& entry, report::Page& page) {
  AddParagraphs(entry.doc, page);
  report::KeyValueBlock rows;
  for (const ReferenceField& field : entry.fields) {
    if (field.label.empty() || field.values.empty()) continue;
    report::KeyValueBlock::Row row{field.label, {}};
    for (const std::string& value : field.values) row.values.push_back(report::ParseInline(value));
    rows.rows.push_back(std::move(row));
  }
  if (!rows.rows.empty()) page.blocks.emplace_back(std::move(rows));
  for (const ReferenceCode& code : entry.code) {
    page.blocks.emplace_back(report::HeadingBlock{code.label});
    report::CodeBlock block;
    std::string_view text = code.text;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      report::CodeLine line;
      line.code = text.substr(0, end);
      block.lines.push_back(std::move(line));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    page.blocks.emplace_back(std::move(block));
  }
}

}  // namespace

std::vector<std::string> OneValue(std::string text) {
  return text.empty() ? std::vector<std::string>() : std::vector<std::string>{std::move(text)};
}

tl::unexpected<Error> NoSuchName(std::string_view what, std::string_view name, const std::vector<std::string>& known,
                                 std::string_view command) {
  const auto near = DidYouMean(name, std::vector<std::string_view>(known.begin(), known.end()));
  return Fail(DiagnosticCode::Usage, "there is no " + std::string(what) + " " + Quoted(name),
              near ? "did you mean " + Quoted(*near) + "?" : Quoted(command) + " lists all");
}

report::Page PageOf(const Reference& reference) {
  report::Page page;
  page.blocks.emplace_back(report::TitleBlock{{reference.title}});
  AddParagraphs(reference.intro, page);
  for (const ReferenceSection& section : reference.sections) {
    if (section.entries.empty()) continue;
    if (!section.heading.empty()) page.blocks.emplace_back(report::HeadingBlock{section.heading});
    AddParagraphs(section.intro, page);
    if (section.whole) {
      for (const ReferenceEntry& entry : section.entries) AddWhole(entry, page);
    } else {
      page.blocks.emplace_back(TableOf(section.entries));
    }
  }
  return page;
}

void WriteReferenceJson(const Reference& reference, std::ostream& out) {
  {
    JsonStream json(out);
    json.BeginObject(JsonLayout::LinePerMember);
    WriteAdviseMember(json);
    json.String("kind", reference.kind);
    json.BeginArray("entries", JsonLayout::LinePerMember);
    for (const ReferenceSection& section : reference.sections) {
      for (const ReferenceEntry& entry : section.entries) {
        json.BeginObject();
        json.String("title", entry.title);
        json.StringOrNull("doc", entry.doc);
        for (const ReferenceField& field : entry.fields) {
          if (field.list) {
            json.Strings(field.key, field.values);
          } else if (field.number && *field.number == std::floor(*field.number) && std::abs(*field.number) < 9e15) {
            json.Integer(field.key, static_cast<std::int64_t>(*field.number));
          } else if (field.number) {
            json.Real(field.key, *field.number);
          } else {
            json.StringOrNull(field.key, field.values.empty() ? "" : field.values.front());
          }
        }
        if (!entry.code.empty()) {
          json.BeginObject("code");
          for (const ReferenceCode& code : entry.code) json.String(code.label, code.text);
          json.EndObject();
        }
        json.EndObject();
      }
    }
    json.EndArray();
    json.EndObject();
  }
  out << '\n';
}

}  // namespace advise::workbench
