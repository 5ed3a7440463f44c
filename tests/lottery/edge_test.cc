// The edge before two servers that note what reaches them.
#include "system/lottery/edge.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/lottery/services_world.h"

namespace lottery_test {
namespace {

struct Arrival {
  std::string server;
  rpc::HttpRequest request;
};
using Arrivals = std::vector<Arrival>;

class NotingServer {
 public:
  NotingServer(env::Env& env, Arrivals* arrivals) : env_(env), arrivals_(arrivals) {}

  static std::shared_ptr<void> start(env::Env& env, Arrivals* arrivals) {
    auto server = std::make_shared<NotingServer>(env, arrivals);
    rpc::serve_http(env, kHttpPort, [raw = server.get()](rpc::HttpRequest request) {
      return raw->handle(std::move(request));
    });
    return server;
  }

 private:
  env::awaitable<rpc::HttpResponse> handle(rpc::HttpRequest request) {
    arrivals_->push_back({std::string(env_.host_name()), std::move(request)});
    co_await env::sleep_for(env_, milliseconds(env_.setting("takes_ms", 2)));
    rpc::HttpResponse response;
    response.status = 201;
    response.headers.emplace(kLedgerHeader, "1");
    response.body = std::string(env_.host_name());
    co_return response;
  }

  env::Env& env_;
  Arrivals* arrivals_;
};

rpc::HttpRequest request_of(const std::string& user, const std::string& key) {
  rpc::HttpRequest request;
  request.method = "POST";
  request.target = "/v1/holds?x=1";
  request.headers.emplace(kUserHeader, user);
  request.headers.emplace(kKeyHeader, key);
  request.body = "{\"count\":1}";
  return request;
}

class EdgeTest : public testing::Test {
 protected:
  EdgeTest() {
    const auto server = [this](env::Env& env) { return NotingServer::start(env, &arrivals); };
    world.add("app-1", server);
    world.add("app-2", server);
    world.add("edge", [](env::Env& env) {
      return Edge::start(env, {{{"app-1", kHttpPort}, {"app-2", kHttpPort}}});
    });
    world.run_for(milliseconds(10));
  }

  std::size_t arrived(const std::string& key) const {
    std::size_t count = 0;
    for (const Arrival& arrival : arrivals) {
      count += arrival.request.header(kKeyHeader) == key ? 1 : 0;
    }
    return count;
  }
  std::string server_of(const std::string& user) {
    return world.request("edge", request_of(user, "probe")).body;
  }
  static std::string other(const std::string& server) {
    return server == "app-1" ? "app-2" : "app-1";
  }

  Arrivals arrivals;
  ServicesWorld world;
};

TEST_F(EdgeTest, ForwardsARequestAndItsResponseAsTheyAre) {
  const rpc::HttpResponse response = world.request("edge", request_of("ann", "k1"));
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.headers.at(std::string(kLedgerHeader)), "1");
  ASSERT_EQ(arrivals.size(), 1u);
  const rpc::HttpRequest& got = arrivals[0].request;
  EXPECT_EQ(got.method, "POST");
  EXPECT_EQ(got.target, "/v1/holds?x=1");
  EXPECT_EQ(got.header(kUserHeader), "ann");
  EXPECT_EQ(got.header(kKeyHeader), "k1");
  EXPECT_EQ(got.body, "{\"count\":1}");
  EXPECT_EQ(response.body, arrivals[0].server);
}

TEST_F(EdgeTest, AUserStaysWithOneServerAndUsersAreSpread) {
  std::map<std::string, int> users_of;
  for (int user = 0; user < 20; ++user) {
    const std::string name = "user-" + std::to_string(user);
    const std::string server = server_of(name);
    ++users_of[server];
    for (int again = 0; again < 3; ++again) {
      EXPECT_EQ(server_of(name), server);
    }
  }
  EXPECT_GT(users_of["app-1"], 2);
  EXPECT_GT(users_of["app-2"], 2);
}

TEST_F(EdgeTest, ARefusedConnectionGoesToTheOtherServerAndBackLater) {
  const std::string first = server_of("ann");
  world.host(first).stop(simnet::StopKind::process);
  world.run_for(milliseconds(10));
  // The kept connection was reset before it carried anything, or the edge says it
  // does not know; a repetition with the same key is served by the other one.
  rpc::HttpResponse response;
  for (int attempt = 0; attempt < 2 && response.status != 201; ++attempt) {
    response = world.request("edge", request_of("ann", "k1"));
  }
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.body, other(first));
  EXPECT_EQ(arrived("k1"), 1u);
  world.host(first).boot();
  world.run_for(seconds(2));
  EXPECT_EQ(server_of("ann"), first);
}

TEST_F(EdgeTest, NoServerIsA503WithoutTheLedgersMark) {
  world.host("app-1").stop(simnet::StopKind::process);
  world.host("app-2").stop(simnet::StopKind::process);
  const rpc::HttpResponse response = world.request("edge", request_of("ann", "k1"));
  EXPECT_EQ(response.status, 503);
  EXPECT_FALSE(response.headers.contains(std::string(kLedgerHeader)));
  EXPECT_EQ(arrived("k1"), 0u);
}

TEST_F(EdgeTest, ARequestThatMayHaveBeenSentIsNeverReplayed) {
  const std::string first = server_of("ann");
  world.host(first).set("takes_ms", 3'600'000);
  const rpc::HttpResponse response = world.request("edge", request_of("ann", "k1"));
  EXPECT_EQ(response.status, 502);
  EXPECT_FALSE(response.headers.contains(std::string(kLedgerHeader)));
  EXPECT_EQ(arrived("k1"), 1u);
  EXPECT_EQ(arrivals.back().server, first);
  // The same key, sent again by the client, goes to the server that answers.
  EXPECT_EQ(world.request("edge", request_of("ann", "k2")).body, other(first));
}

TEST_F(EdgeTest, AServerThatDiesAtAnyMomentSeesARequestOnceAndNobodyElseDoes) {
  const std::string first = server_of("ann");
  world.host(first).set("takes_ms", 5);
  for (int moment = 0; moment < 120; ++moment) {
    const std::string key = "k" + std::to_string(moment);
    const auto answer = world.begin("edge", request_of("ann", key));
    world.run_for(std::chrono::microseconds(moment * 100));
    world.host(first).stop(moment % 2 == 0 ? simnet::StopKind::process : simnet::StopKind::power);
    ASSERT_TRUE(world.run_until([&] { return answer->done; }));
    EXPECT_LE(arrived(key), 1u) << key;
    if (answer->value && answer->value->status == 201) {
      EXPECT_EQ(arrived(key), 1u) << key;
    }
    world.host(first).boot();
    world.run_for(seconds(2));
  }
  EXPECT_TRUE(world.world.aborts().empty());
}

}  // namespace
}  // namespace lottery_test
