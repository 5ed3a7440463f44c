# Planted bugs: one program per entry of properties/bugs.json.
#
# A bug is a text replacement in one .cc file of a library. The mutated copy is
# written into the build tree, compiled, and linked ahead of the static
# libraries: it defines every symbol of the original, so the linker never pulls
# the original out of its archive. Production code holds no switch.
#
# Editing the catalogue or a mutated source configures again. A search text that
# is not found exactly once stops the configuration: a bug that no longer applies
# must not pass as one that was caught.
#
# Every expansion of file text below is quoted: `;` and `[` in C++ are list
# syntax to CMake.

set(BUG_CATALOGUE ${CMAKE_SOURCE_DIR}/properties/bugs.json CACHE FILEPATH
  "Planted bugs to build a program for")
set(BUG_PROGRAMS ${CMAKE_BINARY_DIR}/bugs)

# Sets `out` to the text of `file` with the only occurrence of `search` replaced.
function(drawproof_mutate out id file search replace)
  file(READ "${CMAKE_SOURCE_DIR}/${file}" text)
  if("${search}" STREQUAL "")
    message(FATAL_ERROR "planted bug ${id}: the search text is empty")
  endif()
  string(FIND "${text}" "${search}" first)
  string(FIND "${text}" "${search}" last REVERSE)
  if(first EQUAL -1)
    message(FATAL_ERROR "planted bug ${id}: its search text does not occur in ${file}")
  endif()
  if(NOT first EQUAL last)
    message(FATAL_ERROR "planted bug ${id}: its search text occurs more than once in ${file}")
  endif()
  string(REPLACE "${search}" "${replace}" mutated "${text}")
  if("${mutated}" STREQUAL "${text}")
    message(FATAL_ERROR "planted bug ${id}: the replacement changes nothing in ${file}")
  endif()
  set(${out} "${mutated}" PARENT_SCOPE)
endfunction()

# Leaves the time stamp of a file alone whose content is already right.
function(drawproof_write_if_different path text)
  if(EXISTS "${path}")
    file(READ "${path}" present)
    if("${present}" STREQUAL "${text}")
      return()
    endif()
  endif()
  file(WRITE "${path}" "${text}")
endfunction()

function(drawproof_bug id file search replace)
  if(NOT id MATCHES "^[A-Za-z0-9_-]+$")
    message(FATAL_ERROR "planted bug '${id}': an id is letters, digits, - and _")
  endif()
  if(NOT file MATCHES "^(system|simnet|faults)/.*\\.cc$")
    message(FATAL_ERROR
      "planted bug ${id}: ${file} is not a .cc file of system/, simnet/ or faults/. A mutated "
      "header would need every user of it compiled again")
  endif()
  if(NOT EXISTS "${CMAKE_SOURCE_DIR}/${file}")
    message(FATAL_ERROR "planted bug ${id}: there is no file ${file}")
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${file}")

  drawproof_mutate(mutated "${id}" "${file}" "${search}" "${replace}")
  get_filename_component(name "${file}" NAME)
  set(source "${BUG_PROGRAMS}/${id}/${name}")
  drawproof_write_if_different("${source}" "${mutated}")
  # What a mutation leaves unused is no error.
  set_source_files_properties("${source}" PROPERTIES COMPILE_OPTIONS "-w")

  add_executable(drawproof-${id} EXCLUDE_FROM_ALL
    "${source}" $<TARGET_OBJECTS:drawproof_cli_objects>)
  target_link_libraries(drawproof-${id} PRIVATE drawproof_cli_objects)
  set_target_properties(drawproof-${id} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${BUG_PROGRAMS}")
  add_dependencies(bugs drawproof-${id})
endfunction()

function(drawproof_bugs catalogue)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${catalogue}")
  file(READ "${catalogue}" json)
  string(JSON version GET "${json}" version)
  if(NOT version EQUAL 1)
    message(FATAL_ERROR "${catalogue}: version ${version} is not 1")
  endif()
  string(JSON count LENGTH "${json}" bugs)
  set(ids "")
  set(index 0)
  while(index LESS count)
    foreach(member id file search replace)
      string(JSON ${member} GET "${json}" bugs ${index} ${member})
    endforeach()
    if("${id}" IN_LIST ids)
      message(FATAL_ERROR "${catalogue}: two planted bugs are called ${id}")
    endif()
    list(APPEND ids "${id}")
    drawproof_bug("${id}" "${file}" "${search}" "${replace}")
    math(EXPR index "${index} + 1")
  endwhile()
endfunction()

add_custom_target(bugs)
if(TARGET drawproof AND EXISTS "${BUG_CATALOGUE}")
  drawproof_bugs("${BUG_CATALOGUE}")
endif()
