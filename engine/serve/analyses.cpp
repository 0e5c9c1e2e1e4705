// The list, and the thread that works through it.
#include "serve/analyses.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "support/clean_text.h"
#include "support/format.h"
#include "support/text.h"

namespace advise::serve {
namespace {

constexpr std::size_t kMostOfUpload = 1'000;  // logs in one archive
constexpr std::size_t kNameColumns = 200;

service::Ask AskOf(const std::atomic<bool>& stop) {
  service::Ask ask;
  ask.stop = &stop;
  return ask;
}

}  // namespace

std::string_view Name(State state) {
  constexpr std::array<std::string_view, 5> kNames = {"listed", "waiting", "reading", "done", "failed"};
  return kNames[static_cast<std::size_t>(state)];
}

Analyses::Analyses(service::Analyst& analyst, UploadStore& store, unsigned verdicts)
    : analyst_(analyst), store_(store), verdicts_(verdicts), worker_([this] { Work(); }) {}

Analyses::~Analyses() {
  Stop();
  worker_.join();
}

void Analyses::Stop() {
  {
    const std::scoped_lock lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
}

Analyses::Entry* Analyses::Find(std::uint64_t id) {
  const auto entry = std::ranges::find(entries_, id, [](const Entry& e) { return e.summary.id; });
  return entry == entries_.end() ? nullptr : &*entry;
}
const Analyses::Entry* Analyses::Find(std::uint64_t id) const { return const_cast<Analyses*>(this)->Find(id); }

void Analyses::AddFolder(const std::vector<service::ListedLog>& logs) {
  {
    const std::scoped_lock lock(mutex_);
    for (const service::ListedLog& log : logs) {
      Entry entry;
      entry.summary.id = ++next_;
      entry.summary.name = CleanText(log.id, kNameColumns);
      entry.summary.bytes = log.bytes();
      entry.log = log;
      if (idle_.size() < verdicts_) idle_.push_back(entry.summary.id);
      entries_.push_back(std::move(entry));
    }
  }
  changed_.notify_all();
}

Result<std::vector<Summary>> Analyses::AddUpload(const std::filesystem::path& file, const std::string& name) {
  const std::string path = file.string();
  const std::string shown = name.empty() ? "upload" : CleanText(name, kNameColumns);
  Result<std::vector<ingest::LogInput>> logs = ingest::FindLogs(path, Limits());
  if (logs && logs->size() > kMostOfUpload)
    logs =
        Fail(DiagnosticCode::LimitExceeded, "the upload holds more than 1,000 logs", "start advise serve with --dir");
  if (!logs) {
    Error error = logs.error();
    for (std::string* text : {&error.message, &error.help}) {
      for (std::size_t at = text->find(path); at != std::string::npos; at = text->find(path, at + shown.size()))
        text->replace(at, path.size(), shown);
    }
    store_.Remove(file);
    return tl::unexpected<Error>(error);
  }
  std::vector<Summary> added;
  {
    const std::scoped_lock lock(mutex_);
    for (ingest::LogInput& input : *logs) {
      Entry entry;
      std::string inside = input.display_path.starts_with(path) ? input.display_path.substr(path.size()) : "";
      entry.log.id = shown + inside;
      input.display_path = entry.log.id;
      entry.log.input = std::move(input);
      entry.file = file;
      entry.summary.id = ++next_;
      entry.summary.name = CleanText(entry.log.id, kNameColumns);
      entry.summary.upload = true;
      entry.summary.state = State::Waiting;
      entry.summary.bytes = entry.log.bytes();
      asked_.push_back(entry.summary.id);
      added.push_back(entry.summary);
      entries_.push_back(std::move(entry));
    }
  }
  changed_.notify_all();
  return added;
}

std::vector<Summary> Analyses::List(const std::string& search) const {
  const std::string wanted = Lower(search);
  std::vector<Summary> list;
  {
    const std::scoped_lock lock(mutex_);
    for (const Entry& entry : entries_) {
      const Summary& summary = entry.summary;
      if (Lower(summary.name).find(wanted) != std::string::npos ||
          Lower(summary.verdict).find(wanted) != std::string::npos)
        list.push_back(summary);
    }
  }
  std::ranges::stable_sort(list, std::greater(), [](const Summary& summary) {
    return std::tuple(summary.state == State::Done, summary.run_failed, summary.worth_ms);
  });
  return list;
}

std::optional<Summary> Analyses::Get(std::uint64_t id) const {
  const std::scoped_lock lock(mutex_);
  const Entry* entry = Find(id);
  return entry == nullptr ? std::nullopt : std::optional(entry->summary);
}

std::optional<std::uint64_t> Analyses::FindByName(const std::string& name) const {
  const std::scoped_lock lock(mutex_);
  const auto entry = std::ranges::find(entries_, name, [](const Entry& e) { return e.log.id; });
  return entry == entries_.end() ? std::nullopt : std::optional(entry->summary.id);
}

void Analyses::Ask(std::uint64_t id) {
  {
    const std::scoped_lock lock(mutex_);
    Entry* entry = Find(id);
    if (entry == nullptr || entry->summary.state != State::Listed) return;
    entry->summary.state = State::Waiting;
    asked_.push_back(id);
  }
  changed_.notify_all();
}

std::optional<Summary> Analyses::Wait(std::uint64_t id) {
  Ask(id);
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] {
    const Entry* entry = Find(id);
    return stop_ || entry == nullptr || entry->summary.state == State::Done || entry->summary.state == State::Failed;
  });
  const Entry* entry = Find(id);
  return entry == nullptr ? std::nullopt : std::optional(entry->summary);
}

