// The language server: JSON-RPC over two streams, until `exit` or the end of the input.
#pragma once

#include <istream>
#include <ostream>

namespace advise::lsp {

// 0: shut down as the protocol wants it; 1: not.
int Serve(std::istream& in, std::ostream& out);

}  // namespace advise::lsp
