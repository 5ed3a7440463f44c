#include "traces/view/page.h"

#include "faults/input.h"
#include "traces/view/assets.h"

namespace view {
namespace {

// Puts `text` where the template says {{name}}. REQUIRES: it says so, once.
void fill(std::string& page, std::string_view name, std::string_view text) {
  const std::string mark = "{{" + std::string(name) + "}}";
  page.replace(page.find(mark), mark.size(), text);
}

std::string title(const story::Story& story) {
  const std::string run = story.recipe.scenario + ", seed " + std::to_string(story.recipe.seed);
  return story.violations.empty() ? run : story.violations.front().property + " in " + run;
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '&':
        safe += "&amp;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

// From the end of the template to its beginning: what is filled in is never looked at again.
std::string page(const story::Story& story) {
  std::string page(page_html());
  fill(page, "script", page_script());
  fill(page, "data", page_data(story));
  fill(page, "style", page_css());
  fill(page, "title", html_text(title(story)));
  return page;
}

}  // namespace view
