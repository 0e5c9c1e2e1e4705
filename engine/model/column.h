// Columns: one value a row, where a value may be missing. Missing is unknown, never zero.
// All columns share: size(), Push(value), PushMissing(), Get(row), Has(row), Set(row, value) (not PackedColumn).
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "model/entity.h"
#include "support/string_pool.h"

namespace advise::model {

// "Not there" for integers. No field of an event log holds it (times are positive, metrics are counts).
inline constexpr std::int64_t kMissing = std::numeric_limits<std::int64_t>::min();
inline constexpr double kMissingReal = std::numeric_limits<double>::quiet_NaN();
inline constexpr std::uint8_t kMissingEnum = 255;

// Storage for every column type that is a plain vector with a reserved value for "missing".
template <class T, T Missing>
class PlainColumn {
 public:
  using Value = T;
  [[nodiscard]] std::size_t size() const { return values_.size(); }
  void Push(T value) { values_.push_back(value); }
  void PushMissing() { values_.push_back(Missing); }
  void Resize(std::size_t rows) { values_.resize(rows, Missing); }
  [[nodiscard]] T Get(std::size_t row) const { return values_[row]; }
  [[nodiscard]] bool Has(std::size_t row) const { return values_[row] != Missing; }
  void Set(std::size_t row, T value) { values_[row] = value; }
  void Clear(std::size_t row) { values_[row] = Missing; }
  [[nodiscard]] std::span<const T> values() const { return values_; }

 private:
  std::vector<T> values_;
};

using IntColumn = PlainColumn<std::int64_t, kMissing>;
using StrColumn = PlainColumn<StringId, StringId::None>;

// Ratios and the like. NaN is missing.
class RealColumn {
 public:
  using Value = double;
  [[nodiscard]] std::size_t size() const { return values_.size(); }
  void Push(double value) { values_.push_back(value); }
  void PushMissing() { values_.push_back(kMissingReal); }
  void Resize(std::size_t rows) { values_.resize(rows, kMissingReal); }
  [[nodiscard]] double Get(std::size_t row) const { return values_[row]; }
  [[nodiscard]] bool Has(std::size_t row) const { return !std::isnan(values_[row]); }
  void Set(std::size_t row, double value) { values_[row] = value; }
  void Clear(std::size_t row) { values_[row] = kMissingReal; }

 private:
  std::vector<double> values_;
};

// true, false or missing.
class FlagColumn {
 public:
  using Value = bool;
  [[nodiscard]] std::size_t size() const { return values_.size(); }
  void Push(bool value) { values_.push_back(value ? 1 : 0); }
  void PushMissing() { values_.push_back(2); }
  void Resize(std::size_t rows) { values_.resize(rows, 2); }
  [[nodiscard]] bool Get(std::size_t row) const { return values_[row] == 1; }  // missing reads as false: ask Has first
  [[nodiscard]] bool Has(std::size_t row) const { return values_[row] != 2; }
  void Set(std::size_t row, bool value) { values_[row] = value ? 1 : 0; }
  void Clear(std::size_t row) { values_[row] = 2; }

 private:
  std::vector<std::uint8_t> values_;
};

// A value of the enum class E (enums.h), one byte.
template <class E>
class EnumColumn {
 public:
  using Value = E;
  [[nodiscard]] std::size_t size() const { return values_.size(); }
  void Push(E value) { values_.push_back(static_cast<std::uint8_t>(value)); }
  void PushMissing() { values_.push_back(kMissingEnum); }
  void Resize(std::size_t rows) { values_.resize(rows, kMissingEnum); }
  [[nodiscard]] E Get(std::size_t row) const { return static_cast<E>(values_[row]); }
  [[nodiscard]] bool Has(std::size_t row) const { return values_[row] != kMissingEnum; }
  void Set(std::size_t row, E value) { values_[row] = static_cast<std::uint8_t>(value); }
  void Clear(std::size_t row) { values_[row] = kMissingEnum; }

