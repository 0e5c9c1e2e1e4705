// RE2 behind a wall. Linear time, whatever the expression.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace advise::rules {

class Regex {
 public:
  explicit Regex(std::string_view expression);
  ~Regex();
  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;

  // Empty if the expression is valid; else what is wrong with it.
  [[nodiscard]] std::string error() const;
  // True if some part of the text matches (anchor with ^ and $). False if the expression is not valid.
  [[nodiscard]] bool Finds(std::string_view text) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace advise::rules
