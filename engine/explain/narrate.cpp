#include "explain/narrate.h"

#include "diagnose/print_value.h"
#include "rules/bind/bind.h"
#include "rules/syntax/parse.h"

namespace advise::explain {
namespace {

// Parses and binds one hole; its place in the template's file is found by its text.
std::optional<rules::BoundText> BindHole(const std::string& hole, rules::RuleSet& rules, rules::RuleIndex rule,
                                         SourceId source, const SourceManager& sources, const Limits& limits,
                                         Diagnostics& diagnostics) {
  const std::size_t found = sources.text(source).find(hole);
  const auto begin = static_cast<std::uint32_t>(found == std::string_view::npos ? 0 : found);
  std::vector<std::uint32_t> offsets(hole.size() + 1);
  for (std::size_t i = 0; i < offsets.size(); ++i) offsets[i] = begin + static_cast<std::uint32_t>(i);
  std::vector<rules::syntax::TemplateSegment> segments(1);
  segments[0].span = {source, begin, begin + static_cast<std::uint32_t>(hole.size())};
  segments[0].hole = rules::syntax::ParseHole(hole, source, offsets, limits, diagnostics);
  if (!segments[0].hole) return std::nullopt;
  return rules::BindRuleText(rules, rule, segments, "template", sources, limits, diagnostics);
}

// Values that a sentence prints; nullopt drops it.
HoleValue ValuesOf(const BoundTemplate& bound, const rules::Match& match, const rules::MatchReader& reader) {
  return [&bound, &match, &reader](std::string_view expression) -> std::optional<std::string> {
    const auto it = bound.holes.find(expression);
    if (it == bound.holes.end()) return std::nullopt;
    return diagnose::PrintWholeText(reader.Text(match, it->second));
  };
}

Narration NarrateMatch(std::string id, const BoundTemplate& bound, const rules::Match& match,
                       const rules::MatchReader& reader) {
  Narration narration;
  narration.id = std::move(id);
  narration.words = bound.text.words;
  const HoleValue value = ValuesOf(bound, match, reader);
  for (std::size_t level = 0; level < kLevels; ++level) {
    for (std::size_t heading = 0; heading < kHeadings; ++heading) {
      std::string text = FillHoles(bound.text.bodies[level][heading], value);
      if (!text.empty()) narration.levels[level].push_back({static_cast<Heading>(heading), std::move(text)});
    }
  }
  return narration;
}

}  // namespace

Explanations BindTemplates(const TemplateSet& templates, rules::RuleSet& rules, SourceManager& sources,
                           const Limits& limits, Diagnostics& diagnostics) {
  Explanations explanations;
  for (const auto& [name, text] : templates.by_rule) {
    const auto rule = rules.Find(name);
    if (!rule) continue;
    const SourceId source = sources.Add(text.file, text.source);
    BoundTemplate bound{text, {}};
    for (const std::string& hole : HolesOf(text)) {
      auto value = BindHole(hole, rules, *rule, source, sources, limits, diagnostics);
      if (value) bound.holes.emplace(hole, std::move(*value));
    }
    explanations.emplace(*rule, std::move(bound));
  }
  return explanations;
}

std::vector<Narration> Narrate(const Explanations& explanations, const rules::MatchResults& results,
                               const rules::MatchReader& reader, const std::vector<diagnose::Finding>& findings,
                               const std::vector<recommend::Recommendation>& recommendations) {
  std::vector<Narration> narrations;
  const auto add = [&](const std::string& id, std::size_t index) {
    const rules::Match& match = results.matches[index];
    const auto it = explanations.find(match.rule);
    if (it != explanations.end()) narrations.push_back(NarrateMatch(id, it->second, match, reader));
  };
  for (const diagnose::Finding& finding : findings) add(finding.id, finding.match);
  for (const recommend::Recommendation& recommendation : recommendations) add(recommendation.id, recommendation.match);
  return narrations;
}

}  // namespace advise::explain
