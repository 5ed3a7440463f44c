// What a violation is about, and what is told of the way to it.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/story/paper_story.h"
#include "traces/story/slice.h"
#include "traces/story/subject.h"

namespace story {
namespace {

std::vector<std::string> sorted(std::vector<std::string> list) {
  std::ranges::sort(list);
  return list;
}

Story told(const std::string& what, const std::string& property = "S3") {
  Story story = paper_story();
  story.violations[0].what = what;
  story.violations[0].property = property;
  slice(story);
  return story;
}

std::vector<std::size_t> of(const Story& story, Step::Of kind) {
  std::vector<std::size_t> indices;
  for (const Step& step : story.violations[0].steps) {
    if (step.of == kind) {
      indices.push_back(step.index);
    }
  }
  return indices;
}

using Indices = std::vector<std::size_t>;

TEST(Names, AreWholeWords) {
  EXPECT_TRUE(names("key charge-p5.0-1, done", "charge-p5.0-1"));
  EXPECT_TRUE(names("purchase p5.0.", "p5.0"));
  EXPECT_TRUE(names("\"p5.0\"", "p5.0"));
  EXPECT_FALSE(names("p15.0", "p5.0"));
  EXPECT_FALSE(names("p5.01", "p5.0"));
  EXPECT_FALSE(names("charge-p5.0-1", "p5.0"));
  EXPECT_FALSE(names("user-30", "user-3"));
  EXPECT_TRUE(names("user-30 and user-3", "user-3"));
}

TEST(Ids, AreWordsWithLettersAndFigures) {
  const std::vector<std::string> expected = {"user-3", "user-3/1", "p194.0", "charge-p194.0-1-3"};
  EXPECT_EQ(ids_in("user user-3, intent user-3/1: 1000 in 2 charges (purchases p194.0; last key "
                   "charge-p194.0-1-3), user-3."),
            expected);
  EXPECT_EQ(ids_in("read /v1/sessions/cart-user-10 at entry 63"),
            std::vector<std::string>{"cart-user-10"});
  EXPECT_TRUE(ids_in("nothing 12 here, ... x").empty());
  EXPECT_TRUE(ids_in("").empty());
}

TEST(Subject, APurchaseBringsItsKeysAndNotItsUser) {
  const Story story = told("user user-3: the bank captured 1000 for purchase p5.0.");
  EXPECT_EQ(sorted(story.violations[0].named),
            (std::vector<std::string>{"charge-p5.0-1-1", "charge-p5.0-1-2", "p5.0"}));
  EXPECT_EQ(story.violations[0].hosts, std::vector<HostIndex>({kBank, kUser}));
}

TEST(Subject, AKeyBringsItsPurchase) {
  const Story story = told("CLEARING[charge-p5.0-1] still holds -500");
  EXPECT_TRUE(std::ranges::count(story.violations[0].named, "p5.0") == 1);
}

TEST(Subject, NodesTermsAndEntriesOfTheLog) {
  const Story story = paper_story();
  Violation violation;
  violation.what = "node 2 took entry 5 of term 4 although that of term 3 is committed";
  const Subject subject = subject_of(story, nodes_of(story), violation);
  EXPECT_EQ(subject.hosts, std::set<HostIndex>{kLedger2});
  EXPECT_EQ(subject.entries, std::set<std::int64_t>{5});
  EXPECT_EQ(subject.terms, (std::set<std::int64_t>{3, 4}));
}

TEST(Slice, TellsWhatConcernsThePurchaseUpToTheViolation) {
  const Story story = told("the bank captured 1000 for purchase p5.0");
  // The second replica says nothing new, looking changes nothing, and p50.0 is another purchase.
  EXPECT_EQ(of(story, Step::Of::event), (Indices{5, 7, 9}));
}

TEST(Slice, TellsRequestsWithTheirAnswersAlsoLostOnes) {
  const Story story = told("the bank captured 1000 for purchase p5.0");
  EXPECT_EQ(of(story, Step::Of::message), (Indices{2, 3, 5}));
}

TEST(Slice, TellsReadsOnlyWhereTheyAreTheMatter) {
  const Story story = told("user user-3 read /v1/purchases/p5.0 at entry 4", "S8");
  const Indices events = of(story, Step::Of::event);
  EXPECT_EQ(std::ranges::count(events, 8u), 1);
  EXPECT_EQ(std::ranges::count(of(story, Step::Of::message), 4u), 1);
}

TEST(Slice, TellsFaultsOfThoseWhoTookPart) {
  const Story story = told("the bank captured 1000 for purchase p5.0");
  EXPECT_EQ(of(story, Step::Of::span), Indices{0});  // the user did not, nor did ledger-2
}

TEST(Slice, TellsAnEntryFromItsAppendOn) {
  const Story story = told("entry 5 was committed but is not in the final log", "S9");
  EXPECT_EQ(of(story, Step::Of::message), Indices{0});
  EXPECT_EQ(of(story, Step::Of::event), (Indices{0, 1, 2, 4, 5}));
}

TEST(Slice, TellsTheVotesOfATerm) {
  const Story story = told("term 4 has two leaders: node 1 and node 2", "S20");
  EXPECT_EQ(of(story, Step::Of::message), Indices{1});
  EXPECT_EQ(of(story, Step::Of::event), (Indices{0, 1, 2}));
}

TEST(Slice, StepsAreInTheOrderOfTime) {
  const Story story = told("the bank captured 1000 for purchase p5.0");
  Time_us before = 0;
  for (const Step& step : story.violations[0].steps) {
    const Time_us at = step.of == Step::Of::event     ? story.events[step.index].at_us
                       : step.of == Step::Of::message ? story.messages[step.index].sent_us
                                                      : story.spans[step.index].from_us;
    EXPECT_GE(at, before);
    EXPECT_LE(at, story.violations[0].at_us);
    before = at;
  }
}

TEST(Slice, KeepsTheLastStepsOfTooMany) {
  Story story = paper_story();
  story.events.clear();
  story.messages.clear();
  story.spans.clear();
  for (std::size_t i = 0; i < 3 * kStepsMax; ++i) {
    const std::string fields = "{\"reference\":\"p5.0\",\"i\":" + std::to_string(i) + "}";
    story.events.push_back({static_cast<Time_us>(i), kBank, "bank.moved", fields});
  }
  slice(story);
  ASSERT_EQ(story.violations[0].steps.size(), kStepsMax);
  EXPECT_EQ(story.violations[0].steps.back().index, 3 * kStepsMax - 1);
  EXPECT_EQ(story.violations[0].steps.front().index, 2 * kStepsMax);
}

}  // namespace
}  // namespace story
