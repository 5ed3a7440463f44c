#include "system/lottery/edge.h"

#include <xxhash.h>

#include <utility>

#include "system/lottery/messages.h"
#include "system/lottery/protocol.h"
#include "system/probe/probe.h"
#include "system/rpc/codec.h"

namespace lottery {
namespace {

constexpr env::Duration kForwardTimeout = std::chrono::seconds(5);
constexpr env::Duration kBackendRest = std::chrono::seconds(1);
constexpr std::size_t kIdlePerBackend = 32;

rpc::HttpResponse gateway_error(int status, std::string_view word) {
  const ErrorView error{std::string(word), "Try again with the same key."};
  return rpc::json_response(status, rpc::encode(error));
}

}  // namespace

Edge::Edge(env::Env& env, EdgeOptions options) : env_(env) {
  for (env::Endpoint& endpoint : options.apps) {
    backends_.emplace_back().endpoint = std::move(endpoint);
  }
}

std::shared_ptr<Edge> Edge::start(env::Env& env, EdgeOptions options) {
  auto edge = std::make_shared<Edge>(env, std::move(options));
  rpc::serve_http(env, kHttpPort, [raw = edge.get()](rpc::HttpRequest request) {
    return raw->forward(std::move(request));
  });
  return edge;
}

std::vector<std::size_t> Edge::order_for(const std::string& user) const {
  const std::size_t first = XXH3_64bits(user.data(), user.size()) % backends_.size();
  const env::Instant now = env_.now();
  std::vector<std::size_t> order;
  std::vector<std::size_t> resting;
  for (std::size_t i = 0; i < backends_.size(); ++i) {
    const std::size_t choice = (first + i) % backends_.size();
    (backends_[choice].down_until <= now ? order : resting).push_back(choice);
  }
  order.insert(order.end(), resting.begin(), resting.end());
  return order;
}

env::awaitable<rpc::HttpResponse> Edge::forward(rpc::HttpRequest request) {
  const std::vector<std::size_t> order = order_for(request.header(kUserHeader));
  for (const std::size_t choice : order) {
    Backend& backend = backends_[choice];
    std::unique_ptr<rpc::HttpClient> client;
    if (backend.idle.empty()) {
      client = std::make_unique<rpc::HttpClient>(env_, backend.endpoint);
    } else {
      client = std::move(backend.idle.back());
      backend.idle.pop_back();
    }
    rpc::HttpRequest copy = request;
    env::Result<rpc::HttpResponse> response =
        co_await client->request(std::move(copy), kForwardTimeout);
    if (response) {
      probe::hit_if<"edge.served_by_the_next_server">(choice != order.front());
      if (backend.idle.size() < kIdlePerBackend) {
        backend.idle.push_back(std::move(client));
      }
      co_return std::move(*response);
    }
    backend.down_until = env_.now() + kBackendRest;
    backend.idle.clear();
    if (client->may_have_been_sent()) {
      probe::hit<"edge.outcome_unknown">();
      co_return gateway_error(502, "outcome_unknown");
    }
  }
  probe::hit<"edge.no_server">();
  co_return gateway_error(503, "no_server");
}

}  // namespace lottery
