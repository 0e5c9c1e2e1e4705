// Asks the environment and the terminal about width, charset and colour; draws the progress bar.
#include "cli/tty.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace advise::cli {
namespace {

constexpr int kMinWidth = 44;
constexpr int kMaxWidth = 120;
constexpr int kDefaultWidth = 100;

std::string_view Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

}  // namespace

int OutputWidth() {
  int width = kDefaultWidth;
  winsize size{};
  if (const std::string_view columns = Variable("COLUMNS"); !columns.empty() && std::atoi(columns.data()) > 0) {
    width = std::atoi(columns.data());
  } else if (isatty(STDOUT_FILENO) == 1 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    width = size.ws_col;
  }
  return std::clamp(width, kMinWidth, kMaxWidth);
}

bool Utf8Output() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string_view value = Variable(name);
    if (value.empty()) continue;
    return value.find("UTF-8") != std::string_view::npos || value.find("utf8") != std::string_view::npos ||
           value.find("utf-8") != std::string_view::npos || value.find("UTF8") != std::string_view::npos;
  }
  return false;
}

bool UseColor(When when, int descriptor) {
  switch (when) {
    case When::Always: return true;
    case When::Never: return false;
    case When::Auto: break;
  }
  return isatty(descriptor) == 1 && Variable("NO_COLOR").empty() && Variable("TERM") != "dumb";
}

ProgressBar::~ProgressBar() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

void ProgressBar::Update(std::uint64_t done, std::uint64_t total) {
  // Small logs are read before anybody could read a bar.
  constexpr std::uint64_t kWorthIt = std::uint64_t{32} << 20;
  if (!enabled_ || total < kWorthIt) return;
  const int percent = static_cast<int>(std::min<std::uint64_t>(100, done * 100 / total));
  if (percent == last_percent_) return;
  last_percent_ = percent;
  drawn_ = true;
  char bar[41];
  for (int i = 0; i < 40; ++i) bar[i] = i * 100 < percent * 40 ? '#' : '.';
  bar[40] = '\0';
  std::fprintf(stderr, "\rreading [%s] %3d %%", bar, percent);
}

}  // namespace advise::cli
