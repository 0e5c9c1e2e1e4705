// What the terminal can do, by the rules of form: width, colour, charset, and a progress bar on standard error.
#pragma once

#include <cstdint>
#include <string>

namespace advise::cli {

enum class When : std::uint8_t { Auto, Always, Never };

// COLUMNS, else the terminal's width, else 100; within 44..120.
int OutputWidth();
// UTF-8 by LC_ALL, LC_CTYPE, LANG.
bool Utf8Output();
// Standard output (1) or standard error (2) shows colours: a terminal, NO_COLOR unset or empty, TERM not dumb.
bool UseColor(When when, int descriptor);

// A line on standard error that is redrawn in place and erased at the end; nothing when standard error is no terminal.
class ProgressBar {
 public:
  explicit ProgressBar(bool enabled) : enabled_(enabled) {}
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();
  void Update(std::uint64_t done, std::uint64_t total);

 private:
  bool enabled_;
  bool drawn_ = false;
  int last_percent_ = -1;
};

}  // namespace advise::cli
