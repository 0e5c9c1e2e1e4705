// Routes. Every connection carries one request, so that a body which nobody read cannot pass for the next one; bodies
// are taken piece by piece, so that no request holds more memory than a piece.
#include "serve/server.h"

#include <httplib.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "report/writers/html.h"
#include "report/writers/json.h"
#include "serve/access.h"
#include "serve/analyses.h"
#include "serve/page_files.h"
#include "service/compare.h"
#include "service/what_if.h"
#include "support/clean_text.h"
#include "support/json_stream.h"
#include "support/text.h"
#include "support/version.h"

namespace advise::serve {
namespace {

using httplib::ContentReader;
using httplib::Request;
using httplib::Response;
using service::Analysis;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kThreads = 32;                      // requests at once; most of them wait for a disk or a client
constexpr int kMostUploads = 16;                          // of these
constexpr std::size_t kMostJson = std::size_t{64} << 10;  // bytes of a question
constexpr std::size_t kMostListed = 500;
constexpr int kReadSeconds = 10;  // that a client may be silent inside a request
// A client that sends less than that is given up: it would hold a thread for ever.
constexpr std::chrono::seconds kSlowAfter{20};
constexpr std::uint64_t kSlowBytesPerSecond = 4096;

constexpr const char* kJson = "application/json";
constexpr std::string_view kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
constexpr std::string_view kReportPolicy = "frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

void SendJson(Response& response, int status, std::string text) {
  response.status = status;
  response.set_content(std::move(text), kJson);
}

void SendError(Response& response, int status, const Error& error) {
  std::ostringstream text;
  {
    JsonStream json(text);
    json.BeginObject();
    json.BeginObject("error");
    json.String("code", Info(error.code).code);
    json.String("message", PrintableText(error.message, LineEnds::Keep));
    json.StringOrNull("help", CleanText(error.help));
    json.EndObject();
    json.EndObject();
  }
  SendJson(response, status, text.str() + "\n");
}
void SendError(Response& response, int status, std::string message, std::string help = {}) {
  SendError(response, status, {DiagnosticCode::Usage, std::move(message), std::move(help)});
}

// What the status of a log that cannot be read or answered is.
int StatusOf(const Error& error) {
  switch (error.code) {
    case DiagnosticCode::LogNotFound: return 404;
    case DiagnosticCode::LimitExceeded: return 413;
    case DiagnosticCode::OutputFailed: return 507;
    case DiagnosticCode::Internal: return 500;
    default: return 422;
  }
}

void WriteSummary(const Summary& summary, JsonStream& json) {
  json.BeginObject();
  json.String("id", std::to_string(summary.id));
  json.String("name", summary.name);
  json.String("source", summary.upload ? "upload" : "folder");
  json.String("state", Name(summary.state));
  json.Count("bytes", summary.bytes);
  json.Count("read_bytes", summary.read_bytes);
  json.StringOrNull("verdict", summary.verdict);
  json.Bool("failed", summary.run_failed);
  json.Integer("duration_ms", summary.duration_ms);
  if (summary.state == State::Done)
    json.Integer("findings_hold_ms", summary.worth_ms);
  else
    json.Null("findings_hold_ms");
  if (summary.state == State::Failed)
    json.String("error", CleanText(summary.error.message) +
                             (summary.error.help.empty() ? "" : "; " + CleanText(summary.error.help)));
  else
    json.Null("error");
  json.String("report", "/analyses/" + std::to_string(summary.id));
  json.EndObject();
}

std::optional<std::uint64_t> ParseId(const std::string& text) {
  std::uint64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return id;
}

class Server {
 public:
  Server(const ServeOptions& options, service::LogLibrary& logs, service::Analyst& analyst, UploadStore& store)
      : options_(options), logs_(logs), store_(store), analyses_(analyst, store, options.verdicts) {}

