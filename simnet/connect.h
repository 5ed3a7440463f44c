// asio::async_connect over several endpoints, for simulated sockets: Asio's own takes
// its basic_socket only. Same forms, order, errors and cancellation; each attempt closes
// the socket and opens it anew.
#pragma once

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>
#include <memory>
#include <utility>

#include "simnet/stream_socket.h"

namespace simnet {
namespace detail {

// Keeps the copy of a range that the iterators point into.
template <class Sequence>
struct EndpointRange {
  using Iterator = decltype(std::declval<const Sequence&>().begin());
  using Result = stream_socket::endpoint_type;
  explicit EndpointRange(const Sequence& sequence)
      : copy(std::make_shared<const Sequence>(sequence)), at(copy->begin()), end(copy->end()) {}
  Result result(const error_code& error) const { return error ? Result() : Result(*at); }

  std::shared_ptr<const Sequence> copy;
  Iterator at;
  Iterator end;
};

template <class Iterator>
struct EndpointIterators {
  using Result = Iterator;
  Result result(const error_code&) const { return at; }

  Iterator at;
  Iterator end;
};

struct AnyEndpoint {
  template <class Endpoint>
  bool operator()(const error_code&, const Endpoint&) const {
    return true;
  }
};

template <class Endpoints, class Condition>
class ConnectOperation {
 public:
  ConnectOperation(stream_socket& socket, Endpoints endpoints, Condition condition)
      : socket_(&socket), endpoints_(std::move(endpoints)), condition_(std::move(condition)) {}

  // Twice without an error at most: to start, and to tell that there is nothing to try,
  // which must not happen inside the initiating function.
  template <class Self>
  void operator()(Self& self) {
    if (nothing_to_try_) {
      finish(self, asio::error::not_found);
      return;
    }
    self.reset_cancellation_state(asio::enable_partial_cancellation());
    skip(error_code());
    if (endpoints_.at != endpoints_.end) {
      attempt(self);
      return;
    }
    nothing_to_try_ = true;
    const asio::any_io_executor executor = socket_->get_executor();
    asio::post(executor, std::move(self));
  }

  // An attempt is over.
  template <class Self>
  void operator()(Self& self, error_code error) {
    if (!socket_->is_open()) {
      finish(self, asio::error::operation_aborted);
    } else if (!error) {
      finish(self, error);
    } else if (self.cancelled() != asio::cancellation_type::none) {
      finish(self, asio::error::operation_aborted);
    } else {
      ++endpoints_.at;
      skip(error);
      if (endpoints_.at != endpoints_.end) {
        attempt(self);
      } else {
        finish(self, error);
      }
    }
  }

 private:
  void skip(const error_code& last) {
    while (endpoints_.at != endpoints_.end && !condition_(last, *endpoints_.at)) {
      ++endpoints_.at;
    }
  }
  template <class Self>
  void attempt(Self& self) {
    stream_socket& socket = *socket_;
    const stream_socket::endpoint_type target(*endpoints_.at);
    socket.close();
    socket.async_connect(target, std::move(self));
  }
  template <class Self>
  void finish(Self& self, const error_code& error) {
    const typename Endpoints::Result result = endpoints_.result(error);
    self.complete(error, result);
  }

  stream_socket* socket_;
  Endpoints endpoints_;
  Condition condition_;
  bool nothing_to_try_ = false;
};

template <class Endpoints, class Condition, class Token>
auto connect_to_one(stream_socket& socket, Endpoints endpoints, Condition condition,
                    Token&& token) {
  return asio::async_compose<Token, void(error_code, typename Endpoints::Result)>(
      ConnectOperation<Endpoints, Condition>(socket, std::move(endpoints), std::move(condition)),
      token, socket);
}

template <class T>
inline constexpr bool kIsEndpoints = asio::is_endpoint_sequence<T>::value;

}  // namespace detail

// void(error_code, endpoint). The error is that of the last attempt; not_found when
// there was none; operation_aborted when the socket was closed meanwhile.
template <class Sequence, class Token = stream_socket::Token0>
requires detail::kIsEndpoints<Sequence>
auto async_connect(stream_socket& socket, const Sequence& endpoints, Token&& token = Token()) {
  return detail::connect_to_one(socket, detail::EndpointRange<Sequence>(endpoints),
                                detail::AnyEndpoint(), std::forward<Token>(token));
}

// Tries only what condition(last error, endpoint) allows.
template <class Sequence, class Condition, class Token>
requires detail::kIsEndpoints<Sequence>
auto async_connect(stream_socket& socket, const Sequence& endpoints, Condition condition,
                   Token&& token) {
  return detail::connect_to_one(socket, detail::EndpointRange<Sequence>(endpoints),
                                std::move(condition), std::forward<Token>(token));
}

// void(error_code, Iterator).
template <class Iterator, class Token>
requires(!detail::kIsEndpoints<Iterator>) auto async_connect(stream_socket& socket, Iterator begin,
                                                             Iterator end, Token&& token) {
  return detail::connect_to_one(socket, detail::EndpointIterators<Iterator>{begin, end},
                                detail::AnyEndpoint(), std::forward<Token>(token));
}

template <class Iterator, class Condition, class Token>
requires(!detail::kIsEndpoints<Iterator>) auto async_connect(stream_socket& socket, Iterator begin,
                                                             Iterator end, Condition condition,
                                                             Token&& token) {
  return detail::connect_to_one(socket, detail::EndpointIterators<Iterator>{begin, end},
                                std::move(condition), std::forward<Token>(token));
}

}  // namespace simnet
