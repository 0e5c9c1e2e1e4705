// One function a section. What there is too much of is counted in a line below the table.
#include "report/writers/html/html_details.h"

#include <algorithm>
#include <string_view>

#include "report/words.h"
#include "report/writers/html/html_text.h"
#include "report/writers/html/svg.h"
#include "support/format.h"

namespace advise::report {
namespace {

struct Column {
  std::string_view name;
  bool right = false;
};

void BeginTable(std::string_view id, std::string_view caption, std::initializer_list<Column> columns,
                HtmlBlocks& page) {
  page.Put("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"" + EscapeHtml(caption) +
           "\"><table id=\"" + std::string(id) + "\"><caption>" + EscapeHtml(caption) + "</caption><thead><tr>");
  for (const Column& column : columns)
    page.Put((column.right ? "<th scope=\"col\" class=\"right\">" : "<th scope=\"col\">") + EscapeHtml(column.name) +
             "</th>");
  page.Put("</tr></thead><tbody>\n");
}
void EndTable(HtmlBlocks& page) { page.Put("</tbody></table></div>\n"); }

std::string Cell(std::string_view text) { return "<td>" + EscapeHtml(text) + "</td>"; }
std::string Number(std::string_view text) { return "<td class=\"right\">" + EscapeHtml(text) + "</td>"; }
std::string Markup(const std::string& html) { return "<td>" + html + "</td>"; }

std::string StageLinks(const std::vector<StageRef>& stages, std::size_t more) {
  std::string html;
  for (const StageRef& stage : stages) {
    html += html.empty() ? "<span class=\"keep\">" : ", <span class=\"keep\">";
    html += stage.anchor.empty() ? EscapeHtml(stage.key)
                                 : "<a href=\"#" + stage.anchor + "\">" + EscapeHtml(stage.key) + "</a>";
    html += (stage.text.empty() ? "" : " " + EscapeHtml(stage.text)) + "</span>";
  }
  if (more > 0) html += " and " + FormatCount(static_cast<std::int64_t>(more)) + " more";
  return html;
}

void Remark(std::size_t count, std::string_view what, HtmlBlocks& page) {
  if (count > 0)
    page.Put("<p class=\"aside\">" + FormatCount(static_cast<std::int64_t>(count)) + " " + std::string(what) +
             "</p>\n");
}

// From and to of a row, by which the page filters a range of time.
std::string Range(const std::optional<std::int64_t>& from, const std::optional<std::int64_t>& to) {
  if (!from) return {};
  return " data-from=\"" + std::to_string(*from) + "\" data-to=\"" + std::to_string(to.value_or(*from)) + "\"";
}

std::string Word(std::string_view status) {
  return status.empty() ? "" : " <strong class=\"status\">" + EscapeHtml(status) + "</strong>";
}

// ---------------------------------------------------------------- inside a stage
void WriteQuantiles(const StageDetail& stage, HtmlBlocks& page) {
  const StageTasks& tasks = *stage.inside;
  if (tasks.quantiles.empty()) return;
  page.Put("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"" +
           EscapeHtml("quantiles of the tasks of " + stage.label) +
           "\"><table><caption>Its tasks that succeeded</caption><thead><tr><th scope=\"col\">of a task</th>");
  for (const std::string_view name : kQuantileNames)
    page.Put("<th scope=\"col\" class=\"right\">" + std::string(name) + "</th>");
  page.Put("</tr></thead><tbody>\n");
  for (const QuantileRow& row : tasks.quantiles) {
    page.Put("<tr><th scope=\"row\">" + EscapeHtml(row.metric) + "</th>");
    for (const std::string& value : row.values) page.Put(Number(value));
    page.Put("</tr>\n");
  }
  EndTable(page);
}

void WriteTail(const StageDetail& stage, HtmlBlocks& page) {
  const StageTasks& tasks = *stage.inside;
  if (tasks.tail.empty()) return;
  BeginTable("tail-" + stage.anchor, "Its longest and its failed tasks",
             {{"task"}, {"executor"}, {"duration", true}, {"read", true}, {"written", true}, {"remark"}}, page);
  for (const TailTask& task : tasks.tail) {
    page.Put("<tr><th scope=\"row\">" + EscapeHtml(task.id) + "</th>" + Cell(task.executor) + Number(task.duration) +
             Number(task.read) + Number(task.written) + Cell(task.remark) + "</tr>\n");
  }
  EndTable(page);
  Remark(tasks.more_failed, "more failed tasks are not shown.", page);
}

void WriteInside(const StageDetail& stage, HtmlBlocks& page) {
  const StageTasks& tasks = *stage.inside;
  page.Put("<details class=\"stage\" id=\"" + stage.anchor + "\"><summary><span class=\"card-title\">" +
           EscapeHtml(UpperFirst(stage.label)) + (stage.purpose.empty() ? "" : ": " + EscapeHtml(stage.purpose)) +
           "</span><span class=\"amount\">" + EscapeHtml(stage.time) + "</span></summary>\n<div class=\"inside\">\n");
  if (!stage.findings.empty() || !stage.query.empty()) {
    page.Put("<p class=\"aside\">");
    if (!stage.findings.empty()) page.Put("Findings: " + FindingLinks(stage.findings) + " ");
    if (!stage.query.empty())
      page.Put("Query: <a href=\"#" + stage.query + "\">" + EscapeHtml(stage.query.substr(1)) + "</a>");
    page.Put("</p>\n");
  }
  if (tasks.scatter || !tasks.boxes.empty()) page.Put("<div class=\"two\">\n");
  if (tasks.scatter) {
    page.Put("<figure>" + DrawScatter(*tasks.scatter, stage.label) +
             "<figcaption>A dot is a task, a larger one up to " +
             "5, up to 25 or more; a cross is an attempt that failed. " + EscapeHtml(tasks.scatter->summary) +
             "</figcaption></figure>\n");
  }
  if (!tasks.boxes.empty()) {
    page.Put("<figure>" + DrawBoxes(tasks.boxes, stage.label) +
             "<figcaption>How long its tasks ran on each executor: from the shortest to the longest, the box holds the "
             "middle half.");
    if (tasks.more_boxes > 0)
      page.Put(" " + FormatCount(static_cast<std::int64_t>(tasks.more_boxes)) + " faster executors are not shown.");
    page.Put("</figcaption></figure>\n");
  }
  if (tasks.scatter || !tasks.boxes.empty()) page.Put("</div>\n");
  WriteQuantiles(stage, page);
  WriteTail(stage, page);
  page.Put("</div></details>\n");
}

// ---------------------------------------------------------------- the plan of a query
// A figure with a bar below it; nothing where the log does not say.
std::string WithBar(std::string_view text, double share) {
  if (text.empty()) return "<td></td>";
  return "<td class=\"right\">" + EscapeHtml(text) + DrawShare(share) + "</td>";
}

void WritePlan(const QueryDetail& query, HtmlBlocks& page) {
  const std::string id = std::to_string(query.id);
  page.Put("<details class=\"stage\" id=\"plan-" + query.anchor +
           "\"><summary><span class=\"card-title\">Plan of query " + id +
           (query.description.empty() ? "" : ": " + EscapeHtml(query.description)) + "</span><span class=\"amount\">" +
           EscapeHtml(query.time) + "</span></summary>\n<div class=\"inside\">\n");
  BeginTable(
      "nodes-" + query.anchor,
      "Operators of the final plan, the result first; below an operator stands what feeds it. Times are of tasks, "
      "added up, where Spark measures them",
      {{"operator"}, {"rows out", true}, {"bytes", true}, {"time", true}, {"spill", true}, {"stages"}, {"findings"}},
      page);
  constexpr int kDeepest = 12;
  for (const OperatorDetail& node : query.plan) {
    page.Put("<tr id=\"" + node.anchor + "\"><th scope=\"row\" class=\"name depth-" +
             std::to_string(std::min(node.depth, kDeepest)) + "\">" + EscapeHtml(node.name) +
             (node.text.empty() ? "" : "<small>" + EscapeHtml(node.text) + "</small>") + "</th>" +
             WithBar(node.rows, node.rows_share) + Number(node.bytes) + WithBar(node.time, node.time_share) +
             Number(node.spill) + Markup(StageLinks(node.stages, 0)) + Markup(FindingLinks(node.findings)) + "</tr>\n");
  }
  EndTable(page);
  Remark(query.more_operators, "more operators are not shown.", page);
  page.Put("</div></details>\n");
}

}  // namespace

std::string FindingLinks(const std::vector<int>& numbers) {
  std::string html;
  for (const int number : numbers) {
    const std::string text = std::to_string(number);
    html += "<a class=\"number\" href=\"#f" + text + "\" aria-label=\"finding " + text + "\">" + text + "</a>";
  }
  return html;
}

namespace {

// "1 12.0 s, 3 2.0 s, others 0.5 s", the numbers as links.
std::string Claims(const AccountDetail& account) {
  std::string html;
  for (const AccountDetail::Claim& claim : account.claims) {
    html += html.empty() ? "<span class=\"keep\">" : ", <span class=\"keep\">";
    html += (claim.finding > 0 ? FindingLinks({claim.finding}) : "others") + " " + EscapeHtml(claim.time) + "</span>";
  }
  return html;
}

std::string Unexplained(const AccountDetail& account) {
  std::string html = EscapeHtml(account.unexplained);
  if (!account.unexplained_stages.empty())
    html += "<small>stages " + StageLinks(account.unexplained_stages, 0) + "</small>";
  return "<td class=\"right\">" + html + "</td>";
}

}  // namespace

void WriteAccounts(const Details& details, HtmlBlocks& page) {
  if (details.accounts.empty()) return;
  page.Put("<h3>What the " + EscapeHtml(details.accounts_of) +
           " went for</h3>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"bar of the accounts\">");
  page.Put(DrawAccounts(details.accounts) +
           "</div>\n<p class=\"aside\">The line below the bar is what the findings account for.</p>\n");
  BeginTable("accounts", "Wall time by account",
             {{"account"},
              {"time", true},
              {"share", true},
              {"findings account for"},
              {"not explained", true},
              {"most of it in stages"}},
             page);
  for (const AccountDetail& account : details.accounts) {
    const std::string role = "r-" + std::to_string(static_cast<int>(account.role));
    page.Put("<tr id=\"a-" + Slug(account.account) +
             "\"><th scope=\"row\"><svg class=\"swatch\" viewBox=\"0 0 12 12\" aria-hidden=\"true\"><rect class=\"" +
             role + " part\" width=\"12\" height=\"12\"/></svg> " + EscapeHtml(account.label) + "<small>" +
             EscapeHtml(account.meaning) + "</small></th>" + Number(account.time) + Number(account.share) +
             Markup(Claims(account)) + Unexplained(account) + Markup(StageLinks(account.stages, account.more_stages)) +
             "</tr>\n");
  }
  EndTable(page);
}

void WriteChoices(const Report& report, HtmlBlocks& page) {
  if (!report.plan || report.plan->subsets.size() < 4) return;  // one step: nothing to choose
  const plan::Plan& plan = *report.plan;
  page.Put("<h3>Only some of them</h3>\n<fieldset id=\"choose\" hidden><legend>steps of the plan</legend>\n");
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    page.Put("<label><input type=\"checkbox\" value=\"" + std::to_string(std::size_t{1} << i) + "\" checked> " +
             number + " " + EscapeHtml(plan::NameOf(report.recommendations[plan.steps[i].recommendation])) +
             "</label>\n");
  }
  page.Put(
      "<output id=\"chosen\" aria-live=\"polite\"></output>\n</fieldset>\n"
      "<details class=\"more\"><summary>Every choice as a table</summary>\n");
  BeginTable("choices", "What some of the steps would save together, each choice simulated",
             {{"steps"}, {"saves", true}, {"the run then takes", true}}, page);
  for (std::size_t bits = 1; bits < plan.subsets.size(); ++bits) {
    std::string steps;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      if ((bits >> i & 1) != 0) steps += (steps.empty() ? "" : ", ") + std::to_string(i + 1);
    }
    const std::optional<plan::Interval>& saving = plan.subsets[bits];
    page.Put("<tr data-choice=\"" + std::to_string(bits) + "\"><th scope=\"row\">" + steps + "</th>" +
             (saving ? Number(FormatTime(saving->mid) + " (" + FormatInterval(saving->low, saving->high) + ")") +
                           Number(FormatInterval(std::max<std::int64_t>(plan.duration - saving->high, 0),
                                                 std::max<std::int64_t>(plan.duration - saving->low, 0)))
                     : Cell("cannot be made without the others") + Cell("")) +
             "</tr>\n");
  }
  EndTable(page);
  page.Put("</details>\n");
}