  Result<std::monostate> Run(const std::function<void(const std::string&)>& ready,
                             const std::function<void()>& wait_for_end) {
    if (logs_.has_folder()) {
      ADVISE_TRY(const std::vector<service::ListedLog> listed, logs_.List());
      analyses_.AddFolder(listed);
    }
    Configure();
    Route();
    const int port = options_.port == 0                                 ? http_.bind_to_any_port(options_.bind)
                     : http_.bind_to_port(options_.bind, options_.port) ? options_.port
                                                                        : -1;
    if (port < 0) {
      return Fail(DiagnosticCode::Usage,
                  "the port " + std::to_string(options_.port) + " of " + options_.bind + " cannot be had",
                  "something else listens there, or it is reserved: --port takes another one, 0 any that is free");
    }
    std::thread listener([this] { http_.listen_after_bind(); });
    // Before it runs it cannot be stopped.
    while (!http_.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const bool v6 = options_.bind.find(':') != std::string::npos;
    ready("http://" + (v6 ? "[" + options_.bind + "]" : options_.bind) + ":" + std::to_string(port) + "/");
    wait_for_end();
    stopping_ = true;
    analyses_.Stop();
    http_.stop();
    listener.join();
    return std::monostate();
  }

 private:
  void Configure() {
    http_.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
    http_.set_keep_alive_max_count(1);
    http_.set_read_timeout(kReadSeconds);
    http_.set_write_timeout(kReadSeconds);
    http_.set_payload_max_length(options_.limits.file_bytes);
    http_.set_tcp_nodelay(true);
    http_.set_socket_options([](socket_t socket) {
      const int yes = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    });
    http_.set_default_headers({{"X-Content-Type-Options", "nosniff"},
                               {"Referrer-Policy", "no-referrer"},
                               {"Cross-Origin-Resource-Policy", "same-origin"},
                               {"Cache-Control", "no-store"}});
    http_.set_pre_routing_handler([this](const Request& request, Response& response) {
      return Allowed(request, response) ? httplib::Server::HandlerResponse::Unhandled
                                        : httplib::Server::HandlerResponse::Handled;
    });
    http_.set_exception_handler([](const Request&, Response& response, const std::exception_ptr& thrown) {
      std::string what = "unknown";
      try {
        std::rethrow_exception(thrown);
      } catch (const std::exception& error) {
        what = error.what();
      } catch (...) {
      }
      SendError(response, 500, {DiagnosticCode::Internal, "internal error: " + CleanText(what, 200), {}});
    });
    http_.set_error_handler([](const Request&, Response& response) {
      if (response.body.empty()) SendError(response, response.status, "there is nothing here");
    });
  }

  // Whether the request may go on; else it is answered.
  bool Allowed(const Request& request, Response& response) {
    const std::string host = request.get_header_value("Host");
    if (!HostAllowed(host, options_.names)) {
      SendError(response, 421, "this server is not known under that name", "--host-name adds one");
      return false;
    }
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (!reads && request.method != "POST" && request.method != "DELETE") {
      response.set_header("Allow", "GET, HEAD, POST, DELETE");
      SendError(response, 405, "the method is not known here");
      return false;
    }
    // A body that no handler takes piece by piece would be read as a whole.
    const std::string length = request.get_header_value("Content-Length");
    const bool body = request.has_header("Transfer-Encoding") || (!length.empty() && length != "0");
    if (request.method == "DELETE" && body) {
      SendError(response, 400, "DELETE takes no body");
      return false;
    }
    if (request.method == "POST" && !IsPostPath(request.path)) {
      SendError(response, 404, "there is nothing here");
      return false;
    }
    if (!reads &&
        !OriginAllowed(request.get_header_value("Origin"), request.get_header_value("Sec-Fetch-Site"), host)) {
      SendError(response, 403, "requests of other sites are not answered");
      return false;
    }
    if (options_.token.empty() || request.path == "/healthz") return true;
    if (TokenGiven(options_.token, request.get_header_value("Authorization"), request.get_header_value("Cookie")))
      return true;
    if (request.path == "/" && SameSecret(request.get_param_value("token"), options_.token)) {
      response.set_header("Set-Cookie",
                          std::string(kTokenCookie) + "=" + options_.token + "; HttpOnly; SameSite=Strict; Path=/");
      response.set_redirect("/");
      return false;
    }
    response.set_header("WWW-Authenticate", "Bearer");
    SendError(response, 401, "the token is missing or wrong",
              "open /?token=TOKEN, or send Authorization: Bearer TOKEN");
    return false;
  }

  static bool IsPostPath(const std::string& path) {
    return path == "/api/v1/analyses" ||
           (path.starts_with("/api/v1/analyses/") && path.ends_with("/whatif") && path.size() < 50);
  }

  void Route() {
    const auto file = [this](const char* path, std::string_view text, const char* type) {
      http_.Get(path, [text, type](const Request&, Response& response) {
        response.set_header("Content-Security-Policy", std::string(kPagePolicy));
        response.set_content(text.data(), text.size(), type);
      });
    };
    file("/", kPageHtml, "text/html; charset=utf-8");
    file("/serve.css", kPageCss, "text/css; charset=utf-8");
    file("/serve.js", kPageJs, "text/javascript; charset=utf-8");
    http_.Get("/healthz", [](const Request&, Response& response) {
      SendJson(response, 200, "{\"status\": \"ok\", \"version\": \"" + std::string(kVersion) + "\"}\n");
    });
    http_.Get("/api/v1/analyses", [this](const Request& request, Response& response) { List(request, response); });
    http_.Post("/api/v1/analyses", [this](const Request& request, Response& response, const ContentReader& content) {
      Add(request, response, content);
    });
    http_.Get(R"(/api/v1/analyses/([0-9]{1,12}))",
              [this](const Request& request, Response& response) { Get(request, response); });
    http_.Get(R"(/api/v1/analyses/([0-9]{1,12})/status)",
              [this](const Request& request, Response& response) { Status(request, response); });
    http_.Delete(R"(/api/v1/analyses/([0-9]{1,12}))",
                 [this](const Request& request, Response& response) { Delete(request, response); });
    http_.Post(R"(/api/v1/analyses/([0-9]{1,12})/whatif)",
               [this](const Request& request, Response& response, const ContentReader& content) {
                 WhatIf(request, response, content);
               });
    http_.Get("/api/v1/compare", [this](const Request& request, Response& response) { Compare(request, response); });
    http_.Get(R"(/analyses/([0-9]{1,12}))",
              [this](const Request& request, Response& response) { Page(request, response); });
  }

  // ---------------------------------------------------------------- the list
  void List(const Request& request, Response& response) {
    const std::vector<Summary> list = analyses_.List(request.get_param_value("search"));
    const std::size_t offset =
        std::min<std::size_t>(ParseId(request.get_param_value("offset")).value_or(0), list.size());
    const std::size_t end = std::min(
        list.size(),
        offset + std::min<std::size_t>(ParseId(request.get_param_value("limit")).value_or(kMostListed), kMostListed));
    std::ostringstream text;
    {
      JsonStream json(text);
      json.BeginObject(JsonLayout::LinePerMember);
      WriteAdviseMember(json);
      json.Count("total", list.size());
      json.Count("offset", offset);
      json.Count("most_upload_bytes", store_.limits().file_bytes);
      json.Count("upload_bytes", store_.bytes());
      json.BeginArray("analyses", JsonLayout::LinePerMember);
      for (std::size_t i = offset; i < end; ++i) WriteSummary(list[i], json);
      json.EndArray();
      json.EndObject();
    }
    SendJson(response, 200, text.str() + "\n");
  }

  void SendSummary(Response& response, int status, const Summary& summary) {
    std::ostringstream text;
    {
      JsonStream json(text);
      WriteSummary(summary, json);
    }
    SendJson(response, status, text.str() + "\n");
  }

  // ---------------------------------------------------------------- uploads
  void Add(const Request& request, Response& response, const ContentReader& content) {
    const std::string type = Lower(request.get_header_value("Content-Type"));
    if (type.starts_with("multipart/")) {
      SendError(response, 415, "the body is the log itself, no form", "curl --data-binary @LOG, name=LOG in the query");
      return;
    }
    if (type.starts_with(kJson)) return AddByName(request, response, content);
    if (request.has_header("Content-Length") &&
        ParseId(request.get_header_value("Content-Length")).value_or(UINT64_MAX) > store_.limits().file_bytes) {
      SendError(response, 413, "the upload has more than the server takes", "--max-upload, or --dir");
      return;
    }
    const Counted uploads(uploads_);
    if (uploads.count > kMostUploads) {
      response.set_header("Retry-After", "5");
      SendError(response, 503, "too many uploads at once");
      return;
    }
    const std::unique_ptr<UploadStore::Upload> upload = store_.Begin();
    const Clock::time_point start = Clock::now();
    bool slow = false;
    const bool whole = content([&](const char* data, std::size_t size) {
      if (stopping_ || !upload->Write(data, size)) return false;
      const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - start);
      slow =
          seconds > kSlowAfter && upload->bytes() / static_cast<std::uint64_t>(seconds.count()) < kSlowBytesPerSecond;
      return !slow;
    });
    if (slow) return SendError(response, 408, "the upload came too slowly");
    if (!upload->why().message.empty()) return SendError(response, StatusOf(upload->why()), upload->why());
    if (!whole) return SendError(response, 400, "the upload ended in the middle");
    if (upload->bytes() == 0) return SendError(response, 400, "the upload is empty");
    const std::filesystem::path file = upload->Keep();
    if (file.empty()) return SendError(response, 507, "the upload cannot be written to the disk of the server");
    const Result<std::vector<Summary>> added = analyses_.AddUpload(file, request.get_param_value("name"));
    if (!added) return SendError(response, StatusOf(added.error()), added.error());
    SendAdded(request, response, *added);
  }

