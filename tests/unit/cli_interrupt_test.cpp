// Ctrl-C is caught only while a log is read.
#include <doctest/doctest.h>

#include <csignal>

#include "cli/common.h"

namespace advise::cli {
namespace {

using Handler = void (*)(int);

Handler Current() {
  const Handler handler = std::signal(SIGINT, SIG_DFL);
  std::signal(SIGINT, handler);
  return handler;
}

TEST_CASE("cli: Ctrl-C ends the program while no log is read") {
  const Handler before = std::signal(SIGINT, SIG_DFL);
  {
    const InterruptGuard guard;
    CHECK((Current() != SIG_DFL));
  }
  CHECK((Current() == SIG_DFL));
  std::signal(SIGINT, SIG_IGN);  // as of a program that was started in the background
  {
    const InterruptGuard guard;
    CHECK((Current() != SIG_IGN));
  }
  CHECK((Current() == SIG_IGN));
  std::signal(SIGINT, before);
}

}  // namespace
}  // namespace advise::cli
