#include "properties/reference_sessions.h"

#include <gtest/gtest.h>

#include "properties/reference_replies.h"

namespace properties {
namespace {

TEST(ReferenceSessions, OnlyTheNextVersionIsStored) {
  ReferenceSessions sessions;
  EXPECT_EQ(sessions.run({"ann", "s", 1, "a"}).body,
            R"({"session":"s","user":"ann","version":1,"data":"a"})");
  EXPECT_EQ(sessions.run({"ann", "s", 1, "a"}).status, 200);
  EXPECT_EQ(sessions.run({"ann", "s", 1, "b"}).body,
            R"({"error":"conflict","detail":"","current":)"
            R"({"session":"s","user":"ann","version":1,"data":"a"}})");
  EXPECT_EQ(sessions.run({"ann", "s", 3, "b"}).status, 409);
  EXPECT_EQ(error_word(sessions.run({"bob", "s", 2, "b"}).body), "not_found");
  EXPECT_EQ(sessions.run({"ann", "s", 2, std::string(4097, 'x')}).status, 400);
  EXPECT_EQ(sessions.rows(), (TableRows{{"s", "ann", "1", "a"}}));
}

TEST(SameReply, ComparesTheWordAndWhatStandsInTheWay) {
  const lottery::Reply plain{409, R"({"error":"locked","detail":"x"})"};
  EXPECT_TRUE(same_reply(plain, refusal(409, "locked")));
  EXPECT_FALSE(same_reply(plain, refusal(409, "fenced")));
  EXPECT_FALSE(same_reply(plain, refusal(404, "locked")));
  EXPECT_FALSE(same_reply(plain, refusal(409, "locked", "{}")));
  const lottery::Reply with{409, R"({"error":"conflict","detail":"x","current":{"version":2}})"};
  EXPECT_TRUE(same_reply(with, refusal(409, "conflict", R"({"version":2})")));
  EXPECT_FALSE(same_reply(with, refusal(409, "conflict", R"({"version":3})")));
  EXPECT_FALSE(same_reply({409, R"({"version":2})"}, {409, R"({"version":3})"}));
  EXPECT_FALSE(same_reply({200, "a"}, {200, "b"}));
}

}  // namespace
}  // namespace properties