  // {"log": "etl/app-1.zstd"}: a log of the folder.
  void AddByName(const Request& request, Response& response, const ContentReader& content) {
    std::string body;
    if (!ReadBody(response, content, body)) return;
    const std::optional<std::string> name = TextMember(body, "log");
    if (!name) return SendError(response, 400, "the body is no {\"log\": \"name of a log of the list\"}");
    const std::optional<std::uint64_t> id = analyses_.FindByName(*name);
    if (!id) return SendError(response, 404, "there is no log `" + CleanText(*name, 200) + "` in the list");
    analyses_.Ask(*id);
    const std::optional<Summary> summary = analyses_.Get(*id);
    if (summary) SendAdded(request, response, {*summary});
  }

  void SendAdded(const Request& request, Response& response, const std::vector<Summary>& added) {
    if (request.has_param("wait") && added.size() == 1) return SendReport(response, added.front().id, true);
    std::ostringstream text;
    {
      JsonStream json(text);
      json.BeginObject(JsonLayout::LinePerMember);
      WriteAdviseMember(json);
      json.BeginArray("analyses", JsonLayout::LinePerMember);
      for (const Summary& summary : added) WriteSummary(summary, json);
      json.EndArray();
      json.EndObject();
    }
    response.set_header("Location", "/api/v1/analyses/" + std::to_string(added.front().id));
    SendJson(response, 201, text.str() + "\n");
  }

