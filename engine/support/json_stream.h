// JSON written as it comes, without a document in memory: `advise model` prints millions of tasks. The bytes depend
// only on the calls: integers as integers, doubles as their shortest text (std::to_chars), invalid UTF-8 as U+FFFD.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <ostream>
#include <span>
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

  // Members of an object: the key and its value. An absent optional is null.
  void BeginObject(std::string_view key, JsonLayout layout = JsonLayout::OneLine) { Under(key).BeginObject(layout); }
  void BeginArray(std::string_view key, JsonLayout layout = JsonLayout::OneLine) { Under(key).BeginArray(layout); }
  void Null(std::string_view key) { Under(key).Null(); }
  void Bool(std::string_view key, bool value) { Under(key).Bool(value); }
  void Integer(std::string_view key, std::int64_t value) { Under(key).Integer(value); }
  void Integer(std::string_view key, std::optional<std::int64_t> value);
  void Count(std::string_view key, std::uint64_t value) { Under(key).Count(value); }
  void Real(std::string_view key, double value) { Under(key).Real(value); }
  void Real(std::string_view key, std::optional<double> value);
  void String(std::string_view key, std::string_view text) { Under(key).String(text); }
  template <std::same_as<std::optional<std::string>> Text>
  void String(std::string_view key, const Text& text) {
    Key(key);
    return text ? String(*text) : Null();
  }
  // The empty text means "not stated": null.
  void StringOrNull(std::string_view key, std::string_view text);
  void Strings(std::string_view key, std::span<const std::string> texts);

  // Hands what is buffered to the stream.
  void Flush();

 private:
  struct Level {
    JsonLayout layout = JsonLayout::OneLine;
    bool empty = true;
  };
  JsonStream& Under(std::string_view key) {
    Key(key);
    return *this;
  }
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

// The member that every JSON output of advise begins with: "advise": {"version": …, "schema": …}.
void WriteAdviseMember(JsonStream& json);

// The text with every byte that is not part of valid UTF-8 replaced by U+FFFD (one a maximal broken sequence).
std::string ValidUtf8(std::string_view text);

}  // namespace advise
