// Logs and their reports for servers: read once, kept while they are asked about, one read at a time. The rules are
// compiled once and shared.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "advise.h"
#include "ask/examine.h"
#include "service/log_library.h"

namespace advise::service {

// A log and what is said of it, with the details of the page.
struct Analysis {
  std::shared_ptr<const RunLog> log;
  report::Report report;
};

// A log as questions about its findings need it (ask/).
struct Examination {
  std::shared_ptr<const RunLog> log;
  ask::Examined run;
};

// What of a log is asked for, and how.
struct Ask {
  ingest::Selection selection{};
  explain::Level level = explain::Level::Practitioner;
  int top = 3;
  plan::PlanOptions plan{};
  const std::atomic<bool>* stop = nullptr;                       // set by somebody else: the answer is no longer wanted
  std::function<void(std::uint64_t, std::uint64_t)> progress{};  // bytes read, bytes on disk
};

// The last few values by key. Not for several threads.
template <class T>
class LastUsed {
 public:
  explicit LastUsed(std::size_t most) : most_(most) {}
  std::shared_ptr<const T> Get(const std::string& key) {
    for (auto it = values_.begin(); it != values_.end(); ++it) {
      if (it->first != key) continue;
      values_.splice(values_.begin(), values_, it);
      return values_.front().second;
    }
    return nullptr;
  }
  void Put(std::string key, std::shared_ptr<const T> value) {
    values_.emplace_front(std::move(key), std::move(value));
    while (values_.size() > most_) values_.pop_back();
  }
  // Drops the oldest ones while `too_much` says so of all that are kept; the newest stays.
  template <class TooMuch>
  void Shrink(const TooMuch& too_much) {
    while (values_.size() > 1 && too_much(values_)) values_.pop_back();
  }

 private:
  std::size_t most_;
  std::list<std::pair<std::string, std::shared_ptr<const T>>> values_;
};

// May be asked from several threads; they read one after the other, so that memory stays that of one log and of those
// that are kept.
class Analyst {
 public:
  struct Options {
    std::vector<std::string> rules{};  // --rules
    unsigned threads = 0;              // that read a log
  };
  // Compiles the rules; `sources` outlives the analyst. Errors: those of advise::Compile. What is wrong with single
  // rules is reported.
  static Result<std::unique_ptr<Analyst>> Make(const Options& options, SourceManager& sources,
                                               Diagnostics& diagnostics);

  // Errors: those of advise::Read; Usage with the message "cancelled" after `stop`.
  Result<std::shared_ptr<const Analysis>> Analyze(const ListedLog& log, const Ask& ask);
  // The log alone. Detail::Rest: with what only `advise model` shows.
  Result<std::shared_ptr<const RunLog>> ReadLog(const ListedLog& log, const Ask& ask, ingest::Detail detail);

  // For questions: level, number of findings shown and plan of `ask` do not matter. The result is for one thread at a
  // time.
  Result<std::shared_ptr<const Examination>> Examine(const ListedLog& log, const Ask& ask);

  [[nodiscard]] const Rulebook& book() const { return *book_; }
  [[nodiscard]] const SourceManager& sources() const { return *sources_; }  // of the book

 private:
  Analyst(Options options, const SourceManager& sources) : options_(std::move(options)), sources_(&sources) {}

  Options options_;
  const SourceManager* sources_;
  std::optional<Rulebook> book_;
  std::mutex reading_;
  std::mutex kept_;
  // How many of each are kept.
  static constexpr std::size_t kMostRuns = 4;
  static constexpr std::size_t kMostAnalyses = 8;
  static constexpr std::size_t kMostExaminations = 2;  // each holds what the rules computed of its log
  LastUsed<RunLog> runs_{kMostRuns};
  LastUsed<Analysis> analyses_{kMostAnalyses};
  LastUsed<Examination> examinations_{kMostExaminations};
};

}  // namespace advise::service
