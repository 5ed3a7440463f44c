# Writes the commit into OUT when it changed. Run at each build.
cmake_minimum_required(VERSION 3.25)
execute_process(COMMAND git rev-parse --short=12 HEAD WORKING_DIRECTORY ${SOURCE}
  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed)
  set(commit unknown)
else()
  execute_process(COMMAND git status --porcelain --untracked-files=no WORKING_DIRECTORY ${SOURCE}
    OUTPUT_VARIABLE changes ERROR_QUIET)
  if(NOT changes STREQUAL "")
    string(APPEND commit "+")
  endif()
endif()
file(CONFIGURE OUTPUT ${OUT} @ONLY CONTENT "#include \"traces/cli/version.h\"

namespace cli {

std::string version() { return \"@VERSION@\"; }
std::string commit() { return \"@commit@\"; }

}  // namespace cli
")
