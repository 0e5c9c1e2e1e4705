# cmake -D FOLDER=… -P LazyAntlr.cmake: takes the initialisers of static data out of the lexer and parser that antlr4
# made in FOLDER. They build the whole automaton whenever the program starts; now whoever parses calls Prepare().
foreach(name AdviseLexer AdviseParser)
  file(READ "${FOLDER}/${name}.h" header)
  string(REPLACE "static Initializer _init;" "public: static void Prepare() { static const Initializer once; }\nprivate:"
         lazy_header "${header}")
  file(READ "${FOLDER}/${name}.cpp" source)
  string(REPLACE "${name}::Initializer ${name}::_init;" "" lazy_source "${source}")
  if(lazy_header STREQUAL header OR lazy_source STREQUAL source)
    message(FATAL_ERROR "${name}: antlr4 initialises its parsers in another way now")
  endif()
  file(WRITE "${FOLDER}/${name}.h" "${lazy_header}")
  file(WRITE "${FOLDER}/${name}.cpp" "${lazy_source}")
endforeach()
