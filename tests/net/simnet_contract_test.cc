// The contract held against simnet: two hosts of one world.
#include "simnet/net.h"

#include <memory>

#include "simnet/world.h"
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

class SimnetMachines {
 public:
  using tcp = simnet::net::ip::tcp;
  using udp = simnet::net::ip::udp;
  using steady_timer = simnet::net::steady_timer;
  static constexpr bool kOrderedDatagrams = false;
  static constexpr bool kHasIcmp = false;

  SimnetMachines() : left_(add("left")), right_(add("right")) { world_.run_until(world_.now()); }

  template <class... Arguments>
  static auto async_connect(Arguments&&... arguments) {
    return simnet::net::async_connect(std::forward<Arguments>(arguments)...);
  }

  asio::any_io_executor left() { return left_.executor(); }
  asio::any_io_executor right() { return right_.executor(); }
  asio::ip::address left_address() { return left_.address(); }
  asio::ip::address right_address() { return right_.address(); }
  std::string left_name() { return left_.name(); }
  std::string right_name() { return right_.name(); }

  template <class Predicate>
  bool run_until(Predicate predicate, Duration limit) {
    const auto deadline = world_.now() + limit;
    while (!predicate()) {
      if (world_.now() >= deadline || !world_.step()) {
        return false;
      }
    }
    return true;
  }
  void run_for(Duration duration) { world_.run_until(world_.now() + duration); }

 private:
  simnet::Host& add(std::string name) {
    simnet::Host& host = world_.add_host({std::move(name), "here"});
    host.set_program([](simnet::Host&) { return std::shared_ptr<void>(); });
    host.boot();
    return host;
  }

  simnet::World world_{1};
  simnet::Host& left_;
  simnet::Host& right_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Simnet, AcceptorContract, SimnetMachines);
INSTANTIATE_TYPED_TEST_SUITE_P(Simnet, CancelContract, SimnetMachines);
INSTANTIATE_TYPED_TEST_SUITE_P(Simnet, ConnectContract, SimnetMachines);
INSTANTIATE_TYPED_TEST_SUITE_P(Simnet, CoroutineContract, SimnetMachines);
INSTANTIATE_TYPED_TEST_SUITE_P(Simnet, DatagramContract, SimnetMachines);
INSTANTIATE_TYPED_TEST_SUITE_P(Simnet, EndingContract, SimnetMachines);
INSTANTIATE_TYPED_TEST_SUITE_P(Simnet, HandlerContract, SimnetMachines);
INSTANTIATE_TYPED_TEST_SUITE_P(Simnet, ReadinessContract, SimnetMachines);
INSTANTIATE_TYPED_TEST_SUITE_P(Simnet, ResolverContract, SimnetMachines);
INSTANTIATE_TYPED_TEST_SUITE_P(Simnet, StreamContract, SimnetMachines);
INSTANTIATE_TYPED_TEST_SUITE_P(Simnet, TimerContract, SimnetMachines);
INSTANTIATE_TYPED_TEST_SUITE_P(Simnet, UdpSocketContract, SimnetMachines);

}  // namespace
}  // namespace contract
