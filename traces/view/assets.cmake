# Compiles the page's files in, so that the program needs none beside it. The order is that of
# the script: each file may use what those before it define.
set(view_folder ${CMAKE_SOURCE_DIR}/traces/view)
set(view_scripts data format filter lanes scale colours draw_bands draw_marks draw hit books detail
  panel story overview select find keys pointer main)

# Appends the text of traces/view/<file> to the variable `out`, as a C++ string literal. The text
# must not hold the literal's own end.
function(drawproof_embed out file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${view_folder}/${file})
  file(READ ${view_folder}/${file} text)
  string(FIND "${text}" ")asset\"" end)
  if(NOT end EQUAL -1)
    message(FATAL_ERROR "traces/view/${file}: it holds the end of a string literal")
  endif()
  set(${out} "${${out}}\n    R\"asset(${text})asset\"" PARENT_SCOPE)
endfunction()

set(view_html "")
drawproof_embed(view_html page.html)
set(view_css "")
drawproof_embed(view_css page.css)
set(view_script "")
foreach(name ${view_scripts})
  drawproof_embed(view_script ${name}.js)
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/view_assets.cc @ONLY CONTENT
"#include \"traces/view/assets.h\"

namespace view {

std::string_view page_html() {
  return @view_html@;
}

std::string_view page_css() {
  return @view_css@;
}

std::string_view page_script() {
  return @view_script@;
}

}  // namespace view
")
target_sources(view PRIVATE ${CMAKE_BINARY_DIR}/generated/view_assets.cc)
