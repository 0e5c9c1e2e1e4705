// Blocks of the page as HTML: one function a block, as in the other formats.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/page.h"

namespace advise::report {

class HtmlBlocks {
 public:
  void Of(const TitleBlock& title);
  void Of(const HeadingBlock& heading);
  void Of(const ParagraphBlock& paragraph);
  void Of(const ListBlock& list);
  void Of(const CodeBlock& code);
  void Of(const KeyValueBlock& block);
  void Of(const TableBlock& table);
  void Of(const StripBlock& strip);
  void Of(const CommandsBlock& commands);
  void Of(const CardBlock& card);

  void Body(const std::vector<BodyBlock>& blocks);
  // A section with a heading of its own, which ends where the next begins.
  void BeginSection(std::string_view id, std::string_view heading);
  void EndSection();
  // Markup as it is.
  void Put(std::string_view html) { out_ += html; }

  // Sections in the order of the page: for its navigation.
  struct Section {
    std::string id;
    std::string heading;
  };
  [[nodiscard]] const std::vector<Section>& sections() const { return sections_; }
  [[nodiscard]] const std::string& html() const { return out_; }

 private:
  std::string out_;
  std::vector<Section> sections_;
  bool open_ = false;
};

// The badge of a numbered thing and the word of a severity.
std::string NumberHtml(int number);
std::string SeverityHtml(diagnose::Severity severity);

}  // namespace advise::report
