// The image of the built-in packs: it keeps what the parsers make, and a bad one costs time only.
#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "explain/library.h"
#include "explain/template_bytes.h"
#include "image/build_image.h"
#include "rules/image/image.h"
#include "rules/image/tree_bytes.h"
#include "rules/packs/find.h"
#include "rules/packs/load.h"
#include "rules/plan/rule_set.h"
#include "rules/syntax/ast_print.h"
#include "rules/syntax/parse.h"
#include "rules/syntax/skip_tests.h"
#include "support/diagnostic_render.h"
#include "support/read_file.h"

namespace advise::test {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = ADVISE_SOURCE_DIR;

const std::string& BuiltInImage() {
  static const std::string bytes = *BuildImage(kRoot);
  return bytes;
}

std::string PrintAll(const rules::ast::File& file) { return rules::ast::Print(file, {false, true}); }

// A data tree of one rule and one template.
struct SmallData {
  fs::path folder = fs::temp_directory_path() / ("advise_image_test_" + std::to_string(getpid()));
  std::string rule_text = "symptom long(s: Stage) {\n  match (s:Stage)\n  where s.duration > 10s\n}\n";
  SmallData() {
    fs::create_directories(folder / "rulepacks/small");
    fs::create_directories(folder / "explain-templates/small");
    Write("rulepacks/small/small.rules", rule_text);
    Write("explain-templates/small/long.md",
          "---\nrule: small.long\n---\n# Long\n## What happens\nStage {s.id} took {s.duration}.\n");
  }
  SmallData(const SmallData&) = delete;
  SmallData& operator=(const SmallData&) = delete;
  ~SmallData() { fs::remove_all(folder); }
  void Write(const std::string& name, const std::string& text) const { std::ofstream(folder / name) << text; }

  // The program of the pack, and everything that was said about it and its templates.
  [[nodiscard]] std::string Compiled(const rules::Image* image) const {
    SourceManager sources;
    Diagnostics diagnostics;
    rules::CompileOptions options;
    options.built_in = 1;
    options.image = image;
    const rules::RuleSet set = rules::Compile(sources, {(folder / "rulepacks/small").string()}, options, diagnostics);
    const explain::TemplateLibrary library = explain::ReadTemplates(
        explain::FindTemplates(folder / "explain-templates", "explain"), set, image, sources, Limits(), diagnostics);
    std::string text = rules::PrintProgram(set);
    for (const auto& [rule, words] : library) {
      text += words.title + "\n";
      for (const auto& part : words.parts) text += std::to_string(part.lines.size()) + " lines\n";
    }
    for (const Diagnostic& d : diagnostics.Sorted()) text += d.message + "\n";
    return text;
  }
};

}  // namespace

TEST_CASE("the image has every built-in file, as the parsers read it, and the same bytes each time") {
  const rules::Image image(BuiltInImage());
  CHECK(*BuildImage(kRoot) == BuiltInImage());
  std::size_t files = 0;
  const auto packs = rules::FindPacks(kRoot, true, {});
  for (const std::string& pack : packs->paths) {
    for (const fs::path& file : rules::FilesOf(pack)) {
      CAPTURE(file.filename().string());
      SourceManager sources;
      Diagnostics diagnostics;
      sources.Add("another", "text");
      const SourceId id = sources.Add("file", rules::syntax::WithoutTests(*ReadSmallFile(file).text));
      const std::string_view bytes = image.Find(rules::ImageKind::RuleFile, sources.text(id));
      REQUIRE(!bytes.empty());
      const auto tree = rules::ReadTree(bytes, id);
      REQUIRE(tree);
      const rules::ast::File parsed = rules::syntax::ParseFile(sources, id, Limits(), diagnostics);
      CHECK(PrintAll(*tree) == PrintAll(parsed));
      CHECK(rules::TreeBytes(*tree) == rules::TreeBytes(parsed));  // places too, but for their source
      CHECK(tree->source == id);
      ++files;
    }
  }
  for (const auto& file : explain::FindTemplates(kRoot / "explain-templates", "explain-templates")) {
    CAPTURE(file.name);
    SourceManager sources;
    Diagnostics diagnostics;
    const SourceId id = sources.Add("file", *ReadSmallFile(file.path).text);
    const std::string_view bytes = image.Find(rules::ImageKind::Template, sources.text(id));
    REQUIRE(!bytes.empty());
    const auto read = explain::ReadTemplate(bytes, id);
    REQUIRE(read);
    CHECK(explain::TemplateBytes(*read) ==
          explain::TemplateBytes(*explain::ParseTemplate(sources, id, Limits(), diagnostics)));
    ++files;
  }
  CHECK(image.size() == files);
  CHECK(files > 200);
}

