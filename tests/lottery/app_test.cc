// The client-facing API about reads: watermarks, levels and sessions.
#include "system/lottery/app.h"

#include <gtest/gtest.h>

#include "system/lottery/ledger_node.h"
#include "tests/lottery/services_world.h"

namespace lottery_test {
namespace {

class AppTest : public testing::Test {
 protected:
  AppTest() {
    world.add("ledger", [](env::Env& env) { return LedgerNode::start(env, {{opening()}}); });
    for (const char* name : {"app-1", "app-2"}) {
      world.add(name, [](env::Env& env) {
        return App::start(env, {"secret", {{1, "ledger", false}}, {"bank", kHttpPort}});
      });
    }
    world.run_for(seconds(1));
  }

  rpc::HttpResponse get(const std::string& app, const std::string& target,
                        const std::string& watermark = "", const std::string& user = "ann") {
    rpc::HttpRequest request;
    request.method = "GET";
    request.target = target;
    request.headers.emplace(kUserHeader, user);
    if (!watermark.empty()) {
      request.headers.emplace(kWatermarkHeader, watermark);
    }
    return world.request(app, std::move(request));
  }
  rpc::HttpResponse put(const std::string& app, std::int64_t version, const std::string& data) {
    rpc::HttpRequest request;
    request.method = "PUT";
    request.target = "/v1/sessions/cart";
    request.headers.emplace(kUserHeader, "ann");
    request.body = rpc::encode(SessionRequest{version, data});
    return world.request(app, std::move(request));
  }
  static std::string watermark(const rpc::HttpResponse& response) {
    const auto found = response.headers.find(kWatermarkHeader);
    return found == response.headers.end() ? std::string() : found->second;
  }

  ServicesWorld world;
};

TEST_F(AppTest, AWatermarkOfOneServerIsHonouredByTheOther) {
  const rpc::HttpResponse first = get("app-1", "/v1/draws/d");
  ASSERT_EQ(first.status, 200);
  ASSERT_NE(watermark(first), "");
  EXPECT_EQ(get("app-2", "/v1/draws/d", watermark(first)).status, 200);
}

TEST_F(AppTest, AWatermarkThatNobodyGaveOutIsRefused) {
  const std::string good = watermark(get("app-1", "/v1/draws/d"));
  for (const std::string& bad : {std::string("7"), "9" + good, good + "0"}) {
    EXPECT_EQ(get("app-1", "/v1/draws/d", bad).status, 400) << bad;
    EXPECT_EQ(get("app-1", "/v1/sessions/cart", bad).status, 400) << bad;
  }
}

TEST_F(AppTest, ALinearReadNeedsNoWatermark) {
  EXPECT_EQ(get("app-1", "/v1/draws/d?level=linear").status, 200);
  EXPECT_EQ(get("app-1", "/v1/draws/none?level=linear").status, 404);
}

TEST_F(AppTest, ASessionFollowsItsUserFromServerToServer) {
  EXPECT_EQ(get("app-1", "/v1/sessions/cart").status, 404);
  const rpc::HttpResponse stored = put("app-1", 1, "one");
  ASSERT_EQ(stored.status, 200);
  const rpc::HttpResponse seen = get("app-1", "/v1/sessions/cart", watermark(stored));
  EXPECT_EQ(seen.body, stored.body);
  const rpc::HttpResponse next = put("app-2", 2, "two");
  ASSERT_EQ(next.status, 200);
  // The first server remembers version 1, which is older than what the user has seen.
  EXPECT_EQ(get("app-1", "/v1/sessions/cart", watermark(next)).body, next.body);
  EXPECT_EQ(put("app-1", 2, "other").status, 409);
  EXPECT_EQ(get("app-2", "/v1/sessions/cart", "", "bob").status, 404);
}

TEST_F(AppTest, ARememberedSessionNeedsNoLedger) {
  const rpc::HttpResponse stored = put("app-1", 1, "one");
  const rpc::HttpResponse seen = get("app-1", "/v1/sessions/cart", watermark(stored));
  ASSERT_EQ(seen.status, 200);
  world.host("ledger").stop(simnet::StopKind::process);
  EXPECT_EQ(get("app-1", "/v1/sessions/cart", watermark(seen)).body, stored.body);
  EXPECT_EQ(get("app-2", "/v1/sessions/cart", watermark(seen)).status, 503);
  EXPECT_EQ(get("app-1", "/v1/sessions/cart", "", "bob").status, 503);
}

}  // namespace
}  // namespace lottery_test
