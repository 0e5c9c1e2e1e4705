// What servers share: which logs a client may name, rows in pages, two runs beside each other, what-if as JSON; who may
// ask the HTTP server; how answers to assistants are bounded and made harmless.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

#include "mcp/answer.h"
#include "mcp/arguments.h"
#include "model_fixture.h"
#include "serve/access.h"
#include "serve/upload_store.h"
#include "service/log_library.h"
#include "service/model_page.h"
#include "service/what_if.h"

namespace {

using namespace advise;
namespace fs = std::filesystem;

constexpr const char* kEvent = R"({"Event":"SparkListenerLogStart","Spark Version":"3.5.0"})";

struct Folder {
  Folder() : path(fs::temp_directory_path() / "advise-service-test") {
    fs::remove_all(path);
    fs::create_directories(path / "logs/sub");
    fs::create_directories(path / "outside");
    for (const char* name : {"logs/a", "logs/sub/b", "outside/c"}) std::ofstream(path / name) << kEvent << '\n';
  }
  ~Folder() { fs::remove_all(path); }
  fs::path path;
};

TEST_CASE("service: a log is named by its id in the folder and by nothing else") {
  const Folder folder;
  fs::create_symlink(folder.path / "outside/c", folder.path / "logs/link");
  service::LogLibrary logs((folder.path / "logs/").string());
  const auto listed = logs.List();
  REQUIRE(listed);
  std::vector<std::string> ids;
  for (const service::ListedLog& log : *listed) ids.push_back(log.id);
  CHECK(ids == std::vector<std::string>{"a", "sub/b"});
  REQUIRE(logs.Find("sub/b"));
  CHECK(logs.Find("sub/b")->input.display_path == "sub/b");
  for (const char* id : {"", "-", "../outside/c", "sub/../a", "./a", "link", "/etc/passwd"}) {
    CAPTURE(id);
    CHECK(!logs.Find(id));
  }
  CHECK(logs.Find("sub/a").error().help == "did you mean `sub/b`?");
  // What was listed and then became a link is not followed.
  fs::remove(folder.path / "logs/a");
  fs::create_symlink(folder.path / "outside/c", folder.path / "logs/a");
  CHECK(logs.Find("a").error().code == DiagnosticCode::LogUnreadable);
  // What came later is found.
  std::ofstream(folder.path / "logs/new") << kEvent << '\n';
  CHECK(logs.Find("new"));
}

TEST_CASE("service: without a folder a path is a log, several are none") {
  const Folder folder;
  service::LogLibrary logs("");
  CHECK(logs.Find((folder.path / "logs/a").string()));
  CHECK(logs.Find((folder.path / "logs").string()).error().code == DiagnosticCode::Usage);
  CHECK(logs.Find("-").error().code == DiagnosticCode::Usage);
  CHECK(logs.List().error().code == DiagnosticCode::Usage);
  CHECK(logs.List((folder.path / "logs").string())->size() == 2);
}

TEST_CASE("service: what-if questions as JSON") {
  const auto good = service::ParseWhatIf(
      R"({"conf": {"a": 16, "b": true, "c": "x"}, "executors": [2, 4], "partitions": 8, "drop_stages": [0], "apply": 1,
          "cores": 4, "memory": "16g", "join": {"how": "broadcast", "at": 12}, "split": [1, 2], "salt": [3],
          "cache": [4], "files": "128m", "effects": "scale app.stages.tasks.gc_time by 50%"})");
  REQUIRE(good);
  const ask::WhatIfAsked& asked = good->question.asked();
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  CHECK(asked.settings == Pairs{{"a", "16"}, {"b", "true"}, {"c", "x"}});
  CHECK(asked.executors == std::vector<double>{2, 4});
  CHECK(asked.partitions == std::vector<double>{8});
  CHECK(asked.dropped == std::vector<std::int64_t>{0});
  CHECK(asked.steps == std::vector<std::string>{"1"});
  CHECK(asked.cores == "4");
  CHECK(asked.memory == "16g");
  CHECK(asked.joins == Pairs{{"broadcast", "12"}});
  CHECK(asked.split == std::vector<std::int64_t>{1, 2});
  CHECK(asked.salted == std::vector<std::int64_t>{3});
  CHECK(asked.cached == std::vector<std::int64_t>{4});
  CHECK(asked.files == "128m");
  CHECK(asked.effects.size() == 1);
  const auto executors = [](const char* text) { return service::ParseWhatIf(text)->question.asked().executors; };
  CHECK(executors(R"({"executors": "2..5"})") == std::vector<double>{2, 3, 4, 5});
  CHECK(executors(R"({"executors": "2,8"})") == std::vector<double>{2, 8});
  for (const char* bad : {"",
                          "[]",
                          "{}",
                          "nul",
                          R"({"conf": 5})",
                          R"({"conf": {"a": [1]}})",
                          R"({"conf": {"a": 1.5}})",
                          R"({"executors": 0})",
                          R"({"executors": 1.5})",
                          R"({"executors": []})",
                          R"({"executors": "many"})",
                          R"({"executors": "0"})",
                          R"({"executors": "5..2"})",
                          R"({"executors": "1,"})",
                          R"({"executors": ""})",
                          R"({"executors": 1e300})",
                          R"({"executors": [1,2], "partitions": [1,2]})",
                          R"({"drop_stages": 3})",
                          R"({"drop_stages": [-1]})",
                          R"({"apply": [1.5]})",
                          R"({"no": 1})",
                          R"({"split": "x"})",
                          R"({"salt": [1.5]})",
                          R"({"cache": {"a": 1}})",
                          R"({"join": [5]})",
                          R"({"join": {"how": "nested", "at": 2}})",
                          R"({"join": {"how": "broadcast"}})",
                          R"({"join": {"how": "broadcast", "at": 1, "x": 2}})",
                          R"({"files": "large"})",
                          R"({"files": "0"})",
                          R"({"files": ""})",
                          R"({"memory": [1]})",
                          R"({"effects": [5.5]})",
                          R"({"executors": [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]})"}) {
    CAPTURE(bad);
    CHECK(!service::ParseWhatIf(bad));
  }
  CHECK(service::ParseWhatIf(R"({"executor": 2})").error().message.find("executors") != std::string::npos);
  const auto effect = service::ParseWhatIf(R"({"effects": ["scale all the things"]})");
  REQUIRE(!effect);
  CHECK(effect.error().code != DiagnosticCode::Usage);
  CHECK(effect.error().message.find("<effect>:") != std::string::npos);
  CHECK(!service::ParseWhatIf(R"({"effects": [")" + std::string(5'000, 'x') + R"("]})"));
}