void WritePath(const Strip& strip, HtmlBlocks& page) {
  constexpr std::size_t kRows = 40;
  std::vector<const PathSegment*> rows;
  for (const PathSegment& segment : strip.path) rows.push_back(&segment);
  if (rows.empty()) return;
  const auto length = [](const PathSegment* segment) { return segment->end_ms - segment->start_ms; };
  std::ranges::stable_sort(rows, std::greater(), length);
  const std::size_t more = rows.size() > kRows ? rows.size() - kRows : 0;
  rows.resize(rows.size() - more);
  std::ranges::stable_sort(rows, {}, [](const PathSegment* segment) { return segment->start_ms; });
  page.Put("<details class=\"more\"><summary>The critical path as a table</summary>\n");
  BeginTable("path", "Pieces of the critical path: the chain of stages and pauses that explains the wall time",
             {{"piece"}, {"from", true}, {"to", true}, {"time", true}}, page);
  for (const PathSegment* segment : rows) {
    page.Put("<tr><th scope=\"row\">" + EscapeHtml(segment->name.empty() ? "driver" : segment->name) + "</th>" +
             Number(FormatTime(segment->start_ms)) + Number(FormatTime(segment->end_ms)) +
             Number(FormatTime(length(segment))) + "</tr>\n");
  }
  EndTable(page);
  Remark(more, "shorter pieces are not shown.", page);
  page.Put("</details>\n");
}