  // ---------------------------------------------------------------- one log
  void Get(const Request& request, Response& response) {
    SendReport(response, *ParseId(request.matches[1].str()), request.has_param("wait"));
  }

  // The JSON of the contract; 202 with the summary while it is read, unless somebody waits for it.
  void SendReport(Response& response, std::uint64_t id, bool wait) {
    if (!wait) analyses_.Ask(id);
    const std::optional<Summary> summary = wait ? analyses_.Wait(id) : analyses_.Get(id);
    if (!summary) return SendError(response, 404, "there is no such analysis");
    if (summary->state == State::Failed) return SendError(response, StatusOf(summary->error), summary->error);
    if (summary->state != State::Done) return SendSummary(response, 202, *summary);
    const std::shared_ptr<const Analysis> analysis = AnalysisOf(response, id);
    if (!analysis) return;
    std::ostringstream text;
    report::WriteJson(analysis->report, text);
    SendJson(response, 200, text.str());
  }

  void Status(const Request& request, Response& response) {
    const std::optional<Summary> summary = analyses_.Get(*ParseId(request.matches[1].str()));
    if (!summary) return SendError(response, 404, "there is no such analysis");
    SendSummary(response, 200, *summary);
  }

  void Delete(const Request& request, Response& response) {
    const std::uint64_t id = *ParseId(request.matches[1].str());
    if (!analyses_.Get(id)) return SendError(response, 404, "there is no such analysis");
    if (!analyses_.Remove(id)) return SendError(response, 403, "logs of the folder stay where they are");
    response.status = 204;
  }

