// What the editor asks: plain data in, plain data out. Offsets are bytes of the text of a file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lsp/workspace.h"

namespace advise::lsp {

// Numbers of the protocol.
enum class ItemKind : std::uint8_t {
  Function = 3,
  Field = 5,
  Variable = 6,
  Class = 7,
  Property = 10,
  Keyword = 14,
  Snippet = 15,
  EnumMember = 20,
  Constant = 21,
};
struct CompletionItem {
  std::string label;
  ItemKind kind = ItemKind::Field;
  std::string detail;
  std::string doc;     // Markdown
  std::string insert;  // empty: the label
  bool snippet = false;
};
// What may stand at the offset instead of the range, which is the word around it.
struct Completion {
  std::vector<CompletionItem> items;
  std::size_t begin = 0;
  std::size_t end = 0;
};
Completion Complete(const Analysis& analysis, std::string_view text, std::size_t offset);

struct HoverText {
  std::string text;  // Markdown
  std::size_t begin = 0;
  std::size_t end = 0;
};
std::optional<HoverText> Hover(const Analysis& analysis, std::string_view text, std::size_t offset);

struct Location {
  std::string path;
  std::size_t begin = 0;
  std::size_t end = 0;
};
// Where the name at the offset is declared; empty: it is none, or of the language.
std::vector<Location> Definition(const Analysis& analysis, std::string_view text, std::size_t offset);

// All places of the name at the offset, its declaration too. `why`: it cannot be told, or not be changed.
struct Uses {
  std::vector<Location> places;
  std::string why;        // not empty: no places
  std::size_t begin = 0;  // the name at the offset
  std::size_t end = 0;
};
Uses FindUses(const Analysis& analysis, std::string_view text, std::size_t offset);

struct Symbol {
  std::string name;
  std::string detail;
  int kind = 12;  // of the protocol: Function
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t name_begin = 0;
  std::size_t name_end = 0;
};
std::vector<Symbol> Symbols(const Analysis& analysis);

}  // namespace advise::lsp
