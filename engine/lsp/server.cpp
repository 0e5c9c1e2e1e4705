// Requests in, answers out. JSON stays here.
#include "lsp/server.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "lsp/features.h"
#include "lsp/lint_lens.h"
#include "lsp/lint_result.h"
#include "lsp/message_stream.h"
#include "lsp/text_document.h"
#include "lsp/workspace.h"
#include "rules/syntax/format.h"
#include "support/version.h"

namespace advise::lsp {
namespace {

using nlohmann::json;

// Error codes of JSON-RPC and of the protocol.
constexpr int kParseError = -32700;
constexpr int kInvalidRequest = -32600;
constexpr int kMethodNotFound = -32601;
constexpr int kInvalidParams = -32602;
constexpr int kNotInitialized = -32002;
constexpr int kRequestFailed = -32803;

struct Refused {
  int code = kRequestFailed;
  std::string message;
};

class Server {
 public:
  Server(std::istream& in, std::ostream& out) : in_(in), out_(out) {}

  int Run() {
    while (!exit_) {
      const std::optional<std::string> content = ReadMessage(in_);
      if (!content) break;
      const json message = json::parse(*content, nullptr, false);
      if (message.is_discarded()) {
        Answer(nullptr, "error", {{"code", kParseError}, {"message", "the message is no JSON"}});
        continue;
      }
      Take(message);
    }
    return exit_ && shut_down_ ? 0 : 1;
  }

 private:
  // ---------------------------------------------------------------- messages
  void Take(const json& message) {
    if (!message.is_object() || !message.contains("method") || !message["method"].is_string()) {
      if (message.is_object() && message.contains("id") && !message.contains("result") && !message.contains("error"))
        Answer(message["id"], "error", {{"code", kInvalidRequest}, {"message", "the message has no method"}});
      return;
    }
    const std::string method = message["method"];
    const json params = message.value("params", json::object());
    const bool request = message.contains("id");
    try {
      if (!initialized_ && method != "initialize" && method != "exit")
        throw Refused{kNotInitialized, "not initialized"};
      if (shut_down_ && method != "exit") throw Refused{kInvalidRequest, "the server is shut down"};
      const json result = Handle(method, params, request);
      if (request) Answer(message["id"], "result", result);
    } catch (const Refused& refused) {
      if (request) Answer(message["id"], "error", {{"code", refused.code}, {"message", refused.message}});
    } catch (const json::exception& error) {
      if (request) Answer(message["id"], "error", {{"code", kInvalidParams}, {"message", error.what()}});
    }
  }

  void Answer(const json& id, const char* member, const json& value) {
    Send({{"jsonrpc", "2.0"}, {"id", id}, {member, value}});
  }
  void Notify(const char* method, const json& params) {
    Send({{"jsonrpc", "2.0"}, {"method", method}, {"params", params}});
  }
  void Send(const json& message) { WriteMessage(out_, message.dump(-1, ' ', false, json::error_handler_t::replace)); }

  json Handle(const std::string& method, const json& params, bool request) {
    using Method = json (Server::*)(const json&);
    static const std::map<std::string, Method> kMethods = {
        {"initialize", &Server::Initialize},
        {"shutdown", &Server::ShutDown},
        {"exit", &Server::Exit},
        {"textDocument/didOpen", &Server::DidOpen},
        {"textDocument/didChange", &Server::DidChange},
        {"textDocument/didClose", &Server::DidClose},
        {"textDocument/completion", &Server::OnCompletion},
        {"textDocument/hover", &Server::OnHover},
        {"textDocument/definition", &Server::OnDefinition},
        {"textDocument/references", &Server::OnReferences},
        {"textDocument/prepareRename", &Server::OnPrepareRename},
        {"textDocument/rename", &Server::OnRename},
        {"textDocument/documentSymbol", &Server::OnSymbols},
        {"textDocument/formatting", &Server::OnFormatting},
        {"textDocument/codeAction", &Server::OnCodeAction},
        {"textDocument/codeLens", &Server::OnCodeLens},
        {"workspace/didChangeWatchedFiles", &Server::DidChangeWatchedFiles},
    };
    const auto found = kMethods.find(method);
    if (found != kMethods.end()) return (this->*found->second)(params);
    if (request) throw Refused{kMethodNotFound, "there is no method " + method};
    return nullptr;  // other notifications are nothing to us
  }

