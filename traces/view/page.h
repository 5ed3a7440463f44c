// A story as one page for a browser: HTML with its style, its script and the data inside. It
// loads nothing, from nowhere. README.md says what is on it.
//
// The data are hostile: notes, replies and names may hold anything. They reach the page as JSON
// in which no character can end the element that holds it, and the script writes them as text,
// never as markup.
#pragma once

#include <string>
#include <string_view>

#include "traces/story/story.h"

namespace view {

// The same story gives the same bytes.
std::string page(const story::Story& story);

// The data alone, as they stand in the page.
std::string page_data(const story::Story& story);

// As the text of an HTML element.
std::string html_text(std::string_view text);

}  // namespace view
