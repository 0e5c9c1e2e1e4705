// The exception behind ADVISE_CHECK. Nothing but cli/main.cpp and tests catches it.
#pragma once

#include <stdexcept>

namespace advise {

class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

}  // namespace advise