  void Page(const Request& request, Response& response) {
    const std::uint64_t id = *ParseId(request.matches[1].str());
    const std::optional<Summary> summary = analyses_.Wait(id);
    if (summary && summary->state == State::Failed)
      return SendError(response, StatusOf(summary->error), summary->error);
    const std::shared_ptr<const Analysis> analysis = AnalysisOf(response, id);
    if (!analysis) return;
    response.set_header("Content-Security-Policy", std::string(kReportPolicy));
    response.set_content(report::WriteHtml(analysis->report), "text/html; charset=utf-8");
  }

  void WhatIf(const Request& request, Response& response, const ContentReader& content) {
    std::string body;
    if (!ReadBody(response, content, body)) return;
    const Result<service::WhatIfRequest> changes = service::ParseWhatIf(body);
    if (!changes) return SendError(response, 400, changes.error());
    const std::shared_ptr<const Analysis> analysis = AnalysisOf(response, *ParseId(request.matches[1].str()));
    if (analysis) SendJson(response, 200, service::AnswerWhatIf(*analysis, *changes));
  }

  void Compare(const Request& request, Response& response) {
    const std::optional<std::uint64_t> a = ParseId(request.get_param_value("a"));
    const std::optional<std::uint64_t> b = ParseId(request.get_param_value("b"));
    if (!a || !b) return SendError(response, 400, "`a` and `b` are ids of analyses");
    const std::shared_ptr<const Analysis> before = AnalysisOf(response, *a);
    if (!before) return;
    const std::shared_ptr<const Analysis> after = AnalysisOf(response, *b);
    if (!after) return;
    std::ostringstream text;
    service::WriteCompareJson(service::Compare(*before, *after), text);
    SendJson(response, 200, text.str() + "\n");
  }

  // Null: it was answered why not.
  std::shared_ptr<const Analysis> AnalysisOf(Response& response, std::uint64_t id) {
    const Result<std::shared_ptr<const Analysis>> analysis = analyses_.Report(id);
    if (analysis) return *analysis;
    SendError(response, stopping_ ? 503 : StatusOf(analysis.error()), analysis.error());
    return nullptr;
  }

  // False: it is too long or ended early, and that was answered.
  static bool ReadBody(Response& response, const ContentReader& content, std::string& body) {
    bool small = true;
    const bool whole = content([&](const char* data, std::size_t size) {
      small = body.size() + size <= kMostJson;
      if (small) body.append(data, size);
      return small;
    });
    if (small && whole) return true;
    SendError(response, small ? 400 : 413, small ? "the request ended in the middle" : "the request is too long");
    return false;
  }

  // Of a JSON object; nullopt: it has no such text.
  static std::optional<std::string> TextMember(const std::string& text, const std::string& key) {
    const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object() || !json.contains(key) || !json.at(key).is_string()) return std::nullopt;
    return json.at(key).get<std::string>();
  }

  // Counts who is inside.
  struct Counted {
    explicit Counted(std::atomic<int>& of) : all(of), count(++of) {}
    ~Counted() { --all; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    std::atomic<int>& all;
    const int count;
  };

  const ServeOptions& options_;
  service::LogLibrary& logs_;
  UploadStore& store_;
  std::atomic<bool> stopping_{false};
  std::atomic<int> uploads_{0};
  Analyses analyses_;
  httplib::Server http_;
};

}  // namespace

Result<std::monostate> Serve(const ServeOptions& options, service::LogLibrary& logs, service::Analyst& analyst,
                             const std::function<void(const std::string& url)>& ready,
                             const std::function<void()>& wait_for_end) {
  ADVISE_TRY(const std::unique_ptr<UploadStore> store, UploadStore::Make(options.limits));
  Server server(options, logs, analyst, *store);
  return server.Run(ready, wait_for_end);
}

}  // namespace advise::serve
