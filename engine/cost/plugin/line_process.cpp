// posix_spawn, a socket for its input (a write to a program that has ended must not raise SIGPIPE), a pipe for its
// output, poll for both.
#include "cost/plugin/line_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>

namespace advise::cost {
namespace {

using Clock = std::chrono::steady_clock;

int LeftMs(Clock::time_point until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1 << 30));
}

void Close(int& descriptor) {
  if (descriptor >= 0) close(descriptor);
  descriptor = -1;
}

}  // namespace

std::string LineProcess::Start(const std::string& path) {
  std::array<int, 2> input{-1, -1};
  std::array<int, 2> output{-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, input.data()) != 0) return std::strerror(errno);
  if (pipe2(output.data(), O_CLOEXEC) != 0) {
    const std::string why = std::strerror(errno);
    Close(input[0]);
    Close(input[1]);
    return why;
  }
  fcntl(input[0], F_SETFL, O_NONBLOCK);
  fcntl(output[0], F_SETFL, O_NONBLOCK);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[1], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
#endif
  const std::string file = path.find('/') == std::string::npos ? "./" + path : path;
  const char* const search = std::getenv("PATH");
  std::string search_in = "PATH=" + std::string(search != nullptr ? search : "/usr/bin:/bin");
  std::string name = file;
  char* const arguments[] = {name.data(), nullptr};
  char* const environment[] = {search_in.data(), nullptr};
  const int error = posix_spawn(&pid_, file.c_str(), &actions, nullptr, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  Close(input[1]);
  Close(output[1]);
  in_ = input[0];
  out_ = output[0];
  if (error == 0) return {};
  pid_ = -1;
  Close(in_);
  Close(out_);
  return std::strerror(error);
}

tl::unexpected<Error> LineProcess::GiveUp(const std::string& what) {
  if (pid_ > 0) kill(pid_, SIGKILL);
  Stop();
  return Fail(DiagnosticCode::Usage, "the cost model " + what);
}

Result<std::string> LineProcess::Ask(const std::string& line) {
  if (pid_ <= 0) return Fail(DiagnosticCode::Usage, "the cost model does not run any more");
  const Clock::time_point until = Clock::now() + std::chrono::milliseconds(call_ms_);
  const std::string late = "does not answer within " + std::to_string(call_ms_) + " ms: it was stopped";
  const std::string text = line + "\n";
  std::size_t sent = 0;
  while (true) {
    const std::size_t end = left_.find('\n');
    if (sent == text.size() && end != std::string::npos) {
      std::string answer = left_.substr(0, end);
      left_.erase(0, end + 1);
      return answer;
    }
    if (left_.size() > line_bytes_) return GiveUp("answers with more than " + std::to_string(line_bytes_) + " bytes");
    std::array<pollfd, 2> ready{{{out_, POLLIN, 0}, {in_, POLLOUT, 0}}};
    const int wait = LeftMs(until);
    if (wait == 0) return GiveUp(late);
    const int count = poll(ready.data(), sent < text.size() ? 2 : 1, wait);
    if (count < 0 && errno != EINTR) return GiveUp("cannot be waited for");
    if (count <= 0) continue;
    if (sent < text.size() && ready[1].revents != 0) {
      const ssize_t wrote = send(in_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (wrote > 0) sent += static_cast<std::size_t>(wrote);
      // It reads no more; what it said before it ended is its answer.
      if (wrote < 0 && errno != EAGAIN && errno != EINTR) sent = text.size();
    }
    if (ready[0].revents == 0) continue;
    std::array<char, 65536> buffer;
    const ssize_t read_now = read(out_, buffer.data(), buffer.size());
    if (read_now > 0) left_.append(buffer.data(), static_cast<std::size_t>(read_now));
    if (read_now == 0) return GiveUp("ended without an answer");
    if (read_now < 0 && errno != EAGAIN && errno != EINTR) return GiveUp("cannot be read");
  }
}

void LineProcess::Stop() {
  Close(in_);
  Close(out_);
  if (pid_ <= 0) return;
  constexpr int kPatience = 50;  // x 10 ms
  for (int i = 0; i < kPatience; ++i) {
    if (waitpid(pid_, nullptr, WNOHANG) != 0) {
      pid_ = -1;
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

}  // namespace advise::cost
