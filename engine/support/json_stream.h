// JSON written as it comes, without a document in memory: `advise model` prints millions of tasks. The bytes depend
// only on the calls: integers as integers, doubles as their shortest text (std::to_chars), invalid UTF-8 as U+FFFD.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace advise {

// How the members of an object or array are laid out.
enum class JsonLayout : std::uint8_t { OneLine, LinePerMember };

class JsonStream {
 public:
  explicit JsonStream(std::ostream& out) : out_(out) {}
  JsonStream(const JsonStream&) = delete;
  JsonStream& operator=(const JsonStream&) = delete;
  // Everything must be closed by then. Does not end the line.
  ~JsonStream() { Flush(); }

  void BeginObject(JsonLayout layout = JsonLayout::OneLine) { Begin('{', layout); }
  void EndObject() { End('}'); }
  void BeginArray(JsonLayout layout = JsonLayout::OneLine) { Begin('[', layout); }
  void EndArray() { End(']'); }
  // The name of the next value; only inside an object.
  void Key(std::string_view name);

  void Null();
  void Bool(bool value);
  void Integer(std::int64_t value);
  void Count(std::uint64_t value);
  void Real(double value);  // NaN and infinities become null
  void String(std::string_view text);

  // Hands what is buffered to the stream.
  void Flush();

 private:
  struct Level {
    JsonLayout layout = JsonLayout::OneLine;
    bool empty = true;
  };
  void Begin(char bracket, JsonLayout layout);
  void End(char bracket);
  void BeforeValue();  // comma and line break, unless a key stands before
  void NextMember();
  void Quote(std::string_view text);

  std::ostream& out_;
  std::string buffer_;
  std::vector<Level> levels_;
  bool after_key_ = false;
};

// The text with every byte that is not part of valid UTF-8 replaced by U+FFFD (one a maximal broken sequence).
std::string ValidUtf8(std::string_view text);

}  // namespace advise
