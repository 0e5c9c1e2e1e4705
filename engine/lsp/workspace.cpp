// Finds the pack of a file: its folder, or the file alone.
#include "lsp/workspace.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <system_error>

#include "lsp/scan.h"
#include "rules/packs/find.h"
#include "support/read_file.h"

namespace advise::lsp {
namespace {

namespace fs = std::filesystem;

// The name behind `pack` of a file, and those behind `use`.
struct Header {
  std::string pack;
  std::set<std::string> uses;
};
Header HeaderOf(std::string_view text) {
  Header header;
  const std::vector<Word> words = Scan(text);
  const auto at = [&](std::size_t i) {
    return i < words.size() ? text.substr(words[i].begin, words[i].end - words[i].begin) : std::string_view();
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].first_on_line || (at(i) != "pack" && at(i) != "use")) continue;
    std::string name(at(i + 1));
    for (std::size_t j = i + 2; at(j) == "." && !words[j].first_on_line; j += 2) name.append(".").append(at(j + 1));
    if (at(i) == "pack") header.pack = name;
    if (at(i) == "use") header.uses.insert(name);
  }
  return header;
}

}  // namespace

const rules::ast::File* Analysis::Tree(SourceId id) const {
  if (!book) return nullptr;
  for (const auto& file : book->rules.files) {
    if (file->source == id) return file.get();
  }
  return nullptr;
}

std::optional<std::size_t> Analysis::PackOf(SourceId id) const {
  if (!book) return std::nullopt;
  const fs::path path(sources.name(id));
  const std::vector<rules::PackInfo>& packs = book->rules.packs;
  for (std::size_t i = 0; i < packs.size(); ++i) {
    if (fs::path(packs[i].path) == path || fs::path(packs[i].path) == path.parent_path()) return i;
  }
  return std::nullopt;
}

void Workspace::Set(const std::string& path, std::string text) {
  open_[path] = std::move(text);
  analyses_.clear();
}

void Workspace::Close(const std::string& path) {
  open_.erase(path);
  analyses_.clear();
}

const std::string* Workspace::Text(const std::string& path) const {
  const auto found = open_.find(path);
  return found == open_.end() ? nullptr : &found->second;
}

std::vector<std::string> Workspace::OpenPaths() const {
  std::vector<std::string> paths;
  for (const auto& [path, text] : open_) paths.push_back(path);
  return paths;
}

// A folder is a pack if one of its files says `pack` and no other does; else each file is one, and those of the folder
// that it uses are read with it.
std::vector<std::string> Workspace::PacksFor(const std::string& path) const {
  const fs::path file(path);
  std::error_code error;
  if (!fs::exists(file, error)) return {path};
  const fs::path folder = file.parent_path();
  std::vector<std::pair<std::string, Header>> headers;
  for (const fs::path& other : rules::FilesOf(folder)) {
    const std::string* open = Text(other.string());
    if (open != nullptr) {
      headers.emplace_back(other.string(), HeaderOf(*open));
    } else if (const SmallFile read = ReadSmallFile(other); read.text) {
      headers.emplace_back(other.string(), HeaderOf(*read.text));
    }
  }
  const auto declares = [](const auto& header) { return !header.second.pack.empty(); };
  if (std::ranges::count_if(headers, declares) == 1 && headers.size() > 1) return {folder.string()};
  std::vector<std::string> packs = {path};
  const auto own = std::ranges::find(headers, path, &std::pair<std::string, Header>::first);
  for (const auto& [other, header] : headers) {
    if (other != path && own != headers.end() && own->second.uses.contains(header.pack)) packs.push_back(other);
  }
  return packs;
}

const Analysis& Workspace::Analyse(const std::string& path) {
  std::unique_ptr<Analysis>& kept = analyses_[path];
  if (kept != nullptr) return *kept;
  auto analysis = std::make_unique<Analysis>();
  RuleOptions how;
  how.paths = PacksFor(path);
  how.tests = true;
  how.built_in_tests = false;
  how.open_files = open_;
  PhaseTimes times;
  Result<Rulebook> book = Compile(how, analysis->sources, analysis->diagnostics, times);
  if (!book) {
    analysis->diagnostics.Report(book.error());
  } else {
    analysis->book = std::move(*book);
    for (std::size_t i = 0; i < analysis->sources.size(); ++i) {
      const auto id = static_cast<SourceId>(i);
      const std::string name(analysis->sources.name(id));
      if (fs::path(name) == fs::path(path) && analysis->Tree(id) != nullptr) analysis->source = id;
      const auto pack = analysis->PackOf(id);
      if (pack && !analysis->book->rules.packs[*pack].built_in && analysis->Tree(id) != nullptr)
        analysis->own.push_back(name);
    }
    if (analysis->source != SourceId::None) analysis->pack = analysis->PackOf(analysis->source);
  }
  kept = std::move(analysis);
  return *kept;
}

}  // namespace advise::lsp
