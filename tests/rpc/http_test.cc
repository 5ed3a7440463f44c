#include "system/rpc/http.h"

#include <gtest/gtest.h>
#include <boost/asio/write.hpp>

#include <optional>

#include "system/env/async.h"
#include "tests/support/sim_machines.h"

namespace {

using namespace std::chrono_literals;
namespace asio = env::asio;
const env::Endpoint kHttpServer{"right", 80};

using HttpAnswer = std::optional<env::Result<rpc::HttpResponse>>;

struct Seen {
  std::vector<rpc::HttpRequest> requests;
  env::Duration delay{};
  bool close = false;
};

env::awaitable<rpc::HttpResponse> answer_later(env::Env* env, Seen* seen,
                                               rpc::HttpRequest request) {
  seen->requests.push_back(request);
  if (seen->delay > 0ns) {
    co_await env::sleep_for(*env, seen->delay);
  }
  rpc::HttpResponse response;
  response.status = request.target == "/missing" ? 404 : 200;
  response.headers["x-length"] = std::to_string(request.body.size());
  response.body = "<" + request.body.substr(0, 100) + ">";
  co_return response;
}

env::awaitable<void> ask(rpc::HttpClient* client, rpc::HttpRequest request, env::Duration timeout,
                         HttpAnswer* answer) {
  *answer = co_await client->request(request, timeout);
}

class Http : public ::testing::Test {
 protected:
  Http() { serve(); }
  void serve() {
    rpc::serve_http(machines_.right(), 80, [this](rpc::HttpRequest request) {
      return answer_later(&machines_.right(), &seen_, std::move(request));
    });
  }
  void start(rpc::HttpRequest request, HttpAnswer& answer, env::Duration timeout = 2s) {
    env::spawn(machines_.left(), ask(&client_, std::move(request), timeout, &answer));
  }
  HttpAnswer post(const std::string& target, std::string body) {
    HttpAnswer answer;
    start({"POST", target, {{"x-token", "t"}}, std::move(body)}, answer);
    machines_.run(3s);
    return answer;
  }

