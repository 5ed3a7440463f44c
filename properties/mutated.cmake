# Keeps each source that a planted bug mutates out of unity builds: the original would come out of
# its archive with its neighbours and define everything twice. With or without planted bugs, so
# that all unity builds consist of the same units.
set(BUG_CATALOGUE ${CMAKE_SOURCE_DIR}/properties/bugs.json CACHE FILEPATH
  "Planted bugs to build a program for")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${BUG_CATALOGUE}")
file(READ "${BUG_CATALOGUE}" catalogue)
string(JSON left LENGTH "${catalogue}" bugs)
while(left GREATER 0)
  math(EXPR index "${left} - 1")
  string(JSON file GET "${catalogue}" bugs ${index} file)
  set_source_files_properties("${CMAKE_SOURCE_DIR}/${file}" PROPERTIES
    SKIP_UNITY_BUILD_INCLUSION ON)
  set(left ${index})
endwhile()
