// What every page of HTML stands on: escaping, ids, policy hashes; and what the page holds of a report.
#include <doctest/doctest.h>

#include <string>

#include "golden/report_cases.h"
#include "report/writers/html.h"
#include "report/writers/html/html_text.h"

using namespace advise;
using namespace advise::report;

TEST_CASE("HTML: names of a log are text, whatever they hold") {
  CHECK(EscapeHtml("a < b && c > \"d\" 'e'") == "a &lt; b &amp;&amp; c &gt; &quot;d&quot; &#39;e&#39;");
  CHECK(EscapeHtml("&amp;") == "&amp;amp;");
  CHECK(EscapeHtml("\x1b[31m\xE2\x80\xAE</script>") == " [31m&lt;/script&gt;");
  CHECK(InlineHtml(ParseInline("**<b>** reads `<i>`")) == "<strong>&lt;b&gt;</strong> reads <code>&lt;i&gt;</code>");
}

TEST_CASE("HTML: headings, ids and hashes of the policy") {
  CHECK(SentenceCase("WHAT TO DO") == "What to do");
  CHECK(Slug("WHAT TO DO") == "what-to-do");
  CHECK(Slug("  few_tasks!") == "few-tasks");
  // The empty text and "abc", of FIPS 180-2.
  CHECK(PolicyHash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855") ==
        "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
  CHECK(PolicyHash("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad") ==
        "'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='");
}

TEST_CASE("HTML: a finding stands in the page at all three levels") {
  const std::string page = WriteHtml(golden::MakeReportCase("findings", explain::Level::Novice, false, true));
  CHECK(page.find("<html lang=\"en\" data-level=\"novice\">") != std::string::npos);
  for (const char* part : {"<div class=\"level novice\">", "<div class=\"level practitioner\">",
                           "<div class=\"level expert\">", "id=\"f1\"", "id=\"s5\"", "href=\"#s5\""}) {
    CAPTURE(part);
    CHECK(page.find(part) != std::string::npos);
  }
}

TEST_CASE("HTML: a page that is too large leaves out the inside of stages, and says so") {
  Report report = golden::MakeReportCase("findings", explain::Level::Practitioner, false, true);
  REQUIRE(report.details);
  std::vector<StageDetail>& stages = report.details->stages;
  REQUIRE(stages.front().inside);
  const StageDetail stage = stages.front();
  const std::size_t before = stages.size();
  for (std::size_t i = 0; i < 100; ++i) {
    stages.push_back(stage);
    stages.back().anchor = "s" + std::to_string(1000 + i);
    stages.back().rank = before + i;
    stages.back().inside->tail.push_back({"1", "1", "1 s", "", "", std::string(40'000, 'x')});
  }
  const std::string page = WriteHtml(report);
  CHECK(page.size() <= kPageBytes);
  CHECK(page.size() > kPageBytes / 4);
  CHECK(page.find("stages are not shown in detail, to keep the page small.") != std::string::npos);
  CHECK(page.find("<details class=\"stage\" id=\"s5\"") != std::string::npos);
}
