// A program that is asked by lines on its standard input and answers by lines on its standard output, with a time limit
// for each. It starts with an empty environment but for PATH, and with none of our files open. Private to cost/plugin.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "support/result.h"

namespace advise::cost {

class LineProcess {
 public:
  // `line_bytes`: the longest answer.
  LineProcess(std::uint32_t call_ms, std::size_t line_bytes) : call_ms_(call_ms), line_bytes_(line_bytes) {}
  LineProcess(const LineProcess&) = delete;
  LineProcess& operator=(const LineProcess&) = delete;
  ~LineProcess() { Stop(); }

  // What is wrong; empty: it runs.
  std::string Start(const std::string& path);
  // Writes the line and waits for the next. Errors: it ended, it does not answer in time, its line is too long. Then it
  // is stopped.
  Result<std::string> Ask(const std::string& line);
  // Closes its input, and ends it if it is still there after a moment.
  void Stop();
  [[nodiscard]] bool running() const { return pid_ > 0; }

 private:
  tl::unexpected<Error> GiveUp(const std::string& what);

  std::uint32_t call_ms_;
  std::size_t line_bytes_;
  pid_t pid_ = -1;
  int in_ = -1;   // its standard input
  int out_ = -1;  // its standard output
  std::string left_;
};

}  // namespace advise::cost