Result<std::shared_ptr<const service::Analysis>> Analyses::Report(std::uint64_t id) {
  std::optional<service::ListedLog> log;
  {
    const std::scoped_lock lock(mutex_);
    if (const Entry* entry = Find(id)) log = entry->log;
  }
  if (!log) return Fail(DiagnosticCode::LogNotFound, "there is no analysis " + std::to_string(id));
  return analyst_.Analyze(*log, AskOf(stop_));
}

bool Analyses::Remove(std::uint64_t id) {
  const std::scoped_lock lock(mutex_);
  Entry* entry = Find(id);
  if (entry == nullptr || !entry->summary.upload) return false;
  const std::filesystem::path file = entry->file;
  std::erase(asked_, id);
  std::erase_if(entries_, [&](const Entry& e) { return e.summary.id == id; });
  const bool used = std::ranges::any_of(entries_, [&](const Entry& e) { return e.file == file; });
  if (!used) store_.Remove(file);
  return true;
}

void Analyses::Work() {
  while (true) {
    std::uint64_t id = 0;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stop_ || !asked_.empty() || !idle_.empty(); });
      if (stop_) return;
      std::deque<std::uint64_t>& queue = asked_.empty() ? idle_ : asked_;
      id = queue.front();
      queue.pop_front();
      Entry* entry = Find(id);
      if (entry == nullptr || entry->summary.state > State::Waiting) continue;
      entry->summary.state = State::Reading;
    }
    ReadNow(id);
    changed_.notify_all();
  }
}

void Analyses::ReadNow(std::uint64_t id) {
  service::ListedLog log;
  {
    const std::scoped_lock lock(mutex_);
    const Entry* entry = Find(id);
    if (entry == nullptr) return;
    log = entry->log;
  }
  service::Ask ask = AskOf(stop_);
  ask.progress = [&](std::uint64_t done, std::uint64_t) {
    const std::scoped_lock lock(mutex_);
    if (Entry* entry = Find(id)) entry->summary.read_bytes = done;
  };
  Result<std::shared_ptr<const service::Analysis>> analysis = Fail(DiagnosticCode::Internal, "it was not read");
  try {
    analysis = analyst_.Analyze(log, ask);
  } catch (const std::exception& error) {
    analysis = Fail(DiagnosticCode::Internal, "internal error: " + CleanText(error.what(), kNameColumns));
  }
  const std::scoped_lock lock(mutex_);
  Entry* entry = Find(id);
  if (entry == nullptr) return;
  Summary& summary = entry->summary;
  if (!analysis) {
    summary.state = State::Failed;
    summary.error = analysis.error();
    return;
  }
  const report::Report& report = (*analysis)->report;
  summary.state = State::Done;
  summary.verdict = report.one_line;
  summary.run_failed = report.app.failed;
  summary.duration_ms = report.app.duration_ms;
  summary.worth_ms = report.worth_ms;
}

}  // namespace advise::serve
