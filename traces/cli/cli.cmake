# The program `drawproof`. Its sources are compiled once; the planted bugs of
# properties/bugs.cmake link the same objects.
file(GLOB cli_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/traces/cli/*.cc)
set(version_source ${CMAKE_BINARY_DIR}/generated/version.cc)
add_custom_target(commit BYPRODUCTS ${version_source}
  COMMAND ${CMAKE_COMMAND} -DSOURCE=${CMAKE_SOURCE_DIR} -DOUT=${version_source}
          -DVERSION=${PROJECT_VERSION} -P ${CMAKE_SOURCE_DIR}/traces/cli/commit.cmake
  COMMENT "Looking at the commit")
set_source_files_properties(${version_source} PROPERTIES GENERATED ON)

add_library(drawproof_cli_objects OBJECT ${cli_sources} ${version_source})
add_dependencies(drawproof_cli_objects commit)
target_link_libraries(drawproof_cli_objects PUBLIC properties traces fuzz story exports view
                      CLI11::CLI11)
add_executable(drawproof $<TARGET_OBJECTS:drawproof_cli_objects>)
target_link_libraries(drawproof PRIVATE drawproof_cli_objects)
