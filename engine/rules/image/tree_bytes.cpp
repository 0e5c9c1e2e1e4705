// Rule files through the archive of trees.
#include "rules/image/tree_bytes.h"

#include "rules/image/tree_fields.h"

namespace advise::rules {

template <>
void TreeWriter::Put(const ast::Expr& expr) {
  PutFields(expr);
}
template <>
void TreeReader::Get(ast::Expr& expr) {
  if (!failed_) GetFields(expr);
}

std::string TreeBytes(const ast::File& file) {
  TreeWriter writer;
  writer.Put(file);
  return writer.Take();
}

std::optional<ast::File> ReadTree(std::string_view bytes, SourceId source) {
  TreeReader reader(bytes, source);
  std::optional<ast::File> file(std::in_place);
  reader.Get(*file);
  if (!reader.Done()) file.reset();
  return file;
}

}  // namespace advise::rules
