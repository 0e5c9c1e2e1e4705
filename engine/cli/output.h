// Where the results of a command go: standard output, or the file of -o. A file is written beside its place and moved
// there when it is whole, so that a run which fails or is stopped leaves what was there.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/tty.h"

namespace advise::cli {

class Output {
 public:
  // `path` empty: standard output. Nothing is opened before the first write.
  Output(std::string path, When color) : path_(std::move(path)), color_(color) {}
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  // A file that the command reads, or a folder whose files it reads: it is never written over. false: the output is
  // this very file, or lies in the folder and exists (printed).
  bool Protect(const std::string& input);
  // false: it cannot be written (printed once).
  bool Write(std::string_view text);
  // Puts the file into its place. false: that failed, or something before (printed). Standard output is checked at the
  // end of the program.
  bool Finish();

 private:
  bool Open();
  bool Fail(const std::string& what, const std::string& help = "");

  std::string path_;
  When color_;
  bool failed_ = false;
  bool open_ = false;
  std::filesystem::path target_;     // of a link: the file behind it
  std::filesystem::path temporary_;  // empty: written in place, as devices and pipes are
  std::ofstream file_;
};

// Standard output took all that was written to it. false: not (printed).
bool FlushStandardOutput();

}  // namespace advise::cli
