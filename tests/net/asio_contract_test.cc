// The contract held against real Boost.Asio on the loopback interface.
#include <boost/asio/connect.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "tests/net/acceptor_contract.h"
#include "tests/net/cancel_contract.h"
#include "tests/net/connect_contract.h"
#include "tests/net/contract.h"
#include "tests/net/coroutine_contract.h"
#include "tests/net/datagram_contract.h"
#include "tests/net/ending_contract.h"
#include "tests/net/handler_contract.h"
#include "tests/net/readiness_contract.h"
#include "tests/net/resolver_contract.h"
#include "tests/net/stream_contract.h"
#include "tests/net/timer_contract.h"
#include "tests/net/udp_socket_contract.h"

namespace contract {
namespace {

class AsioMachines {
  using Clock = std::chrono::steady_clock;

 public:
  using tcp = asio::ip::tcp;
  using udp = asio::ip::udp;
  using steady_timer = asio::steady_timer;
  static constexpr bool kOrderedDatagrams = true;
  static constexpr bool kHasIcmp = true;

  template <class... Arguments>
  static auto async_connect(Arguments&&... arguments) {
    return asio::async_connect(std::forward<Arguments>(arguments)...);
  }

  asio::any_io_executor left() { return io_.get_executor(); }
  asio::any_io_executor right() { return io_.get_executor(); }
  asio::ip::address left_address() { return asio::ip::address_v4::loopback(); }
  asio::ip::address right_address() { return asio::ip::address_v4::loopback(); }
  std::string left_name() { return "localhost"; }
  std::string right_name() { return "localhost"; }

  template <class Predicate>
  bool run_until(Predicate predicate, Duration limit) {
    const auto deadline = Clock::now() + limit;
    while (!predicate()) {
      if (Clock::now() >= deadline) {
        return false;
      }
      io_.run_one_until(deadline);
    }
    return true;
  }
  void run_for(Duration duration) {
    run_until([] { return false; }, duration);
  }

 private:
  asio::io_context io_;
  // Keeps run_one_until waiting for what the kernel may still bring.
  asio::executor_work_guard<asio::io_context::executor_type> work_ = make_work_guard(io_);
};

INSTANTIATE_TYPED_TEST_SUITE_P(Asio, AcceptorContract, AsioMachines);
INSTANTIATE_TYPED_TEST_SUITE_P(Asio, CancelContract, AsioMachines);
INSTANTIATE_TYPED_TEST_SUITE_P(Asio, ConnectContract, AsioMachines);
INSTANTIATE_TYPED_TEST_SUITE_P(Asio, CoroutineContract, AsioMachines);
INSTANTIATE_TYPED_TEST_SUITE_P(Asio, DatagramContract, AsioMachines);
INSTANTIATE_TYPED_TEST_SUITE_P(Asio, EndingContract, AsioMachines);
INSTANTIATE_TYPED_TEST_SUITE_P(Asio, HandlerContract, AsioMachines);
INSTANTIATE_TYPED_TEST_SUITE_P(Asio, ReadinessContract, AsioMachines);
INSTANTIATE_TYPED_TEST_SUITE_P(Asio, ResolverContract, AsioMachines);
INSTANTIATE_TYPED_TEST_SUITE_P(Asio, StreamContract, AsioMachines);
INSTANTIATE_TYPED_TEST_SUITE_P(Asio, TimerContract, AsioMachines);
INSTANTIATE_TYPED_TEST_SUITE_P(Asio, UdpSocketContract, AsioMachines);

}  // namespace
}  // namespace contract
