// ADVISE_CHECK: "we are wrong". A failed check is a bug of advise, never of its input; it names the place and aborts
// (the command line turns SIGABRT's cousin, an escaped exception, into exit status 70; see cli/main.cpp).
#pragma once

namespace advise {

// Throws InternalError with "file:line: condition: why"; caught once, in cli/main.cpp (exit status 70).
[[noreturn]] void CheckFailed(const char* file, int line, const char* condition, const char* why);

}  // namespace advise

#define ADVISE_CHECK(condition, why) \
  ((condition) ? static_cast<void>(0) : ::advise::CheckFailed(__FILE__, __LINE__, #condition, why))

// Marks a member function whose result views into *this. Only clang understands it; g++ 12 would never warn.
#if defined(__clang__)
#define ADVISE_LIFETIME_BOUND [[clang::lifetimebound]]
#else
#define ADVISE_LIFETIME_BOUND
#endif