TEST_CASE("trees of tests, overrides and everything else survive the way through bytes") {
  std::size_t files = 0;
  for (const std::string_view folder : {"rulepacks/core", "tests/packs/example"}) {
    for (const fs::path& file : rules::FilesOf(kRoot / folder)) {
      CAPTURE(file.filename().string());
      SourceManager sources;
      Diagnostics diagnostics;
      const SourceId id = sources.Add("file", *ReadSmallFile(file).text);
      const rules::ast::File parsed = rules::syntax::ParseFile(sources, id, Limits(), diagnostics);
      const std::string bytes = rules::TreeBytes(parsed);
      const auto tree = rules::ReadTree(bytes, id);
      REQUIRE(tree);
      CHECK(PrintAll(*tree) == PrintAll(parsed));
      CHECK(rules::TreeBytes(*tree) == bytes);
      ++files;
    }
  }
  CHECK(files > 10);
}

TEST_CASE("the built-in packs compile to the same program from the image and from their sources") {
  const rules::Image image(BuiltInImage());
  std::string programs[2];
  for (const bool with : {false, true}) {
    SourceManager sources;
    Diagnostics diagnostics;
    rules::CompileOptions options;
    options.built_in = 1;
    options.image = with ? &image : nullptr;
    const rules::RuleSet set = rules::Compile(sources, {(kRoot / "rulepacks/core").string()}, options, diagnostics);
    CHECK(diagnostics.empty());
    programs[with ? 1 : 0] = rules::PrintProgram(set);
  }
  CHECK(programs[0] == programs[1]);
}

TEST_CASE("an edited file is compiled from its source; one that parsers complain of is not in the image") {
  const SmallData data;
  const rules::Image image(*BuildImage(data.folder));
  CHECK(image.size() == 2);
  const std::string before = data.Compiled(nullptr);
  CHECK(data.Compiled(&image) == before);
  data.Write("rulepacks/small/small.rules", data.rule_text + "# edited\n");
  CHECK(image.Find(rules::ImageKind::RuleFile, data.rule_text + "# edited\n").empty());
  CHECK(data.Compiled(&image) == before);
  data.Write("rulepacks/small/small.rules", data.rule_text + "symptom broken(s: Stage) { where }\n");
  CHECK(data.Compiled(&image) == data.Compiled(nullptr));
  CHECK(rules::Image(*BuildImage(data.folder)).size() == 1);
  CHECK(!BuildImage("/dev/null"));
}

TEST_CASE("an image that is cut, or has a wrong bit or another version, changes nothing") {
  const SmallData data;
  const std::string expected = data.Compiled(nullptr);
  const std::string whole = *BuildImage(data.folder);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    const rules::Image image(whole.substr(0, size));
    CHECK(data.Compiled(&image) == expected);
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const unsigned bits : {0x01U, 0x80U, 0xffU}) {
      CAPTURE(at);
      CAPTURE(bits);
      std::string damaged = whole;
      damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ bits);
      const rules::Image image(damaged);
      const bool found = !image.Find(rules::ImageKind::RuleFile, data.rule_text).empty();
      // Behind the directory a wrong byte costs its own entry.
      CHECK((image.size() == 0 || image.size() == 2));
      if (found)
        CHECK(image.Find(rules::ImageKind::RuleFile, data.rule_text) ==
              rules::Image(whole).Find(rules::ImageKind::RuleFile, data.rule_text));
    }
  }
  std::string other = whole;
  other[8] = static_cast<char>(other[8] + 1);  // the version of the code
  CHECK(rules::Image(other).size() == 0);
  CHECK(rules::ReadImage({data.folder}).size() == 0);
  data.Write(std::string(rules::kImageName), whole);
  CHECK(rules::ReadImage({"/nowhere", data.folder}).size() == 2);
}

// The checksums keep these from ever being read; the reader does not rely on it.
TEST_CASE("the reader of trees takes any bytes") {
  SourceManager sources;
  Diagnostics diagnostics;
  const std::string text = *ReadSmallFile(kRoot / "tests/packs/example/team.rules").text;
  const SourceId id = sources.Add("file", text);
  const std::string whole = rules::TreeBytes(rules::syntax::ParseFile(sources, id, Limits(), diagnostics));
  for (std::size_t size = 0; size < whole.size(); ++size) CHECK(!rules::ReadTree(whole.substr(0, size), id));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const unsigned bits : {0x01U, 0x02U, 0x10U, 0x80U, 0xffU}) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ bits);
      const auto tree = rules::ReadTree(damaged, id);
      if (tree) CHECK(!rules::TreeBytes(*tree).empty());
    }
  }
  CHECK(!rules::ReadTree(std::string(5000, '\1'), id));
}

}  // namespace advise::test
