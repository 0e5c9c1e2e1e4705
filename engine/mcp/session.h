// What the methods of the protocol work with, and how they fail. Private to mcp/.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "mcp/json.h"
#include "service/analyst.h"
#include "service/log_library.h"

namespace advise::mcp {

// A JSON-RPC error: thrown by a method, answered by the server.
struct RpcError {
  int code = 0;
  std::string message;
  Json data = nullptr;
};
inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kMethodNotFound = -32601;
inline constexpr int kInvalidParams = -32602;
inline constexpr int kInternalError = -32603;
inline constexpr int kBusy = -32000;
inline constexpr int kResourceNotFound = -32002;

// One request at work.
struct Session {
  service::LogLibrary& logs;
  service::Analyst& analyst;
  const std::atomic<bool>* stop = nullptr;                       // the client no longer wants the answer
  std::function<void(std::uint64_t, std::uint64_t)> progress{};  // bytes read, bytes on disk
};

}  // namespace advise::mcp
