// Template files become a library: by the rule that they explain, with their holes bound. Read-only from then on.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "explain/template.h"
#include "rules/image/image.h"
#include "rules/plan/rule_set.h"

namespace advise::explain {

using TemplateLibrary = std::map<rules::RuleIndex, Template>;

struct TemplateFile {
  std::string path;
  std::string folder;  // it lies below this one, links and all
  std::string name;    // as messages show it: "explain-templates/core/skewed_join.md"
  bool own = false;    // of the user: it has to explain a rule that is there
  // The name of the rule that it explains, without its pack: that of the file.
  [[nodiscard]] std::string_view rule() const;
};

// The *.md files below a folder, at any depth, by path; README.md is none. `name` is what messages call the folder.
std::vector<TemplateFile> FindTemplates(const std::filesystem::path& folder, const std::string& name);

// The user's own: those in the folder `explain` beside each of these rule files, or in these packs' folders.
std::vector<TemplateFile> FindOwnTemplates(const std::vector<std::string>& rule_paths);

// Files that do not parse, and a second one for a rule, are reported and left out. So are holes that do not bind, with
// their sentences. Templates of rules that are not in the set are not bound; the user's own are then reported.
// The image is looked at for the others, if there is one.
TemplateLibrary ReadTemplates(const std::vector<TemplateFile>& files, const rules::RuleSet& rules,
                              const rules::Image* image, SourceManager& sources, const Limits& limits,
                              Diagnostics& diagnostics);

}  // namespace advise::explain
