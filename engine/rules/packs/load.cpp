// Reads the files of packs, parses, applies the settings of parameters, and binds all packs at once.
#include "rules/packs/load.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "rules/plan/lower.h"
#include "rules/syntax/parse.h"
#include "rules/syntax/skip_tests.h"
#include "support/read_file.h"

namespace advise::rules {
namespace {

namespace fs = std::filesystem;

// The *.rules files of a folder, by name; a file is itself.
std::vector<fs::path> FilesOf(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return {path};
  std::vector<fs::path> files;
  for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".rules") files.push_back(it->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// The pack's name if it declares none: of the file without extension, or of the folder.
std::string NameOf(const fs::path& path) {
  const fs::path name = path.has_filename() ? path.filename() : path.parent_path().filename();
  return name.stem().string();
}

void ReportUnreadable(const fs::path& path, std::string_view why, Diagnostics& diagnostics) {
  diagnostics.Report(DiagnosticCode::RulesUnreadable, "`" + path.string() + "` " + std::string(why));
}

// Values that do not parse are reported and left out.
BindOptions OptionsOf(const CompileOptions& options, SourceManager& sources, Diagnostics& diagnostics) {
  BindOptions how;
  how.tests = options.tests;
  how.limits = options.limits;
  for (const ParamSetting& setting : options.params) {
    const SourceId source = sources.Add("--set " + setting.param, setting.value);
    ast::ExprPtr value = syntax::ParseExpr(sources, source, options.limits, diagnostics);
    if (value != nullptr) how.params.push_back({setting.param, std::move(value)});
  }
  return how;
}

RuleSet BindAndPlan(SourceManager& sources, std::vector<PackSource> packs, const CompileOptions& options,
                    Diagnostics& diagnostics) {
  const BindOptions how = OptionsOf(options, sources, diagnostics);
  RuleSet set = Bind(sources, std::move(packs), how, diagnostics);
  Lower(set);
  return set;
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
      SmallFile read =
          ReadSmallFile(file, file == fs::path(path) ? fs::path() : fs::path(path), options.limits.rule_bytes);
      if (!read.text) {
        ReportUnreadable(file, read.why, diagnostics);
        continue;
      }
      std::string& text = *read.text;
      if (!options.tests) text = syntax::WithoutTests(std::move(text));
      const SourceId source = sources.Add(file.string(), std::move(text));
      pack.files.push_back(
          std::make_unique<ast::File>(syntax::ParseFile(sources, source, options.limits, diagnostics)));
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
  return ParamSetting{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

}  // namespace advise::rules
