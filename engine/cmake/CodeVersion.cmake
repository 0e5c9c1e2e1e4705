# cmake -D FILES=… -D OUT=FILE.cpp -P CodeVersion.cmake: the hash of these files as rules::CodeVersion().
set(hashes "")
foreach(file ${FILES})
  file(SHA256 "${file}" hash)
  string(APPEND hashes "${hash} ")
endforeach()
string(SHA256 version "${hashes}")
string(SUBSTRING "${version}" 0 16 version)
file(WRITE "${OUT}" "// Made by engine/cmake/CodeVersion.cmake.
#include \"rules/image/image.h\"

std::uint64_t advise::rules::CodeVersion() { return 0x${version}; }
")
