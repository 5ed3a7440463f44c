// Asio's ip::tcp::resolver and ip::udp::resolver over the world's name service. A query
// takes the time of an answer; cancelling and slots end it with operation_aborted.
//
// Limits: service names are numbers; no reverse lookup; the synchronous resolve() answers
// without time passing.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/basic_resolver_results.hpp>
#include <boost/asio/ip/resolver_base.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "simnet/socket_options.h"
#include "simnet/timer.h"

namespace simnet {

struct ResolveAnswer {
  error_code error;
  std::vector<asio::ip::address> addresses;
  std::uint16_t port = 0;
};
ResolveAnswer resolve_now(HostContext& context, std::string_view host, std::string_view service,
                          asio::ip::resolver_base::flags flags);
Duration resolve_time(HostContext& context, std::string_view host);

template <class Protocol>
class basic_resolver : public asio::ip::resolver_base {
 public:
  using executor_type = asio::any_io_executor;
  using protocol_type = Protocol;
  using endpoint_type = typename Protocol::endpoint;
  using results_type = asio::ip::basic_resolver_results<Protocol>;
  using Token0 = asio::default_completion_token_t<executor_type>;

  explicit basic_resolver(executor_type executor) : timer_(std::move(executor)) {}
  explicit basic_resolver(asio::execution_context& context) : timer_(context) {}

  executor_type get_executor() const noexcept { return timer_.get_executor(); }
  void cancel() { timer_.cancel(); }

  // Errors: host_not_found, host_not_found_try_again, service_not_found.
  results_type resolve(std::string_view host, std::string_view service, flags how,
                       error_code& error) {
    return results(context_of(timer_.get_executor()), host, service, how, error);
  }
  results_type resolve(std::string_view host, std::string_view service, error_code& error) {
    return resolve(host, service, flags(), error);
  }
  results_type resolve(std::string_view host, std::string_view service) {
    error_code error;
    results_type found = resolve(host, service, error);
    throw_error(error, "resolve");
    return found;
  }

  // void(error_code, results_type).
  template <class Token = Token0>
  auto async_resolve(std::string_view host, std::string_view service, flags how,
                     Token&& token = Token()) {
    return asio::async_initiate<Token, void(error_code, results_type)>(
        [](auto&& handler, basic_resolver* self, std::string name, std::string port, flags wanted) {
          self->start(std::move(handler), std::move(name), std::move(port), wanted);
        },
        token, this, std::string(host), std::string(service), how);
  }
  template <class Token = Token0>
  auto async_resolve(std::string_view host, std::string_view service, Token&& token = Token()) {
    return async_resolve(host, service, flags(), std::forward<Token>(token));
  }
  // Every address here is IPv4.
  template <class Token = Token0>
  auto async_resolve(const protocol_type&, std::string_view host, std::string_view service,
                     flags how, Token&& token = Token()) {
    return async_resolve(host, service, how, std::forward<Token>(token));
  }
  template <class Token = Token0>
  auto async_resolve(const protocol_type&, std::string_view host, std::string_view service,
                     Token&& token = Token()) {
    return async_resolve(host, service, flags(), std::forward<Token>(token));
  }

 private:
  static results_type results(HostContext& context, std::string_view host, std::string_view service,
                              flags how, error_code& error) {
    const ResolveAnswer answer = resolve_now(context, host, service, how);
    error = answer.error;
    std::vector<endpoint_type> endpoints;
    for (const asio::ip::address& address : answer.addresses) {
      endpoints.emplace_back(address, answer.port);
    }
    return results_type::create(endpoints.begin(), endpoints.end(), std::string(host),
                                std::string(service));
  }

  template <class Handler>
  void start(Handler&& handler, std::string host, std::string service, flags how) {
    HostContext& context = context_of(timer_.get_executor());
    const auto target = asio::get_associated_executor(handler, timer_.get_executor());
    const auto slot = asio::get_associated_cancellation_slot(handler);
    const auto allocator = asio::get_associated_allocator(handler);
    timers_start(resolve_time(context, host));
    auto last = [&context, host = std::move(host), service = std::move(service), how,
                 handler = std::move(handler)](error_code error) mutable {
      results_type found;
      if (!error) {
        found = results(context, host, service, how, error);
      }
      std::move(handler)(error, std::move(found));
    };
    timer_.async_wait(asio::bind_allocator(
        allocator,
        asio::bind_cancellation_slot(slot, asio::bind_executor(target, std::move(last)))));
  }
  // The wait of each query is its own; a new one must not end those that are pending.
  void timers_start(Duration after) { timer_.set_expiry_after(after); }

  steady_timer timer_;
};

}  // namespace simnet
