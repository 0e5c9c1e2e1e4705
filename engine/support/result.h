// Result<T>: "the world failed" (file, disk, codec). Input that is wrong goes to Diagnostics instead, our own bugs to
// ADVISE_CHECK. tl::expected is not [[nodiscard]]; this wrapper is, and both compilers warn on a dropped result.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "support/diagnostic_codes.h"

namespace advise {

// Why something could not be done. `message` is lower case, without a full stop, and names the thing (path, option).
struct Error {
  DiagnosticCode code = DiagnosticCode::Internal;
  std::string message;
  std::string help;  // what the user can do; empty when nothing is known
};

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using Base = tl::expected<T, Error>;
  using Base::Base;
  Result(Base base) : Base(std::move(base)) {}  // NOLINT: monadic results convert back
};

inline tl::unexpected<Error> Fail(DiagnosticCode code, std::string message, std::string help = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(help)});
}

}  // namespace advise

#define ADVISE_CONCAT_INNER(a, b) a##b
#define ADVISE_CONCAT(a, b) ADVISE_CONCAT_INNER(a, b)
#define ADVISE_TRY_INNER(tmp, declaration, expression)                        \
  auto tmp = (expression);                                                    \
  if (!tmp) return ::tl::unexpected<::advise::Error>(std::move(tmp).error()); \
  declaration = std::move(*tmp)
// ADVISE_TRY(auto x, F()): x = *F(), or returns F's error from the enclosing function.
#define ADVISE_TRY(declaration, expression) \
  ADVISE_TRY_INNER(ADVISE_CONCAT(advise_try_, __COUNTER__), declaration, expression)
