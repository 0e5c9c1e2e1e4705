// Lines are wrapped by the text report's own layout.
#include "ask/outline.h"

#include "report/writers/text_layout.h"

namespace advise::ask {
namespace {

using report::Line;

constexpr std::size_t kLeastText = 24;  // columns of a text, however deep it stands

class Drawer {
 public:
  Drawer(std::size_t width, bool utf8) : width_(width), utf8_(utf8) {}

  void Draw(const Outline& node, const std::string& first, const std::string& rest) {
    const Line head = report::Paint(first, utf8_);
    const Line tail = report::Paint(node.under.empty() ? rest : rest + (first.empty() ? "" : "│ "), utf8_);
    const std::size_t indent = std::max(report::Width(head), report::Width(tail));
    const std::size_t room = width_ > indent + kLeastText ? width_ - indent : kLeastText;
    const Line right = report::Paint(node.right, utf8_);
    std::vector<Line> lines = report::Wrap(report::Paint(node.text, utf8_), room);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      Line line = i == 0 ? head : tail;
      if (i > 0) report::Pad(line, indent);
      report::Append(line, lines[i]);
      const std::size_t used = report::Width(line);
      const std::size_t needed = report::Width(right);
      if (i + 1 == lines.size() && needed > 0 && used + needed + 2 <= width_) {
        report::Pad(line, width_ - needed);
        report::Append(line, right);
      } else if (i + 1 == lines.size() && needed > 0) {
        text_ += report::Render(line, false) + "\n";
        line = tail;
        report::Pad(line, indent + 2);
        report::Append(line, right);
      }
      text_ += report::Render(line, false) + "\n";
    }
    Under(node, rest);
  }

  void Under(const Outline& node, const std::string& rest) {
    for (std::size_t i = 0; i < node.under.size(); ++i) {
      const bool last = i + 1 == node.under.size();
      Draw(node.under[i], rest + (last ? "└─ " : "├─ "), rest + (last ? "   " : "│  "));
    }
  }

  [[nodiscard]] std::string Take() { return std::move(text_); }

 private:
  std::size_t width_;
  bool utf8_;
  std::string text_;
};

}  // namespace

std::string Draw(const Outline& root, std::size_t width, bool utf8) {
  Drawer drawer(width, utf8);
  drawer.Draw(root, "", "");
  return drawer.Take();
}

}  // namespace advise::ask