 private:
  std::vector<std::uint8_t> values_;
};

// To-one relation.
template <Entity E>
class RefColumn {
 public:
  using Value = Row<E>;
  static constexpr Entity kTarget = E;
  [[nodiscard]] std::size_t size() const { return values_.size(); }
  void Push(Row<E> value) { values_.push_back(value); }
  void PushMissing() { values_.push_back({}); }
  void Resize(std::size_t rows) { values_.resize(rows); }
  [[nodiscard]] Row<E> Get(std::size_t row) const { return values_[row]; }
  [[nodiscard]] bool Has(std::size_t row) const { return values_[row].valid(); }
  void Set(std::size_t row, Row<E> value) { values_[row] = value; }
  void Clear(std::size_t row) { values_[row] = {}; }

 private:
  std::vector<Row<E>> values_;
};

// To-many relation: rows in ascending order unless the column's doc says otherwise. Never missing, may be empty.
template <Entity E>
class SetColumn {
 public:
  static constexpr Entity kTarget = E;
  [[nodiscard]] std::size_t size() const { return sets_.size(); }
  void PushMissing() { sets_.emplace_back(); }  // the empty set
  void Resize(std::size_t rows) { sets_.resize(rows); }
  [[nodiscard]] std::span<const Row<E>> Get(std::size_t row) const { return sets_[row]; }
  [[nodiscard]] std::vector<Row<E>>& Mutable(std::size_t row) { return sets_[row]; }
  void Set(std::size_t row, std::vector<Row<E>> rows) { sets_[row] = std::move(rows); }

 private:
  std::vector<std::vector<Row<E>>> sets_;
};

// A list of strings (tags, ids that are no rows). Never missing, may be empty.
class StrListColumn {
 public:
  [[nodiscard]] std::size_t size() const { return lists_.size(); }
  void PushMissing() { lists_.emplace_back(); }
  void Resize(std::size_t rows) { lists_.resize(rows); }
  [[nodiscard]] std::span<const StringId> Get(std::size_t row) const { return lists_[row]; }
  [[nodiscard]] std::vector<StringId>& Mutable(std::size_t row) { return lists_[row]; }

 private:
  std::vector<std::vector<StringId>> lists_;
};

// A list of integers (Spark ids that are no rows: RDD ids, the stage ids of a job). Never missing, may be empty.
class IntListColumn {
 public:
  [[nodiscard]] std::size_t size() const { return lists_.size(); }
  void PushMissing() { lists_.emplace_back(); }
  void Resize(std::size_t rows) { lists_.resize(rows); }
  [[nodiscard]] std::span<const std::int64_t> Get(std::size_t row) const { return lists_[row]; }
  [[nodiscard]] std::vector<std::int64_t>& Mutable(std::size_t row) { return lists_[row]; }

 private:
  std::vector<std::vector<std::int64_t>> lists_;
};

// Append-only integers for the task table (up to 200 M rows): blocks of 4,096 rows, each stored as offsets from its
// smallest value in 0, 1, 2, 4 or 8 bytes, whatever is enough; the largest offset code stands for "missing". A column
// that is constant or wholly missing in a block takes no bytes there. Real task tables take 60..90 bytes a task so.
class PackedColumn {
 public:
  using Value = std::int64_t;
  static constexpr std::size_t kBlockRows = 4096;

  [[nodiscard]] std::size_t size() const { return sealed_.size() * kBlockRows + open_.size(); }
  void Push(std::int64_t value) {
    open_.push_back(value);
    if (open_.size() == kBlockRows) Seal();
  }
  void PushMissing() { Push(kMissing); }
  [[nodiscard]] std::int64_t Get(std::size_t row) const {
    const std::size_t block = row / kBlockRows;
    if (block < sealed_.size()) return sealed_[block].Get(row % kBlockRows);
    return open_[row - sealed_.size() * kBlockRows];
  }
  [[nodiscard]] bool Has(std::size_t row) const { return Get(row) != kMissing; }
  // Rows begin … begin + out.size() - 1 at once: several times as fast as Get for whole columns.
  void Decode(std::size_t begin, std::span<std::int64_t> out) const;
  // Bytes held, for tests/bench.
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Block {
    std::unique_ptr<std::uint8_t[]> codes;  // null when width is 0
    std::int64_t base = kMissing;           // kMissing with width 0: every value is missing
    std::uint8_t width = 0;                 // bytes a value
    [[nodiscard]] std::int64_t Get(std::size_t i) const;
    void Decode(std::size_t first, std::span<std::int64_t> out) const;
  };
  void Seal();

  std::vector<Block> sealed_;
  std::vector<std::int64_t> open_;
};

}  // namespace advise::model