void WriteFolds(const Details& details, HtmlBlocks& page) {
  for (std::size_t i = 0; i < details.folds.size(); ++i) {
    const FoldDetail& fold = details.folds[i];
    page.BeginSection("fold-" + std::to_string(i + 1), fold.title);
    BeginTable("fold-table-" + std::to_string(i + 1),
               "What began in each of them; a link filters the stages by its time",
               {{"when"},
                {fold.of, true},
                {"median", true},
                {"longest", true},
                {"task attempts", true},
                {"failed", true},
                {"read", true},
                {"spill", true}},
               page);
    for (const FoldRow& row : fold.rows) {
      const auto seconds = [](std::int64_t ms) {
        return std::to_string(ms / 1000) + (ms % 1000 == 0 ? "" : "." + std::to_string(1000 + ms % 1000).substr(1));
      };
      const std::int64_t from = std::max<std::int64_t>(row.start_ms, 0);
      page.Put("<tr><th scope=\"row\"><a href=\"#t=" + seconds(from) + "-" + seconds(std::max(row.end_ms, from)) +
               "\">" + EscapeHtml(row.label) + "</a></th>" + Number(row.parts) + Number(row.median) +
               (row.query.empty()
                    ? Number(row.longest)
                    : "<td class=\"right\"><a href=\"#" + row.query + "\">" + EscapeHtml(row.longest) + "</a></td>") +
               Number(row.tasks) + Number(row.failed) + Number(row.read) + Number(row.spill) + "</tr>\n");
    }
    EndTable(page);
  }
}

