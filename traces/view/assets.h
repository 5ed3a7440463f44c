// The files of which the page consists, compiled in (assets.cmake).
#pragma once

#include <string_view>

namespace view {

std::string_view page_html();
std::string_view page_css();     // all style sheets, in their order
std::string_view page_script();  // all scripts, in their order

}  // namespace view
