// The page's data come back as they were, no text can leave its place, and the page loads nothing.
#include <gtest/gtest.h>

#include <regex>

#include "faults/input.h"
#include "tests/story/paper_story.h"
#include "traces/view/page.h"

namespace view {
namespace {

using faults::Json;

const std::string kHostile =
    "</script><script>alert(1)</script><!-- <script> ]]> \" ' & \\ {{script}} {{data}} \x80 "
    "\xe2\x80\xa8 line\n";
// As it comes back: what is no UTF-8 is replaced.
const std::string kHostileBack = std::regex_replace(kHostile, std::regex("\x80 "), "\xef\xbf\xbd ");

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

// What a browser takes for the content of the data element.
Json data_in(const std::string& page) {
  const std::string begin = "<script id=\"data\" type=\"application/json\">";
  const std::size_t from = page.find(begin) + begin.size();
  return Json::parse(page.substr(from, page.find("</script", from) - from));
}

story::Story hostile_story() {
  story::Story story = story::paper_story();
  story.recipe.note = kHostile;
  story.recipe.scenario = kHostile;
  story.recipe.reproduce = kHostile;
  story.hosts[0].name = kHostile;
  story.events[0].name = kHostile;
  story.events[1].fields = kHostile;
  story.messages[0].label = kHostile;
  story.messages[1].detail = kHostile;
  story.spans[0].kind = kHostile;
  story.spans[1].detail = kHostile;
  story.accounts[0].account = kHostile;
  story.purchases[0].user = kHostile;
  story.bank[0].key = kHostile;
  story.violations[0].what = kHostile;
  story.violations[0].property = kHostile;
  story.violations[0].named = {kHostile};
  return story;
}

TEST(Page, HoldsTheStory) {
  const story::Story story = story::paper_story();
  const Json data = data_in(page(story));
  EXPECT_EQ(data.at("version"), 1);
  EXPECT_EQ(data.at("run").at("scenario"), "paper");
  EXPECT_EQ(data.at("run").at("seed"), "7");
  const Json& texts = data.at("texts");
  std::int64_t at = 0;
  for (std::size_t i = 0; i < story.events.size(); ++i) {
    at += data.at("events").at("at")[i].get<std::int64_t>();
    EXPECT_EQ(at, story.events[i].at_us);
    EXPECT_EQ(data.at("events").at("host")[i], story.events[i].host);
    EXPECT_EQ(texts[data.at("events").at("name")[i].get<std::size_t>()], story.events[i].name);
    EXPECT_EQ(texts[data.at("events").at("fields")[i].get<std::size_t>()], story.events[i].fields);
  }
  std::int64_t sent = 0;
  for (std::size_t i = 0; i < story.messages.size(); ++i) {
    const Json& columns = data.at("messages");
    const story::Message& message = story.messages[i];
    sent += columns.at("sent")[i].get<std::int64_t>();
    EXPECT_EQ(sent, message.sent_us);
    const bool arrived = message.arrived_us != story::kNever;
    EXPECT_EQ(columns.at("took")[i], arrived ? message.arrived_us - message.sent_us : -1);
    EXPECT_EQ(columns.at("answers")[i], i == 3 ? 2 : -1);
    EXPECT_EQ(texts[columns.at("label")[i].get<std::size_t>()], message.label);
  }
  EXPECT_EQ(data.at("spans").size(), story.spans.size());
  EXPECT_EQ(data.at("books").at("bank").size(), story.bank.size());
  EXPECT_EQ(data.at("violations")[0].at("what"), story.violations[0].what);
}

TEST(Page, NoTextLeavesItsPlace) {
  const std::string plain = page(story::paper_story());
  const std::string hostile = page(hostile_story());
  for (const char* mark :
       {"<script", "</script", "<!--", "<style", "</style", "</title", "alert("}) {
    EXPECT_EQ(
        count(hostile, mark) - (std::string(mark) == "alert(" ? count(hostile, "alert(1)") : 0),
        count(plain, mark))
        << mark;
  }
  const Json data = data_in(hostile);
  EXPECT_EQ(data.at("run").at("note"), kHostileBack);
  EXPECT_EQ(data.at("hosts")[0][0], kHostileBack);
  EXPECT_EQ(data.at("violations")[0].at("what"), kHostileBack);
  EXPECT_EQ(data.at("spans")[0][3], kHostileBack);
}

TEST(Page, DataHoldNoCharacterOfMarkup) {
  EXPECT_EQ(page_data(hostile_story()).find_first_of("<>&"), std::string::npos);
}

TEST(Page, TheTitleIsText) {
  EXPECT_EQ(html_text("<b>&\"'</b>"), "&lt;b&gt;&amp;\"'&lt;/b&gt;");
  const std::string hostile = page(hostile_story());
  const std::size_t begin = hostile.find("<title>") + 7;
  EXPECT_EQ(hostile.substr(begin, hostile.find("</title>") - begin).find('<'), std::string::npos);
}

TEST(Page, LoadsNothing) {
  const std::string text = page(story::paper_story());
  for (const char* loads :
       {"http://", "https://", "src=", "@import", "url(", "fetch(", "XMLHttpRequest", "WebSocket",
        "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("}) {
    EXPECT_EQ(text.find(loads), std::string::npos) << loads;
  }
  EXPECT_NE(text.find("default-src 'none'"), std::string::npos);
  EXPECT_EQ(text.find("{{"), std::string::npos);
}

TEST(Page, LongTextsAreCutBetweenCharacters) {
  story::Story story = story::paper_story();
  std::string longest;
  while (longest.size() < 10'000) {
    longest += "\xc3\xa9";
  }
  story.messages[0].detail = "x" + longest;
  story.events[0].fields = longest;
  const Json data = data_in(page(story));
  for (const Json& text : data.at("texts")) {
    EXPECT_LE(text.get<std::string>().size(), 1'300u);
    EXPECT_EQ(text.get<std::string>().find("\xef\xbf\xbd"), std::string::npos);
  }
}

TEST(Page, AFaultOfManyHostsNamesAFew) {
  story::Story story = story::paper_story();
  Json names = Json::array();
  for (int i = 1; i <= 500; ++i) {
    names.push_back("user-" + std::to_string(i));
  }
  story.spans[0].detail = Json{{"kind", "partition"}, {"hosts", names}}.dump();
  const Json data = data_in(page(story));
  const Json detail = Json::parse(
      data.at("texts")[data.at("spans")[0][5].get<std::size_t>()].get<std::string>());
  ASSERT_EQ(detail.at("hosts").size(), 13u);
  EXPECT_EQ(detail.at("hosts")[11], "user-12");
  EXPECT_EQ(detail.at("hosts")[12], "+488");
}

TEST(Page, TheSameStoryGivesTheSameBytes) {
  EXPECT_EQ(page(hostile_story()), page(hostile_story()));
}

TEST(Page, AnEmptyStoryIsAPageToo) {
  const Json data = data_in(page(story::Story()));
  EXPECT_TRUE(data.at("violations").empty());
  EXPECT_EQ(data.at("run").at("end_us"), 0);
}

}  // namespace
}  // namespace view
