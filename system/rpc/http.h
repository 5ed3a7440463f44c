// HTTP/1.1 (RFC 9112) over any env::Stream, by Boost.Beast. This is the only pair
// of files that sees Beast: it costs most of a minute to compile.
//
// Messages are whole: bodies up to kBodyLimit_bytes, no streaming, no trailers.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "system/env/env.h"

namespace rpc {

inline constexpr std::size_t kBodyLimit_bytes = 1 << 20;

// Header names are matched as given here (lower case on receipt).
using Headers = std::map<std::string, std::string, std::less<>>;

struct HttpRequest {
  std::string method;
  std::string target;  // path and query
  Headers headers;
  std::string body;
  // Empty when absent.
  std::string header(std::string_view name) const;
};

struct HttpResponse {
  int status = 0;
  Headers headers;
  std::string body;
};

HttpResponse json_response(int status, std::string body);

// One keep-alive connection, opened when needed. One request at a time.
class HttpClient {
 public:
  HttpClient(env::Env& env, env::Endpoint server);
  ~HttpClient();

  // Errors: those of Env::connect; timed_out; or what the stream or the parser
  // said. After an error the connection is closed and, if may_have_been_sent(),
  // nobody knows whether the server acted.
  env::awaitable<env::Result<HttpResponse>> request(HttpRequest request, env::Duration timeout);
  bool may_have_been_sent() const { return sent_; }

 private:
  struct Connection;

  env::Env& env_;
  const env::Endpoint server_;
  std::unique_ptr<Connection> connection_;
  bool sent_ = false;
};

using HttpHandler = std::function<env::awaitable<HttpResponse>(HttpRequest)>;

// Accepts connections and answers their requests one after the other, for ever.
// Malformed requests get a 400 and the connection is closed. A failed listen ends
// the process (fail_stop).
void serve_http(env::Env& env, std::uint16_t port, HttpHandler handler);

}  // namespace rpc
