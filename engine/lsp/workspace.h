// The open files, and what the compiler says of the pack that one of them belongs to.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "advise.h"
#include "rules/bind/symbols.h"

namespace advise::lsp {

// One compilation: the built-in packs and the pack of a file, with the texts as they stand in the editor.
struct Analysis {
  SourceManager sources;
  Diagnostics diagnostics;
  std::optional<Rulebook> book;      // nullopt: the built-in packs are not there
  std::vector<std::string> own;      // files that may be changed: of packs that are not built in
  SourceId source = SourceId::None;  // of the file
  std::optional<std::size_t> pack;   // of the file, in Symbols::packs

  [[nodiscard]] const rules::Symbols& symbols() const { return *book->rules.symbols; }
  // The tree of a source; null: it is not of a pack.
  [[nodiscard]] const rules::ast::File* Tree(SourceId id) const;
  // Index in Symbols::packs of the pack that has the source.
  [[nodiscard]] std::optional<std::size_t> PackOf(SourceId id) const;
};

class Workspace {
 public:
  void Set(const std::string& path, std::string text);
  void Close(const std::string& path);
  // The text as the editor has it; null: not open.
  [[nodiscard]] const std::string* Text(const std::string& path) const;
  [[nodiscard]] std::vector<std::string> OpenPaths() const;
  // Kept until a text changes.
  const Analysis& Analyse(const std::string& path);

 private:
  [[nodiscard]] std::vector<std::string> PacksFor(const std::string& path) const;

  std::map<std::string, std::string> open_;
  std::map<std::string, std::unique_ptr<Analysis>> analyses_;
};

}  // namespace advise::lsp
