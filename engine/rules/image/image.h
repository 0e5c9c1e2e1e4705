// The image of the built-in packs: what the parsers made of their files at build time, so that a start need not parse
// them again. It is looked up by the bytes of the file that was just read: an edited file is not in it, and is parsed.
// Nothing depends on it: without an image, or with one that is damaged or was made by other code, files are parsed as
// ever and the result is the same. engine/decisions/0013-image-of-built-in-packs.md
//
// Layout, numbers little-endian: "advimage", code version u64, entries u64, checksum of the directory u64; the
// directory, ascending, an entry: kind u64, hash of the text u64, its size u64, offset of the tree u64, its size u64,
// its checksum u64; the trees.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace advise::rules {

enum class ImageKind : std::uint64_t { RuleFile, Template };

// Of the code whose results an image keeps: its parsers, and the structs that they fill. Another code, another version.
std::uint64_t CodeVersion();

class ImageWriter {
 public:
  void Add(ImageKind kind, std::string_view text, std::string tree);
  // The same entries, the same bytes, in whatever order they were added.
  [[nodiscard]] std::string Finish() const;

 private:
  std::map<std::tuple<ImageKind, std::uint64_t, std::uint64_t>, std::string> trees_;  // by kind, hash and size
};

class Image {
 public:
  Image() = default;  // without entries
  // Without entries when the bytes are no image of this code, or a damaged one.
  explicit Image(std::string bytes);

  // The tree of a file with this text. Empty: not in the image, or damaged.
  [[nodiscard]] std::string_view Find(ImageKind kind, std::string_view text) const;
  [[nodiscard]] std::size_t size() const { return entries_; }

 private:
  [[nodiscard]] std::uint64_t Word(std::size_t index) const;  // of the directory and what stands before it

  std::string bytes_;
  std::size_t entries_ = 0;
};

// The file kImageName in the first of these folders that has one; without entries if none can be read.
inline constexpr std::string_view kImageName = "packs.image";
Image ReadImage(const std::vector<std::filesystem::path>& folders);

}  // namespace advise::rules