void WriteQueries(const Details& details, std::size_t inside, HtmlBlocks& page) {
  if (details.queries.empty()) return;
  page.BeginSection("queries", "Queries, by what they lose");
  BeginTable("query-table",
             "Wall time of a query: its share of the run; lost is what is not the work of tasks: waiting, idle slots, "
             "overhead, thrown-away work",
             {{"query"},
              {"what"},
              {"duration", true},
              {"wall", true},
              {"lost", true},
              {"where it is lost"},
              {"stages"},
              {"findings"}},
             page);
  std::size_t left = 0;
  for (const QueryDetail& query : details.queries) {
    const bool plan = !query.plan.empty() && query.rank < inside;
    left += query.plan.empty() || plan ? 0U : 1U;
    page.Put("<tr id=\"" + query.anchor + "\"" + Range(query.start_ms, query.end_ms) + "><th scope=\"row\">" +
             (plan ? "<a href=\"#plan-" + query.anchor + "\">" + std::to_string(query.id) + "</a>"
                   : std::to_string(query.id)) +
             "</th><td class=\"name\">" + EscapeHtml(query.description) + Word(query.status) + "</td>" +
             Number(query.time) + Number(query.wall) + Number(query.lost) + Cell(query.verdict) +
             Markup(StageLinks(query.stages, query.more_stages)) + Markup(FindingLinks(query.findings)) + "</tr>\n");
  }
  EndTable(page);
  Remark(details.short_queries, "queries with less than 1 ms of the run are not shown.", page);
  Remark(details.more_queries, "queries that lose less are not shown.", page);
  for (const QueryDetail& query : details.queries) {
    if (!query.plan.empty() && query.rank < inside) WritePlan(query, page);
  }
  Remark(left, "plans are not shown, to keep the page small.", page);
}