TEST_CASE("service: rows are picked and sorted as a plain loop would") {
  const model::JobModel model = test::SmallModel();
  const auto pick = [&](const service::RowRequest& request) { return service::PickRows(model, request); };
  const model::TaskTable& tasks = model.tasks;
  REQUIRE(tasks.size() > 3);
  std::vector<std::uint32_t> expected;
  for (std::uint32_t row = 0; row < tasks.size(); ++row) {
    if (tasks.duration.Has(row) && tasks.duration.Get(row) >= 100) expected.push_back(row);
  }
  std::ranges::stable_sort(expected, std::greater(), [&](std::uint32_t row) { return tasks.duration.Get(row); });
  service::RowRequest request;
  request.entity = model::Entity::Task;
  request.where = {{"duration", {}, 100.0, {}}};
  request.sort = "duration";
  request.descending = true;
  CHECK(*pick(request) == expected);
  request.where = {};
  const auto all = pick(request);
  REQUIRE(all);
  CHECK(all->size() == tasks.size());
  for (std::size_t i = 1; i < all->size(); ++i) {  // missing ones come last
    CHECK((tasks.duration.Has((*all)[i - 1]) || !tasks.duration.Has((*all)[i])));
  }
  request.sort = "duratoin";
  CHECK(pick(request).error().message.find("did you mean `duration`") != std::string::npos);
  request.sort = "";
  request.where = {{"status", {}, 1.0, {}}};
  CHECK(pick(request).error().message.find("no number") != std::string::npos);
  request.where = {};
  request.id = "no such";
  CHECK(!pick(request));
}

TEST_CASE("serve: names under which the server may be asked") {
  const std::vector<std::string> own = {"spark.acme.example"};
  for (const char* host : {"localhost", "LOCALHOST:80", "127.0.0.1:8642", "[::1]:1", "::1", "10.1.2.3",
                           "spark.acme.example:1", "Spark.Acme.Example"}) {
    CAPTURE(host);
    CHECK(serve::HostAllowed(host, own));
  }
  for (const char* host : {"", ":80", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "[::1",
                           "acme.example", "127.0.0.1@evil.example", "1.2.3"}) {
    CAPTURE(host);
    CHECK(!serve::HostAllowed(host, own));
  }
  for (const char* address : {"127.0.0.1", "127.9.9.9", "::1", "localhost"}) CHECK(serve::IsLoopback(address));
  for (const char* address : {"0.0.0.0", "10.0.0.1", "::", "example.org", "128.0.0.1", "", "fe80::1"})
    CHECK(!serve::IsLoopback(address));
}

TEST_CASE("serve: requests of other sites") {
  CHECK(serve::OriginAllowed("", "", "localhost:1"));
  CHECK(serve::OriginAllowed("http://localhost:1", "same-origin", "localhost:1"));
  CHECK(serve::OriginAllowed("https://localhost:1", "", "localhost:1"));
  CHECK(!serve::OriginAllowed("http://localhost:2", "", "localhost:1"));
  CHECK(!serve::OriginAllowed("http://evil.example", "", "localhost:1"));
  CHECK(!serve::OriginAllowed("null", "", "localhost:1"));
  CHECK(!serve::OriginAllowed("", "cross-site", "localhost:1"));
  CHECK(!serve::OriginAllowed("", "same-site", "localhost:1"));
}