  support::SimMachines machines_;
  Seen seen_;
  rpc::HttpClient client_{machines_.left(), kHttpServer};
};

TEST_F(Http, RequestAndResponseArriveWhole) {
  const HttpAnswer answer = post("/buy?n=3", "body");
  ASSERT_TRUE(answer && *answer);
  EXPECT_EQ((**answer).status, 200);
  EXPECT_EQ((**answer).body, "<body>");
  EXPECT_EQ((**answer).headers.at("x-length"), "4");
  ASSERT_EQ(seen_.requests.size(), 1u);
  EXPECT_EQ(seen_.requests[0].method, "POST");
  EXPECT_EQ(seen_.requests[0].target, "/buy?n=3");
  EXPECT_EQ(seen_.requests[0].header("x-token"), "t");
  EXPECT_EQ(seen_.requests[0].header("host"), "right");
  EXPECT_EQ(seen_.requests[0].header("absent"), "");
  EXPECT_EQ(seen_.requests[0].body, "body");
}

TEST_F(Http, ErrorsOfTheServiceAreAnswersToo) {
  const HttpAnswer answer = post("/missing", "");
  ASSERT_TRUE(answer && *answer);
  EXPECT_EQ((**answer).status, 404);
}

TEST_F(Http, RequestsShareOneConnection) {
  ASSERT_TRUE(*post("/", "a"));
  const std::uint64_t sent = machines_.world().network().statistics().sent;
  ASSERT_TRUE(*post("/", "b"));
  // Without a handshake: only the request and the response.
  EXPECT_LE(machines_.world().network().statistics().sent - sent, 2u);
}

TEST_F(Http, BodiesUpToTheLimit) {
  const HttpAnswer fits = post("/", std::string(rpc::kBodyLimit_bytes, 'x'));
  ASSERT_TRUE(fits && *fits);
  EXPECT_EQ((**fits).headers.at("x-length"), std::to_string(rpc::kBodyLimit_bytes));
  const HttpAnswer exceeds = post("/", std::string(rpc::kBodyLimit_bytes + 1, 'x'));
  ASSERT_TRUE(exceeds.has_value());
  EXPECT_TRUE(!*exceeds || (**exceeds).status == 400);
  EXPECT_EQ(seen_.requests.size(), 1u);
  EXPECT_TRUE(*post("/", "still there"));
}

env::awaitable<void> send_raw(env::Env* env, std::string bytes, std::string* got) {
  env::Result<env::Stream> stream = co_await env->connect(kHttpServer, 1s);
  co_await asio::async_write(*stream, asio::buffer(bytes), env::use_tuple);
  std::string part(1024, '\0');
  for (;;) {
    const auto [error, count] =
        co_await stream->async_read_some(asio::buffer(part), env::use_tuple);
    got->append(part, 0, count);
    if (error) {
      *got += error == asio::error::eof ? "[eof]" : "[" + error.message() + "]";
      co_return;
    }
  }
}

TEST_F(Http, MalformedBytesGetA400AndTheEnd) {
  for (const std::string bytes :
       {"nonsense\r\n\r\n", "GET / HTTP/7.7\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "GET / HTTP/1.1\r\nbad header\r\n\r\n"}) {
    std::string got;
    env::spawn(machines_.left(), send_raw(&machines_.left(), bytes, &got));
    machines_.run(1s);
    EXPECT_TRUE(got.starts_with("HTTP/1.1 400 Bad Request\r\n")) << bytes << got;
    EXPECT_TRUE(got.ends_with("[eof]")) << bytes << got;
  }
  EXPECT_TRUE(seen_.requests.empty());
  EXPECT_TRUE(machines_.world().aborts().empty());
}

TEST_F(Http, PipelinedRequestsAreAnsweredInTheirOrder) {
  std::string got;
  const std::string bytes =
      "POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\na"
      "POST / HTTP/1.1\r\nContent-Length: 1\r\nConnection: close\r\n\r\nb";
  env::spawn(machines_.left(), send_raw(&machines_.left(), bytes, &got));
  machines_.run(1s);
  const auto first = got.find("<a>");
  const auto second = got.find("<b>");
  ASSERT_NE(first, std::string::npos) << got;
  ASSERT_NE(second, std::string::npos) << got;
  EXPECT_LT(first, second);
  EXPECT_TRUE(got.ends_with("[eof]"));
}

TEST_F(Http, ARefusedConnectionWasNeverSent) {
  machines_.right_host().stop(simnet::StopKind::process);
  const HttpAnswer answer = post("/", "x");
  ASSERT_TRUE(answer && !*answer);
  EXPECT_EQ(answer->error(), asio::error::connection_refused);
  EXPECT_FALSE(client_.may_have_been_sent());
}

TEST_F(Http, ATimeoutCountsFromTheCallAndTheNextCallConnectsAgain) {
  seen_.delay = 10s;
  HttpAnswer answer;
  start({"GET", "/", {}, ""}, answer, 500ms);
  machines_.run(499ms);
  EXPECT_FALSE(answer);
  machines_.run(2ms);
  ASSERT_TRUE(answer && !*answer);
  EXPECT_EQ(answer->error(), asio::error::timed_out);
  EXPECT_TRUE(client_.may_have_been_sent());
  seen_.delay = {};
  EXPECT_TRUE(*post("/", "again"));
}

TEST_F(Http, ACrashInMidRequestIsAnErrorAfterWhichNobodyKnows) {
  seen_.delay = 1s;
  HttpAnswer answer;
  start({"POST", "/", {}, "x"}, answer);
  machines_.run(100ms);
  ASSERT_EQ(seen_.requests.size(), 1u);
  machines_.right_host().stop(simnet::StopKind::process);
  machines_.run(100ms);
  ASSERT_TRUE(answer && !*answer);
  EXPECT_TRUE(client_.may_have_been_sent());
}

// The server closes idle connections; the client does not run into that.
TEST_F(Http, AnIdleConnectionIsReplacedInTime) {
  ASSERT_TRUE(*post("/", "a"));
  machines_.run(2min);
  EXPECT_TRUE(*post("/", "b"));
  EXPECT_EQ(seen_.requests.size(), 2u);
}

// Crash the server at every event: the call ends in time; what was answered was done,
// and what was not sent was not done.
TEST(HttpUnderCrash, EveryRequestEndsWhereverTheServerDies) {
  int answered = 0;
  for (int crash_at = 0; crash_at < 40; ++crash_at) {
    support::SimMachines machines(3);
    Seen seen;
    rpc::serve_http(machines.right(), 80, [&](rpc::HttpRequest request) {
      return answer_later(&machines.right(), &seen, std::move(request));
    });
    rpc::HttpClient client(machines.left(), kHttpServer);
    HttpAnswer answer;
    env::spawn(machines.left(), ask(&client, {"POST", "/", {}, "x"}, 1s, &answer));
    for (int i = 0; i < crash_at; ++i) {
      machines.world().step();
    }
    machines.right_host().stop(simnet::StopKind::power);
    machines.run(2s);
    ASSERT_TRUE(answer.has_value()) << "event " << crash_at;
    answered += *answer ? 1 : 0;
    if (*answer) {
      EXPECT_EQ(seen.requests.size(), 1u);
    } else if (!client.may_have_been_sent()) {
      EXPECT_TRUE(seen.requests.empty());
    }
  }
  EXPECT_GT(answered, 0);
  EXPECT_LT(answered, 40);
}

}  // namespace
