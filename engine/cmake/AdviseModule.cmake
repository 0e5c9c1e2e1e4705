# Eight sources of a target are compiled as one, so that their headers are parsed once: decisions/0020. Not with a
# compiler cache, which knows a source that did not change, nor in the preset `dev`.
if(NOT CMAKE_CXX_COMPILER_LAUNCHER AND NOT DEFINED CMAKE_UNITY_BUILD)
  set(CMAKE_UNITY_BUILD ON)
endif()

# advise_module(NAME [COLD] SOURCES … LINKS … PRIVATE_LINKS …): the static library advise_NAME of one folder of engine/.
# COLD: what it does is done once a command, and is over before one could notice; it is compiled fast instead.
add_library(advise_warnings INTERFACE)
target_compile_options(advise_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wold-style-cast -Wimplicit-fallthrough
  # g++ 12 sees overlapping copies in "literal" + std::string at -O3 where there are none (GCC bug 105651).
  # The same for std::optional members at -O3 (bug 80635); clang checks uninitialised reads.
  "$<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-maybe-uninitialized>"
  # g++ takes what a source keeps to itself for part of a header where sources are compiled as one.
  "$<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${CMAKE_UNITY_BUILD}>>:-Wno-subobject-linkage>"
  $<$<BOOL:${ADVISE_WERROR}>:-Werror>)

# Headers that most sources include, parsed once for those that are compiled with the same flags. Each source still
# includes what it uses: with a compiler cache, which does not serve precompiled headers, there are none. Nor with
# g++ 12, which then warns of what it knows to be in system headers.
set(advise_sanitized_undefined FALSE)
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=[a-z,-]*undefined")
  set(advise_sanitized_undefined TRUE)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  file(WRITE ${CMAKE_BINARY_DIR}/precompiled.cpp "// The headers alone.\n")
  add_compile_options(-pthread)  # with threads or without: a header is precompiled for one of the two
  foreach(kind usual cold)
    add_library(advise_precompiled_${kind} STATIC ${CMAKE_BINARY_DIR}/precompiled.cpp)
    target_include_directories(advise_precompiled_${kind} PRIVATE ${PROJECT_SOURCE_DIR}/engine)
    target_compile_options(advise_precompiled_${kind} PRIVATE -fpch-instantiate-templates)
    target_precompile_headers(advise_precompiled_${kind} PRIVATE
      <algorithm> <array> <cmath> <cstdint> <functional> <map> <memory> <optional> <ostream> <ranges> <set> <span>
      <sstream> <string> <string_view> <tuple> <unordered_map> <utility> <variant> <vector>
      ${PROJECT_SOURCE_DIR}/engine/model/job_model.h)
  endforeach()
  if(advise_sanitized_undefined)
    target_compile_options(advise_precompiled_cold PRIVATE -fno-sanitize=undefined)
  endif()
endif()

# advise_precompile(TARGET KIND): cold, for what is compiled with the flags of COLD modules under sanitizers.
function(advise_precompile target kind)
  if(TARGET advise_precompiled_${kind})
    target_precompile_headers(${target} REUSE_FROM advise_precompiled_${kind})
  endif()
endfunction()

function(advise_module name)
  cmake_parse_arguments(ARG "COLD" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(advise_${name} STATIC ${ARG_SOURCES})
  target_include_directories(advise_${name} PUBLIC ${PROJECT_SOURCE_DIR}/engine)
  target_link_libraries(advise_${name} PUBLIC ${ARG_LINKS} PRIVATE advise_warnings ${ARG_PRIVATE_LINKS})
  if(ARG_COLD AND CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_options(advise_${name} PRIVATE -O1)
  elseif(ARG_COLD AND advise_sanitized_undefined)
    target_compile_options(advise_${name} PRIVATE -fno-sanitize=undefined)  # its memory is still watched
    advise_precompile(advise_${name} cold)
    return()
  endif()
  if(NOT ARG_COLD OR NOT CMAKE_BUILD_TYPE STREQUAL "Release")
    advise_precompile(advise_${name} usual)
  endif()
endfunction()
