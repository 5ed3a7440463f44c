// Starts an actor on a host; from then on it belongs to the host.
#pragma once

#include <boost/asio/async_result.hpp>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

#include "simnet/actor.h"
#include "simnet/actor_end.h"
#include "simnet/host.h"

namespace simnet {

// Inside a task of the host it runs until its first wait at once, else as the host's next
// event. An exception that leaves it ends the process, as one that leaves a handler does.
// Its result is dropped.
template <class T>
void spawn(HostContext& context, actor<T> work) {
  const auto root = work.release();
  ActorNode::spawn(context, root, root.promise(), nullptr);
}
// REQUIRES: host.up().
template <class T>
void spawn(Host& host, actor<T> work) {
  spawn(host.context(), std::move(work));
}

namespace detail {

template <class T>
struct SpawnSignature {
  using Type = void(std::exception_ptr, T);
};
template <>
struct SpawnSignature<void> {
  using Type = void(std::exception_ptr);
};

}  // namespace detail

// The same with any completion token for void(std::exception_ptr[, T]), which is
// told of the end and gets the exception; T must have a default. Signalling its cancellation
// slot with any type ends what the actor waits for, and all that it waits for later,
// with operation_aborted.
template <class T, class Token>
auto spawn(HostContext& context, actor<T> work, Token&& token) {
  return asio::async_initiate<Token, typename detail::SpawnSignature<T>::Type>(
      [](auto&& handler, HostContext* where, actor<T> what) {
        using Handler = std::decay_t<decltype(handler)>;
        using End = detail::HandlerEnd<detail::ActorPromise<T>, Handler>;
        const auto slot = asio::get_associated_cancellation_slot(handler);
        const auto root = what.release();
        ActorNode::spawn(*where, root, root.promise(),
                         std::make_unique<End>(root.promise(), std::move(handler)), slot);
      },
      token, &context, std::move(work));
}
template <class T, class Token>
auto spawn(Host& host, actor<T> work, Token&& token) {
  return spawn(host.context(), std::move(work), std::forward<Token>(token));
}

}  // namespace simnet
