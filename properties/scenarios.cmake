# The shipped scenarios, compiled in so that the program needs no files beside it.
file(GLOB scenario_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/properties/scenarios/*.json)
set(scenario_table "")
foreach(file ${scenario_files})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} text)
  string(APPEND scenario_table "    {\"${name}\", R\"json(${text})json\"},\n")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/shipped_scenarios.cc @ONLY CONTENT
"#include \"properties/shipped_scenarios.h\"

namespace properties {

const std::map<std::string, std::string, std::less<>>& shipped_scenarios() {
  static const std::map<std::string, std::string, std::less<>> table{
@scenario_table@  };
  return table;
}

}  // namespace properties
")
target_sources(properties PRIVATE ${CMAKE_BINARY_DIR}/generated/shipped_scenarios.cc)
