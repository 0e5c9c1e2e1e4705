// Makes the message of a failed check; paths of the build machine stay out of it.
#include "support/check.h"

#include <cstring>
#include <string>

#include "support/internal_error.h"

namespace advise {

void CheckFailed(const char* file, int line, const char* condition, const char* why) {
  // Only the file's own name: absolute paths of the build machine must not reach the output.
  const char* slash = std::strrchr(file, '/');
  throw InternalError(std::string(slash != nullptr ? slash + 1 : file) + ":" + std::to_string(line) + ": " + condition +
                      ": " + why);
}

}  // namespace advise