void WriteStages(const Details& details, std::size_t inside, HtmlBlocks& page) {
  if (details.stages.empty()) return;
  page.BeginSection("stages", "Stages");
  BeginTable("stage-table", "Stage attempts by their start; critical is their part of the critical path",
             {{"stage"},
              {"what"},
              {"time", true},
              {"critical", true},
              {"tasks", true},
              {"failed", true},
              {"read", true},
              {"written", true},
              {"spill", true},
              {"GC", true},
              {"findings"}},
             page);
  for (const StageDetail& stage : details.stages) {
    const bool opens = stage.inside && stage.rank < inside;
    const std::string name = EscapeHtml(stage.key);
    page.Put("<tr" + (opens ? "" : " id=\"" + stage.anchor + "\"") + Range(stage.start_ms, stage.end_ms) +
             "><th scope=\"row\">" + (opens ? "<a href=\"#" + stage.anchor + "\">" + name + "</a>" : name) +
             "</th><td class=\"name\">" + EscapeHtml(stage.purpose) + Word(stage.status) + "</td>" +
             Number(stage.time) + Number(stage.critical) + Number(stage.tasks) + Number(stage.failed) +
             Number(stage.read) + Number(stage.written) + Number(stage.spill) + Number(stage.gc) +
             Markup(FindingLinks(stage.findings)) + "</tr>\n");
  }
  EndTable(page);
  Remark(details.more_stages, "more stages, each shorter and with no finding, are not shown.", page);
  std::size_t left = 0;
  for (const StageDetail& stage : details.stages) {
    if (stage.inside && stage.rank < inside)
      WriteInside(stage, page);
    else
      ++left;
  }
  Remark(left, "stages are not shown in detail, to keep the page small.", page);
}

void WriteExecutors(const Details& details, HtmlBlocks& page) {
  if (details.executors.empty()) return;
  page.BeginSection("executors", "Executors");
  BeginTable("executor-table", "Busy is the share of its slots in use; speed is that of its tasks, 1 is usual",
             {{"executor"},
              {"host"},
              {"slots", true},
              {"there"},
              {"tasks", true},
              {"failed", true},
              {"busy", true},
              {"GC", true},
              {"speed", true},
              {"removed"}},
             page);
  for (const ExecutorDetail& executor : details.executors) {
    page.Put("<tr><th scope=\"row\">" + EscapeHtml(executor.id) + "</th>" + Cell(executor.host) +
             Number(executor.slots) + Cell(executor.present) + Number(executor.tasks) + Number(executor.failed) +
             Number(executor.busy) + Number(executor.gc) + Number(executor.speed) + Cell(executor.gone) + "</tr>\n");
  }
  EndTable(page);
  Remark(details.more_executors, "executors that were less busy are not shown.", page);
}

}  // namespace advise::report
