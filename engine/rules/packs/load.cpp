// Reads the files of packs, parses, applies the settings of parameters, and binds all packs at once.
#include "rules/packs/load.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "rules/bind/bind.h"
#include "rules/image/tree_bytes.h"
#include "rules/packs/find.h"
#include "rules/plan/lower.h"
#include "rules/syntax/parse.h"
#include "rules/syntax/skip_tests.h"
#include "support/read_file.h"

namespace advise::rules {
namespace {

namespace fs = std::filesystem;

// The pack's name if it declares none: of the file without extension, or of the folder.
std::string NameOf(const fs::path& path) {
  const fs::path name = path.has_filename() ? path.filename() : path.parent_path().filename();
  return name.stem().string();
}

void ReportUnreadable(const fs::path& path, std::string_view why, Diagnostics& diagnostics) {
  diagnostics.Report(DiagnosticCode::RulesUnreadable, "`" + path.string() + "` " + std::string(why));
}

// The tree of a source, from the image if it is there. An image keeps only what parses without a word at the usual
// limits.
ast::File Parse(const SourceManager& sources, SourceId source, const Image* image, const Limits& limits,
                Diagnostics& diagnostics) {
  if (image != nullptr && limits.rule_nesting == Limits{}.rule_nesting) {
    const std::string_view bytes = image->Find(ImageKind::RuleFile, sources.text(source));
    if (auto tree = bytes.empty() ? std::nullopt : ReadTree(bytes, source)) return std::move(*tree);
  }
  return syntax::ParseFile(sources, source, limits, diagnostics);
}

SmallFile ReadFile(const fs::path& file, const std::string& pack, const CompileOptions& options) {
  if (options.open_files != nullptr) {
    const auto open = options.open_files->find(file.string());
    if (open != options.open_files->end()) return {open->second, ""};
  }
  return ReadSmallFile(file, file == fs::path(pack) ? fs::path() : fs::path(pack), options.limits.rule_bytes);
}

// Values that do not parse are reported and left out.
BindOptions OptionsOf(const CompileOptions& options, SourceManager& sources, Diagnostics& diagnostics) {
  BindOptions how;
  how.tests = options.tests;
  how.limits = options.limits;
  for (const ParamSetting& setting : options.params) {
    const SourceId source = sources.Add(setting.set_by + " " + setting.param, setting.value);
    ast::ExprPtr value = syntax::ParseExpr(sources, source, options.limits, diagnostics);
    if (value != nullptr) {
      how.params.push_back({setting.param, std::move(value), setting.set_by});
    } else {
      ++how.wrong_settings;
    }
  }
  return how;
}

RuleSet BindAndPlan(SourceManager& sources, std::vector<PackSource> packs, const CompileOptions& options,
                    Diagnostics& diagnostics) {
  const BindOptions how = OptionsOf(options, sources, diagnostics);
  return Lower(Bind(sources, std::move(packs), how, diagnostics));
}

}  // namespace

RuleSet Compile(SourceManager& sources, const std::vector<std::string>& paths, const CompileOptions& options,
                Diagnostics& diagnostics) {
  std::vector<PackSource> packs;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const std::string& path = paths[i];
    const std::vector<fs::path> files = FilesOf(path);
    if (files.empty()) ReportUnreadable(path, "holds no *.rules file", diagnostics);
    PackSource pack{NameOf(path), {}, path, i < options.built_in};
    for (const fs::path& file : files) {
      SmallFile read = ReadFile(file, path, options);
      if (!read.text) {
        ReportUnreadable(file, read.why, diagnostics);
        continue;
      }
      std::string& text = *read.text;
      if (!options.tests || (pack.built_in && !options.built_in_tests)) text = syntax::WithoutTests(std::move(text));
      const SourceId source = sources.Add(file.string(), std::move(text));
      const Image* image = pack.built_in ? options.image : nullptr;
      pack.files.push_back(std::make_unique<ast::File>(Parse(sources, source, image, options.limits, diagnostics)));
    }
    if (!pack.files.empty()) packs.push_back(std::move(pack));
  }
  return BindAndPlan(sources, std::move(packs), options, diagnostics);
}

bool YieldsRules(const RuleSet& set, std::string_view path) {
  return std::ranges::any_of(set.packs, [&](const PackInfo& pack) {
    if (pack.path != path) return false;
    return pack.changes_rules || std::ranges::find(set.rules, pack.name, &BoundRule::pack) != set.rules.end();
  });
}

RuleSet CompileTexts(SourceManager& sources, const std::vector<PackText>& texts, const CompileOptions& options,
                     Diagnostics& diagnostics) {
  std::vector<PackSource> packs;
  for (const PackText& text : texts) {
    PackSource pack{NameOf(text.name), {}, text.name, false};
    const SourceId source = sources.Add(text.name, text.text);
    pack.files.push_back(std::make_unique<ast::File>(syntax::ParseFile(sources, source, options.limits, diagnostics)));
    packs.push_back(std::move(pack));
  }
  return BindAndPlan(sources, std::move(packs), options, diagnostics);
}

std::optional<ParamSetting> ParseParamSetting(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) return std::nullopt;
  return ParamSetting{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)), "--set"};
}

}  // namespace advise::rules