TEST_CASE("serve: tokens") {
  CHECK(serve::TokenGiven("secret", "Bearer secret", ""));
  CHECK(serve::TokenGiven("secret", "", "a=b; advise_token=secret"));
  for (const auto& given :
       std::initializer_list<std::pair<const char*, const char*>>{{"", ""},
                                                                  {"secret", ""},
                                                                  {"Bearer", ""},
                                                                  {"Bearer secre", ""},
                                                                  {"Bearer secrets", ""},
                                                                  {"Basic secret", ""},
                                                                  {"", "advise_token="},
                                                                  {"", "advise_token"},
                                                                  {"", "xadvise_token=secret"},
                                                                  {"", ";;=;"}}) {
    CAPTURE(given.first);
    CAPTURE(given.second);
    CHECK(!serve::TokenGiven("secret", given.first, given.second));
  }
  CHECK(serve::SameSecret("", ""));
  CHECK(!serve::SameSecret("a", ""));
  CHECK(!serve::SameSecret("", "a"));
}

TEST_CASE("serve: uploads are counted, limited, and gone at the end") {
  auto store = serve::UploadStore::Make({.file_bytes = 10, .all_bytes = 15, .free_bytes = 0});
  REQUIRE(store);
  fs::path kept;
  {
    auto upload = (*store)->Begin();
    CHECK(upload->Write("12345678", 8));
    kept = upload->Keep();
    CHECK(fs::file_size(kept) == 8);
  }
  CHECK((*store)->bytes() == 8);
  {
    auto large = (*store)->Begin();
    CHECK(large->Write("123456", 6));
    CHECK(!large->Write("78901", 5));
    CHECK(large->why().message.find("10 B") != std::string::npos);
    auto second = (*store)->Begin();
    CHECK(!second->Write("12", 2));
    CHECK(second->why().message.find("15 B") != std::string::npos);
  }
  CHECK((*store)->bytes() == 8);
  (*store)->Remove(kept);
  (*store)->Remove(kept);
  CHECK((*store)->bytes() == 0);
  const fs::path folder = kept.parent_path();
  CHECK(fs::exists(folder));
  store->reset();
  CHECK(!fs::exists(folder));
}

TEST_CASE("mcp: answers are bounded and say what they leave out") {
  mcp::Json whole = {{"list", mcp::Json::array()}, {"text", std::string(5000, 'x')}};
  for (int i = 0; i < 500; ++i) whole["list"].push_back({{"inner", mcp::Json::array({1, 2, 3, 4, 5})}});
  for (const std::size_t most : {100'000U, 8'000U, 2'000U, 100U}) {
    mcp::Json cut = whole;
    const std::vector<std::string> lines = mcp::Bound(cut, most);
    CHECK(cut.dump().size() <= most);
    CHECK(lines.empty() == (most == 100'000U));
  }
  mcp::Json cut = whole;
  CHECK(mcp::Bound(cut, 8'000).front() == "list: the first 100 of 500");
  mcp::Json small = {{"a", 1}};
  CHECK(mcp::Bound(small, 2'000).empty());
}

TEST_CASE("mcp: texts of logs are harmless") {
  mcp::Json answer = {{"k\u202ey", {"a\u200bb\x1b[2J", "two\nlines\u2066", 5}}};
  mcp::Neutralise(answer);
  CHECK(answer.dump() == R"({"ky":["ab [2J","two\nlines",5]})");
  CHECK(mcp::QuoteName("say \"”hello“\"") == "“say ''hello''”");
  CHECK(mcp::QuoteName("\U000E0041\U000E0042") == "“”");
}

TEST_CASE("mcp: arguments against their schema") {
  const mcp::Json schema =
      mcp::Object({{"log", mcp::Text("")},
                   {"limit", mcp::Whole("", 1, 9)},
                   {"flag", mcp::Flag("")},
                   {"word", mcp::OneOf("", {"a", "b"})},
                   {"list", {{"type", "array"}, {"items", mcp::Whole("", 0, 5)}, {"maxItems", 2}}}},
                  {"log"});
  const auto check = [&](const char* text) { return mcp::CheckArguments(schema, mcp::Json::parse(text)); };
  CHECK(!check(R"({"log": "x"})"));
  CHECK(!check(R"({"log": "x", "limit": 9, "flag": false, "word": "b", "list": [0, 5]})"));
  CHECK(*check("{}") == "`log` is missing");
  CHECK(*check("[]") == "the arguments must be of type object");
  CHECK(*check(R"({"log": 1})") == "`log` must be of type string");
  CHECK(*check(R"({"log": "x", "limit": 10})") == "`limit` is not within 1 and 9");
  CHECK(*check(R"({"log": "x", "limit": 1.5})") == "`limit` must be of type integer");
  CHECK(*check(R"({"log": "x", "word": "c"})") == R"(`word` must be one of ["a","b"])");
  CHECK(*check(R"({"log": "x", "list": [1, 2, 3]})") == "`list` has more than 2 elements");
  CHECK(*check(R"({"log": "x", "list": [9]})") == "`list[]` is not within 0 and 5");
  CHECK(*check(R"({"log": "x", "limits": 1})") == "there is no argument `limits`; did you mean `limit`?");
}

}  // namespace
