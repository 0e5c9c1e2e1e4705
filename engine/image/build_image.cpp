// Parses every file as a start does (rules/packs/load.cpp, explain/library.cpp), and keeps what came out.
#include "image/build_image.h"

#include <optional>
#include <utility>

#include "explain/library.h"
#include "explain/template_bytes.h"
#include "rules/image/image.h"
#include "rules/image/tree_bytes.h"
#include "rules/packs/find.h"
#include "rules/syntax/parse.h"
#include "rules/syntax/skip_tests.h"
#include "support/read_file.h"

namespace advise {
namespace {

void AddRuleFile(const std::filesystem::path& file, rules::ImageWriter& into) {
  SmallFile read = ReadSmallFile(file);
  if (!read.text) return;
  SourceManager sources;
  Diagnostics diagnostics;
  const SourceId id = sources.Add(file.filename().string(), rules::syntax::WithoutTests(std::move(*read.text)));
  const rules::ast::File tree = rules::syntax::ParseFile(sources, id, Limits(), diagnostics);
  if (diagnostics.empty()) into.Add(rules::ImageKind::RuleFile, sources.text(id), rules::TreeBytes(tree));
}

void AddTemplate(const explain::TemplateFile& file, rules::ImageWriter& into) {
  SmallFile read = ReadSmallFile(file.path, file.folder);
  if (!read.text) return;
  SourceManager sources;
  Diagnostics diagnostics;
  const SourceId id = sources.Add(file.name, std::move(*read.text));
  const auto parsed = explain::ParseTemplate(sources, id, Limits(), diagnostics);
  if (parsed && diagnostics.empty()) {
    into.Add(rules::ImageKind::Template, sources.text(id), explain::TemplateBytes(*parsed));
  }
}

}  // namespace

Result<std::string> BuildImage(const std::filesystem::path& data) {
  rules::ImageWriter writer;
  ADVISE_TRY(const rules::PackPaths packs, rules::FindPacks(data, true, {}));
  if (packs.paths.empty()) return Fail(DiagnosticCode::DataNotFound, "`" + data.string() + "` holds no rule packs");
  for (const std::string& pack : packs.paths) {
    for (const std::filesystem::path& file : rules::FilesOf(pack)) AddRuleFile(file, writer);
  }
  for (const explain::TemplateFile& file : explain::FindTemplates(data / "explain-templates", "explain-templates")) {
    AddTemplate(file, writer);
  }
  return writer.Finish();
}

}  // namespace advise
