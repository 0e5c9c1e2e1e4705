// The wire format of protocol buffers, as far as a trace needs it: varints, doubles, texts and messages inside
// messages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace advise::exports {

// A message as bytes. Fields come out in the order of the calls.
class ProtoMessage {
 public:
  void Varint(std::uint32_t field, std::uint64_t value);
  // int64 fields: negative values take ten bytes.
  void Int(std::uint32_t field, std::int64_t value) { Varint(field, static_cast<std::uint64_t>(value)); }
  void Double(std::uint32_t field, double value);
  void Text(std::uint32_t field, std::string_view value);
  void Message(std::uint32_t field, const ProtoMessage& message) { Text(field, message.bytes_); }

  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  void Raw(std::uint64_t value);
  std::string bytes_;
};

}  // namespace advise::exports
