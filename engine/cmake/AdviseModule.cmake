# advise_module(NAME [COLD] SOURCES … LINKS … PRIVATE_LINKS …): the static library advise_NAME of one folder of engine/.
# COLD: what it does is done once a command, and is over before one could notice; it is compiled fast instead.
add_library(advise_warnings INTERFACE)
target_compile_options(advise_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wold-style-cast -Wimplicit-fallthrough
  # g++ 12 sees overlapping copies in "literal" + std::string at -O3 where there are none (GCC bug 105651).
  # The same for std::optional members at -O3 (bug 80635); clang checks uninitialised reads.
  "$<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-maybe-uninitialized>"
  $<$<BOOL:${ADVISE_WERROR}>:-Werror>)

function(advise_module name)
  cmake_parse_arguments(ARG "COLD" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(advise_${name} STATIC ${ARG_SOURCES})
  target_include_directories(advise_${name} PUBLIC ${PROJECT_SOURCE_DIR}/engine)
  target_link_libraries(advise_${name} PUBLIC ${ARG_LINKS} PRIVATE advise_warnings ${ARG_PRIVATE_LINKS})
  if(ARG_COLD AND CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_options(advise_${name} PRIVATE -O1)
  elseif(ARG_COLD AND CMAKE_CXX_FLAGS MATCHES "-fsanitize=[a-z,-]*undefined")
    target_compile_options(advise_${name} PRIVATE -fno-sanitize=undefined)  # its memory is still watched
  endif()
endfunction()
