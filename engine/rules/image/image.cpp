// A directory of hashes, and the bytes of trees behind it. No number of the file is believed before it is checked.
#include "rules/image/image.h"

#include <system_error>
#include <utility>

#include "support/content_hash.h"
#include "support/read_file.h"

namespace advise::rules {
namespace {

constexpr std::string_view kMagic = "advimage";
constexpr std::size_t kHeadWords = 4;
constexpr std::size_t kEntryWords = 6;

void PutWord(std::uint64_t word, std::string& bytes) {
  for (unsigned shift = 0; shift < 64; shift += 8) bytes += static_cast<char>((word >> shift) & 0xffU);
}

}  // namespace

void ImageWriter::Add(ImageKind kind, std::string_view text, std::string tree) {
  if (!tree.empty()) trees_[{kind, ContentHash(text), text.size()}] = std::move(tree);
}

std::string ImageWriter::Finish() const {
  std::string directory;
  std::string trees;
  const std::size_t begin = 8 * (kHeadWords + kEntryWords * trees_.size());
  for (const auto& [key, tree] : trees_) {
    const auto& [kind, hash, size] = key;
    const std::uint64_t entry[kEntryWords] = {
        static_cast<std::uint64_t>(kind), hash, size, begin + trees.size(), tree.size(), ContentHash(tree)};
    for (const std::uint64_t word : entry) PutWord(word, directory);
    trees += tree;
  }
  std::string bytes(kMagic);
  PutWord(CodeVersion(), bytes);
  PutWord(trees_.size(), bytes);
  PutWord(ContentHash(directory), bytes);
  return bytes + directory + trees;
}

Image::Image(std::string bytes) : bytes_(std::move(bytes)) {
  if (bytes_.size() < 8 * kHeadWords || !bytes_.starts_with(kMagic) || Word(1) != CodeVersion()) return;
  const std::uint64_t entries = Word(2);
  if (entries > (bytes_.size() / 8 - kHeadWords) / kEntryWords) return;
  const std::string_view all = bytes_;
  if (ContentHash(all.substr(8 * kHeadWords, 8 * kEntryWords * entries)) == Word(3)) entries_ = entries;
}

std::uint64_t Image::Word(std::size_t index) const { return FirstWord(std::string_view(bytes_).substr(8 * index)); }

std::string_view Image::Find(ImageKind kind, std::string_view text) const {
  if (entries_ == 0) return {};
  const std::tuple wanted(static_cast<std::uint64_t>(kind), ContentHash(text), std::uint64_t{text.size()});
  const auto at = [&](std::size_t entry, std::size_t word) { return Word(kHeadWords + kEntryWords * entry + word); };
  const auto key = [&](std::size_t entry) { return std::tuple(at(entry, 0), at(entry, 1), at(entry, 2)); };
  std::size_t first = 0;
  for (std::size_t count = entries_; count > 0;) {
    const std::size_t half = count / 2;
    if (key(first + half) < wanted) {
      first += half + 1;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  if (first == entries_ || key(first) != wanted) return {};
  const std::uint64_t begin = at(first, 3);
  const std::uint64_t size = at(first, 4);
  if (begin > bytes_.size() || size > bytes_.size() - begin) return {};
  const std::string_view tree = std::string_view(bytes_).substr(begin, size);
  return ContentHash(tree) == at(first, 5) ? tree : std::string_view();
}

Image ReadImage(const std::vector<std::filesystem::path>& folders) {
  for (const std::filesystem::path& folder : folders) {
    std::error_code error;
    if (!std::filesystem::exists(folder / kImageName, error)) continue;
    SmallFile file = ReadSmallFile(folder / kImageName);
    return file.text ? Image(std::move(*file.text)) : Image();
  }
  return {};
}

}  // namespace advise::rules
