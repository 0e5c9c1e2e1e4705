// The page and the API of `advise serve` over HTTP.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "serve/upload_store.h"
#include "service/analyst.h"
#include "service/log_library.h"

namespace advise::serve {

struct ServeOptions {
  std::string bind = "127.0.0.1";
  int port = 8642;                 // 0: any that is free
  std::string token;               // asked of every request; empty: none
  std::vector<std::string> names;  // host names under which it is reached, beside addresses and localhost
  unsigned verdicts = 200;         // logs of the folder that are read without being asked for
  UploadLimits limits;
};

// Serves until `wait_for_end` returns, then stops: requests at work are given up, uploads are deleted. `ready` gets the
// address once requests are answered. Errors: Usage if the address cannot be had; OutputFailed; those of
// LogLibrary::List for a folder that cannot be read.
Result<std::monostate> Serve(const ServeOptions& options, service::LogLibrary& logs, service::Analyst& analyst,
                             const std::function<void(const std::string& url)>& ready,
                             const std::function<void()>& wait_for_end);

}  // namespace advise::serve
