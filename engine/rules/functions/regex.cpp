// The only file that includes RE2.
#include "rules/functions/regex.h"

#include <re2/re2.h>

namespace advise::rules {

struct Regex::Impl {
  explicit Impl(std::string_view expression)
      : re2(re2::StringPiece(expression.data(), expression.size()), RE2::Quiet) {}
  RE2 re2;
};

Regex::Regex(std::string_view expression) : impl_(std::make_unique<Impl>(expression)) {}
Regex::~Regex() = default;
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;

std::string Regex::error() const { return impl_->re2.ok() ? std::string() : impl_->re2.error(); }

bool Regex::Finds(std::string_view text) const {
  return impl_->re2.ok() && RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), impl_->re2);
}

}  // namespace advise::rules
