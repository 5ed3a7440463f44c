// The edge: takes clients' requests and forwards them to one of the app servers.
// A user's requests stay with one server while it is reachable. A request that
// may have reached a server is never sent to another one: the client gets a 502
// and repeats it with the same key.
#pragma once

#include <memory>
#include <vector>

#include "system/rpc/http.h"

namespace lottery {

struct EdgeOptions {
  std::vector<env::Endpoint> apps;
};

class Edge {
 public:
  // Listens. The returned object is the process's root.
  static std::shared_ptr<Edge> start(env::Env& env, EdgeOptions options);

  Edge(env::Env& env, EdgeOptions options);

 private:
  struct Backend {
    env::Endpoint endpoint;
    env::Instant down_until{};  // no connection could be made recently
    std::vector<std::unique_ptr<rpc::HttpClient>> idle;
  };

  env::awaitable<rpc::HttpResponse> forward(rpc::HttpRequest request);
  std::vector<std::size_t> order_for(const std::string& user) const;

  env::Env& env_;
  std::vector<Backend> backends_;
};

}  // namespace lottery
