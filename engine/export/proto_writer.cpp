// Tags, varints and lengths (protobuf.dev, "Encoding").
#include "export/proto_writer.h"

#include <bit>

namespace advise::exports {

void ProtoMessage::Raw(std::uint64_t value) {
  while (value >= 0x80) {
    bytes_ += static_cast<char>(static_cast<unsigned char>((value & 0x7f) | 0x80));
    value >>= 7;
  }
  bytes_ += static_cast<char>(static_cast<unsigned char>(value));
}

void ProtoMessage::Varint(std::uint32_t field, std::uint64_t value) {
  Raw(std::uint64_t{field} << 3);
  Raw(value);
}

void ProtoMessage::Double(std::uint32_t field, double value) {
  Raw((std::uint64_t{field} << 3) | 1);
  auto bits = std::bit_cast<std::uint64_t>(value);
  for (int i = 0; i < 8; ++i, bits >>= 8) bytes_ += static_cast<char>(static_cast<unsigned char>(bits & 0xff));
}

void ProtoMessage::Text(std::uint32_t field, std::string_view value) {
  Raw((std::uint64_t{field} << 3) | 2);
  Raw(value.size());
  bytes_ += value;
}

}  // namespace advise::exports