  // ---------------------------------------------------------------- life
  json Initialize(const json& params) {
    if (initialized_) throw Refused{kInvalidRequest, "initialized already"};
    ReadOptions(params);
    initialized_ = true;
    const json capabilities = params.value("capabilities", json::object());
    const json encodings = capabilities.value("general", json::object()).value("positionEncodings", json::array());
    refreshes_lenses_ = capabilities.value(json::json_pointer("/workspace/codeLens/refreshSupport"), false);
    if (std::ranges::find(encodings, json("utf-8")) != encodings.end()) encoding_ = Encoding::Utf8;
    return {{"serverInfo", {{"name", "advise"}, {"version", kVersion}}},
            {"capabilities",
             {{"positionEncoding", encoding_ == Encoding::Utf8 ? "utf-8" : "utf-16"},
              {"textDocumentSync", {{"openClose", true}, {"change", 2}}},
              {"completionProvider", {{"triggerCharacters", {".", ":", "\"", "{", "["}}}},
              {"hoverProvider", true},
              {"definitionProvider", true},
              {"referencesProvider", true},
              {"renameProvider", {{"prepareProvider", true}}},
              {"documentSymbolProvider", true},
              {"documentFormattingProvider", true},
              {"codeActionProvider", {{"codeActionKinds", {"quickfix"}}}},
              {"codeLensProvider", {{"resolveProvider", false}}}}}};
  }
  // initializationOptions: {"lintResult": a path, from the folder that is open}.
  void ReadOptions(const json& params) {
    const json options = params.value("initializationOptions", json());
    const json result = options.is_object() ? options.value("lintResult", json()) : json();
    if (result.is_null() || result == "") return;
    if (!result.is_string()) throw Refused{kInvalidParams, "initializationOptions.lintResult is a path"};
    const json root = params.value("rootUri", json());
    const std::filesystem::path folder = root.is_string() ? PathOf(root.get<std::string>()) : std::string();
    lint_results_.Name(folder / result.get<std::string>());
  }
  json ShutDown(const json&) {
    shut_down_ = true;
    return nullptr;
  }
  json Exit(const json&) {
    exit_ = true;
    return nullptr;
  }

  // ---------------------------------------------------------------- texts
  json DidOpen(const json& params) {
    const json& document = params.at("textDocument");
    workspace_.Set(PathOf(document.at("uri").get<std::string>()), document.at("text"));
    PublishAll();
    return nullptr;
  }

  json DidChange(const json& params) {
    const std::string path = PathOf(params.at("textDocument").at("uri").get<std::string>());
    const std::string* open = workspace_.Text(path);
    if (open == nullptr) return nullptr;
    std::string text = *open;
    for (const json& change : params.at("contentChanges")) {
      const std::string with = change.at("text");
      if (!change.contains("range")) {
        text = with;
        continue;
      }
      const std::size_t begin = OffsetOf(text, ReadPosition(change["range"].at("start")), encoding_);
      const std::size_t end = OffsetOf(text, ReadPosition(change["range"].at("end")), encoding_);
      text.replace(begin, std::max(begin, end) - begin, with);
    }
    workspace_.Set(path, std::move(text));
    // While more messages wait, the next change would make this work useless.
    if (in_.rdbuf()->in_avail() <= 0) {
      PublishAll();
    } else {
      stale_ = true;
    }
    return nullptr;
  }

  json DidClose(const json& params) {
    const std::string uri = params.at("textDocument").at("uri");
    workspace_.Close(PathOf(uri));
    Notify("textDocument/publishDiagnostics", {{"uri", uri}, {"diagnostics", json::array()}});
    PublishAll();
    return nullptr;
  }

  // Of all open files: a change of one may mend another.
  void PublishAll() {
    stale_ = false;
    for (const std::string& path : workspace_.OpenPaths()) Publish(path);
  }

  void Publish(const std::string& path) {
    const Analysis& analysis = workspace_.Analyse(path);
    const std::string& text = *workspace_.Text(path);
    json list = json::array();
    for (const Diagnostic& d : analysis.diagnostics.Sorted()) {
      const bool here = !d.labels.empty() && d.labels.front().span.valid() &&
                        d.labels.front().span.source == analysis.source && analysis.source != SourceId::None;
      if (!d.labels.empty() && !here) continue;
      if (d.labels.empty() && d.severity != Severity::Error) continue;
      const SourceSpan span = here ? d.labels.front().span : SourceSpan{SourceId::None, 0, 0};
      std::string message = d.message;
      if (here && !d.labels.front().text.empty()) message += "\n" + d.labels.front().text;
      for (const std::string& note : d.notes) message += "\nnote: " + note;
      for (const std::string& help : d.helps) message += "\nhelp: " + help;
      json one = {{"range", RangeJson(text, span.begin, span.end)},
                  {"severity", d.severity == Severity::Error     ? 1
                               : d.severity == Severity::Warning ? 2
                                                                 : 3},
                  {"code", Info(d.code).code},
                  {"source", "advise"},
                  {"message", message}};
      if (d.code == DiagnosticCode::UnusedName) one["tags"] = {1};
      json related = json::array();
      for (std::size_t i = 1; i < d.labels.size(); ++i) {
        const DiagnosticLabel& label = d.labels[i];
        if (!label.span.valid() || label.text.empty()) continue;
        related.push_back({{"location", LocationJson(analysis, {std::string(analysis.sources.name(label.span.source)),
                                                                label.span.begin, label.span.end})},
                           {"message", label.text}});
      }
      if (!related.empty()) one["relatedInformation"] = related;
      list.push_back(std::move(one));
    }
    Notify("textDocument/publishDiagnostics", {{"uri", UriOf(path)}, {"diagnostics", list}});
  }

