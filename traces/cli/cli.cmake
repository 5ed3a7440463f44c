# The program `drawproof`. Its sources are compiled once; the planted bugs of
# properties/bugs.cmake link the same objects.
file(GLOB cli_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/traces/cli/*.cc)
if(cli_sources)
  add_library(drawproof_cli_objects OBJECT ${cli_sources})
  target_link_libraries(drawproof_cli_objects PUBLIC properties CLI11::CLI11)
  add_executable(drawproof $<TARGET_OBJECTS:drawproof_cli_objects>)
  target_link_libraries(drawproof PRIVATE drawproof_cli_objects)
endif()
