// Small files of a checkout: what is read, and what links, pipes and devices are told apart by.
#include "support/read_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace advise {
namespace {

namespace fs = std::filesystem;

// A folder of its own, gone at the end.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("read_file_test_" + std::to_string(getpid()));
  Folder() { fs::create_directories(path / "inside" / "deep"); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

}  // namespace

TEST_CASE("small files: regular ones, and links within the folder") {
  const Folder folder;
  const fs::path inside = folder.path / "inside";
  std::ofstream(inside / "deep" / "a.txt") << "text\n";
  std::ofstream(folder.path / "secret") << "root:x:0\n";
  fs::create_symlink("deep/a.txt", inside / "link");
  fs::create_symlink("../secret", inside / "out");
  fs::create_symlink("/dev/zero", inside / "zero");
  fs::create_symlink("gone", inside / "dangling");
  fs::create_directory_symlink(folder.path, inside / "folder");
  REQUIRE(mkfifo((inside / "pipe").c_str(), 0600) == 0);
  const struct {
    fs::path file;
    std::string text;
    std::string why;
  } rows[] = {
      {inside / "deep" / "a.txt", "text\n", ""},        {inside / "link", "text\n", ""},
      {inside / "out", "", "leads out of its folder"},  {inside / "folder" / "secret", "", "leads out of its folder"},
      {inside / "zero", "", "leads out of its folder"}, {inside / "dangling", "", "does not exist"},
      {inside / "none", "", "does not exist"},          {inside / "deep", "", "is no regular file"},
      {inside / "pipe", "", "is no regular file"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.file.string());
    const SmallFile read = ReadSmallFile(row.file, inside);
    CHECK(read.text.value_or("") == row.text);
    CHECK(read.why == row.why);
    CHECK(read.text.has_value() == row.why.empty());
  }
  // Named by the user: a link may lead anywhere, but not to a device.
  CHECK(ReadSmallFile(inside / "out").text == "root:x:0\n");
  CHECK(ReadSmallFile(inside / "zero").why == "is no regular file");
}

TEST_CASE("small files: not larger than the limit") {
  const Folder folder;
  const fs::path file = folder.path / "large";
  std::ofstream(file) << std::string((std::size_t{1} << 20) + 1, 'x');
  CHECK(ReadSmallFile(file, {}, std::uint64_t{1} << 20).why == "is larger than 1 MiB");
  CHECK(ReadSmallFile(file).text->size() == (std::size_t{1} << 20) + 1);
}

}  // namespace advise
