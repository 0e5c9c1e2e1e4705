// Fills templates with the values of a match.
#include "explain/narrate.h"

#include <algorithm>
#include <utility>

#include "support/typed_value.h"

namespace advise::explain {
namespace {

using rules::BoundText;
using BoundLine = TemplateLine<BoundText>;
using BoundPart = TemplatePart<BoundText>;

class Teller {
 public:
  Teller(const Template& text, const rules::Match& match, const rules::MatchReader& reader)
      : template_(text), match_(match), reader_(reader) {}

  [[nodiscard]] Narration Tell(std::string id) const {
    Narration narration;
    narration.id = std::move(id);
    narration.words = template_.words;
    for (std::size_t level = 0; level < kLevels; ++level) {
      for (std::size_t heading = 0; heading < kHeadings; ++heading) {
        std::string text = Section(static_cast<Heading>(heading), static_cast<Level>(level));
        if (!text.empty()) narration.levels[level].push_back({static_cast<Heading>(heading), std::move(text)});
      }
    }
    return narration;
  }

 private:
  [[nodiscard]] std::string Section(Heading heading, Level level) const {
    std::string text;
    for (const BoundPart& part : template_.parts) {
      if (part.heading != heading || (part.level && part.level != level)) continue;
      const std::string filled = Fill(part);
      if (!text.empty() && !filled.empty()) text += "\n\n";
      text += filled;
    }
    return text;
  }

  // A line of which nothing is left is no line; nor are two empty lines.
  [[nodiscard]] std::string Fill(const BoundPart& part) const {
    std::string text;
    for (const BoundLine& line : part.lines) {
      if (line.kind == LineKind::Blank) {
        if (!text.empty() && !text.ends_with("\n\n")) text += '\n';
        continue;
      }
      if (!line.ruled_out.empty() && !IsRuledOut(line.ruled_out)) continue;
      const std::string filled = line.kind == LineKind::Fence ? line.fence : Words(line);
      const bool empty_code = line.kind == LineKind::Code && !line.texts.empty() && line.texts.front().empty();
      if (!filled.empty() || empty_code) text.append(filled) += '\n';
    }
    while (text.ends_with('\n')) text.pop_back();
    return text;
  }

  [[nodiscard]] bool IsRuledOut(const std::string& name) const {
    return std::ranges::any_of(match_.ruled_out, [&](const rules::RuledOutValue& other) {
      return other.phrase == name || (other.rule.ends_with(name) && other.rule.ends_with("." + name));
    });
  }

  [[nodiscard]] std::string Words(const BoundLine& line) const {
    std::string filled;
    for (const BoundText& text : line.texts) filled += Sentence(text);
    while (line.kind == LineKind::Words && filled.ends_with(' ')) filled.pop_back();
    // An item of which only the mark is left says nothing.
    return filled == "-" ? std::string() : filled;
  }

  // Empty: a value is missing, or a condition does not hold.
  [[nodiscard]] std::string Sentence(const BoundText& text) const {
    std::string filled;
    for (const rules::TextPiece& piece : text) {
      if (!piece.hole) {
        filled += piece.literal;
        continue;
      }
      const TypedValue value = reader_.Value(match_, *piece.hole, template_.slots);
      const auto printed = PrintValue(value);
      if (!printed || (piece.condition && value.number == 0)) return {};
      if (!piece.condition) filled += *printed;
    }
    return filled;
  }

  const Template& template_;
  const rules::Match& match_;
  const rules::MatchReader& reader_;
};

}  // namespace

std::vector<Narration> Narrate(const std::vector<const TemplateLibrary*>& libraries, const rules::MatchResults& results,
                               const rules::MatchReader& reader, const std::vector<diagnose::Finding>& findings,
                               const std::vector<recommend::Recommendation>& recommendations) {
  std::vector<Narration> narrations;
  const auto add = [&](const std::string& id, std::size_t index) {
    const rules::Match& match = results.matches[index];
    for (const TemplateLibrary* const library : libraries) {
      const auto found = library->find(match.rule);
      if (found == library->end()) continue;
      narrations.push_back(Teller(found->second, match, reader).Tell(id));
      return;
    }
  };
  for (const diagnose::Finding& finding : findings) add(finding.id, finding.match);
  for (const recommend::Recommendation& recommendation : recommendations) add(recommendation.id, recommendation.match);
  return narrations;
}

}  // namespace advise::explain