  // ---------------------------------------------------------------- places
  static Position ReadPosition(const json& position) {
    return {position.at("line").get<std::size_t>(), position.at("character").get<std::size_t>()};
  }
  static json PositionJson(Position position) { return {{"line", position.line}, {"character", position.character}}; }
  [[nodiscard]] json RangeJson(std::string_view text, std::size_t begin, std::size_t end) const {
    const Range range = RangeOf(text, begin, end, encoding_);
    return {{"start", PositionJson(range.begin)}, {"end", PositionJson(range.end)}};
  }
  // The text of a file as it was compiled.
  [[nodiscard]] std::string_view TextOf(const Analysis& analysis, const std::string& path) const {
    if (const std::string* open = workspace_.Text(path)) return *open;
    for (std::size_t i = 0; i < analysis.sources.size(); ++i) {
      if (analysis.sources.name(static_cast<SourceId>(i)) == path)
        return analysis.sources.text(static_cast<SourceId>(i));
    }
    return {};
  }
  [[nodiscard]] json LocationJson(const Analysis& analysis, const Location& location) const {
    return {{"uri", UriOf(location.path)},
            {"range", RangeJson(TextOf(analysis, location.path), location.begin, location.end)}};
  }

  // The document and place of a request.
  struct Asked {
    std::string path;
    const std::string& text;
    const Analysis& analysis;
    std::size_t offset = 0;
  };
  Asked ReadAsked(const json& params) {
    if (stale_) PublishAll();
    std::string path = PathOf(params.at("textDocument").at("uri").get<std::string>());
    const std::string* text = workspace_.Text(path);
    if (text == nullptr) throw Refused{kInvalidParams, "the document is not open"};
    const std::size_t offset =
        params.contains("position") ? OffsetOf(*text, ReadPosition(params["position"]), encoding_) : 0;
    return {path, *text, workspace_.Analyse(path), offset};
  }

  // ---------------------------------------------------------------- requests
  json OnCompletion(const json& params) {
    const Asked asked = ReadAsked(params);
    const Completion completion = Complete(asked.analysis, asked.text, asked.offset);
    json items = json::array();
    const json range = RangeJson(asked.text, completion.begin, std::max(completion.end, completion.begin));
    for (const CompletionItem& item : completion.items) {
      json one = {{"label", item.label},
                  {"kind", static_cast<int>(item.kind)},
                  {"textEdit", {{"range", range}, {"newText", item.insert.empty() ? item.label : item.insert}}}};
      if (!item.detail.empty()) one["detail"] = item.detail;
      if (!item.doc.empty()) one["documentation"] = {{"kind", "markdown"}, {"value", item.doc}};
      if (item.snippet) one["insertTextFormat"] = 2;
      items.push_back(std::move(one));
    }
    return {{"isIncomplete", false}, {"items", items}};
  }

  json OnHover(const json& params) {
    const Asked asked = ReadAsked(params);
    const std::optional<HoverText> hover = Hover(asked.analysis, asked.text, asked.offset);
    if (!hover) return nullptr;
    return {{"contents", {{"kind", "markdown"}, {"value", hover->text}}},
            {"range", RangeJson(asked.text, hover->begin, hover->end)}};
  }

  json OnDefinition(const json& params) {
    const Asked asked = ReadAsked(params);
    json list = json::array();
    for (const Location& location : Definition(asked.analysis, asked.text, asked.offset))
      list.push_back(LocationJson(asked.analysis, location));
    return list;
  }

  json OnReferences(const json& params) {
    const Asked asked = ReadAsked(params);
    json list = json::array();
    for (const Location& location : FindUses(asked.analysis, asked.text, asked.offset).places)
      list.push_back(LocationJson(asked.analysis, location));
    return list;
  }

  json OnPrepareRename(const json& params) {
    const Asked asked = ReadAsked(params);
    const Uses uses = FindUses(asked.analysis, asked.text, asked.offset);
    if (!uses.why.empty()) throw Refused{kRequestFailed, uses.why};
    return RangeJson(asked.text, uses.begin, uses.end);
  }

  json OnRename(const json& params) {
    const Asked asked = ReadAsked(params);
    const std::string name = params.at("newName");
    const bool is_name = !name.empty() &&
                         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") ==
                             std::string::npos &&
                         (name[0] < '0' || name[0] > '9');
    if (!is_name) throw Refused{kInvalidParams, "`" + name + "` is no name: letters, digits and `_`"};
    const Uses uses = FindUses(asked.analysis, asked.text, asked.offset);
    if (!uses.why.empty()) throw Refused{kRequestFailed, uses.why};
    json changes = json::object();
    for (const Location& place : uses.places) {
      changes[UriOf(place.path)].push_back(
          {{"range", RangeJson(TextOf(asked.analysis, place.path), place.begin, place.end)}, {"newText", name}});
    }
    return {{"changes", changes}};
  }

  json OnSymbols(const json& params) {
    const Asked asked = ReadAsked(params);
    json list = json::array();
    for (const Symbol& symbol : Symbols(asked.analysis)) {
      list.push_back({{"name", symbol.name.empty() ? "(no name)" : symbol.name},
                      {"detail", symbol.detail},
                      {"kind", symbol.kind},
                      {"range", RangeJson(asked.text, symbol.begin, symbol.end)},
                      {"selectionRange", RangeJson(asked.text, symbol.name_begin, symbol.name_end)}});
    }
    return list;
  }

  // One edit of the whole text: editors find out what it changes. A text that does not parse stays as it is.
  json OnFormatting(const json& params) {
    const Asked asked = ReadAsked(params);
    SourceManager sources;
    Diagnostics diagnostics;
    const SourceId id = sources.Add(asked.path, asked.text);
    const auto formatted = rules::syntax::Format(sources, id, Limits(), diagnostics);
    if (!formatted) throw Refused{kRequestFailed, "the file does not parse, so it stays as it is"};
    if (*formatted == asked.text) return json::array();
    return json::array({{{"range", RangeJson(asked.text, 0, asked.text.size())}, {"newText", *formatted}}});
  }

  json OnCodeAction(const json& params) {
    const Asked asked = ReadAsked(params);
    const std::size_t begin = OffsetOf(asked.text, ReadPosition(params.at("range").at("start")), encoding_);
    const std::size_t end = OffsetOf(asked.text, ReadPosition(params.at("range").at("end")), encoding_);
    json list = json::array();
    for (const Diagnostic& d : asked.analysis.diagnostics.Sorted()) {
      if (d.fixes.empty() || d.labels.empty() || d.labels.front().span.source != asked.analysis.source) continue;
      const SourceSpan at = d.labels.front().span;
      if (at.end < begin || at.begin > end) continue;
      json edits = json::array();
      bool here = true;
      for (const DiagnosticFix& fix : d.fixes) {
        here = here && fix.span.source == asked.analysis.source;
        edits.push_back({{"range", RangeJson(asked.text, fix.span.begin, fix.span.end)}, {"newText", fix.replacement}});
      }
      if (!here) continue;
      const std::string& with = d.fixes.front().replacement;
      list.push_back({{"title", with.empty() ? "delete it" : "write `" + with + "`"},
                      {"kind", "quickfix"},
                      {"isPreferred", true},
                      {"edit", {{"changes", {{UriOf(asked.path), edits}}}}}});
    }
    return list;
  }

  json OnCodeLens(const json& params) {
    const Asked asked = ReadAsked(params);
    json list = json::array();
    const LintResult* result = lint_results_.For(asked.path);
    if (result == nullptr) return list;
    for (const Lens& lens : LintLenses(asked.analysis, *result)) {
      list.push_back({{"range", RangeJson(asked.text, lens.begin, lens.end)},
                      {"command", {{"title", lens.text}, {"command", ""}}}});
    }
    return list;
  }

  // A result of lint was written.
  json DidChangeWatchedFiles(const json&) {
    if (refreshes_lenses_) {
      Send({{"jsonrpc", "2.0"},
            {"id", "lenses-" + std::to_string(++refreshes_)},
            {"method", "workspace/codeLens/refresh"},
            {"params", nullptr}});
    }
    return nullptr;
  }

  std::istream& in_;
  std::ostream& out_;
  Workspace workspace_;
  LintResults lint_results_;
  Encoding encoding_ = Encoding::Utf16;
  bool initialized_ = false;
  bool shut_down_ = false;
  bool exit_ = false;
  bool refreshes_lenses_ = false;  // the client can be asked to
  std::size_t refreshes_ = 0;      // that it was
  bool stale_ = false;             // a text changed since the diagnostics were sent
};

}  // namespace

int Serve(std::istream& in, std::ostream& out) { return Server(in, out).Run(); }

}  // namespace advise::lsp
