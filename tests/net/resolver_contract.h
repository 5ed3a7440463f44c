// From names to endpoints.
//
// Blind spot: which addresses a name has, and their order, belong to the machine; the
// contract looks for the one that must be among them. Names of services are not used.
#pragma once

#include <iterator>

#include "tests/net/contract.h"

namespace contract {

template <class Machines>
class ResolverContract : public NetContract<Machines> {
 protected:
  using resolver = typename Machines::tcp::resolver;
  using results_type = typename resolver::results_type;

  // Has the results written to `results`.
  auto keep(results_type& results, const Outcome& outcome) {
    return [&results, handler = outcome.handler()](error_code error, results_type got) mutable {
      results = std::move(got);
      handler(error);
    };
  }
};
TYPED_TEST_SUITE_P(ResolverContract);

TYPED_TEST_P(ResolverContract, ANameAndAPortGiveEndpoints) {
  using tcp = typename TypeParam::tcp;
  typename tcp::resolver resolver(this->machines_.left());
  typename tcp::resolver::results_type results;
  Outcome resolved;
  resolver.async_resolve(this->machines_.right_name(), "4711", this->keep(results, resolved));
  EXPECT_FALSE(resolved.done());
  this->finish(resolved);
  EXPECT_EQ(resolved.error(), kSuccess);
  ASSERT_FALSE(results.empty());
  EXPECT_EQ(results.size(),
            static_cast<std::size_t>(std::distance(results.begin(), results.end())));
  bool found = false;
  for (const auto& entry : results) {
    EXPECT_EQ(entry.host_name(), this->machines_.right_name());
    EXPECT_EQ(entry.service_name(), "4711");
    EXPECT_EQ(entry.endpoint().port(), 4711);
    const typename tcp::endpoint endpoint = entry;
    found = found || endpoint.address() == this->machines_.right_address();
  }
  EXPECT_TRUE(found);
}

TYPED_TEST_P(ResolverContract, AddressesAreTheirOwnNames) {
  using tcp = typename TypeParam::tcp;
  typename tcp::resolver resolver(this->machines_.left());
  typename tcp::resolver::results_type results;
  Outcome resolved;
  resolver.async_resolve("192.0.2.7", "80", this->keep(results, resolved));
  this->finish(resolved);
  EXPECT_EQ(resolved.error(), kSuccess);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results.begin()->endpoint(),
            typename tcp::endpoint(asio::ip::make_address("192.0.2.7"), 80));
}

TYPED_TEST_P(ResolverContract, UnknownNamesAreNotFound) {
  using tcp = typename TypeParam::tcp;
  typename tcp::resolver resolver(this->machines_.left());
  typename tcp::resolver::results_type results;
  Outcome resolved;
  // Never exists (RFC 6761). A machine without a name server cannot know and says so.
  resolver.async_resolve("no-such-host.invalid", "80", this->keep(results, resolved));
  this->finish(resolved);
  EXPECT_TRUE(resolved.error() == asio::error::host_not_found ||
              resolved.error() == asio::error::host_not_found_try_again)
      << resolved.error();
  EXPECT_TRUE(results.empty());
}

TYPED_TEST_P(ResolverContract, NumericHostAsksNobody) {
  using tcp = typename TypeParam::tcp;
  typename tcp::resolver resolver(this->machines_.left());
  typename tcp::resolver::results_type results;
  Outcome address;
  resolver.async_resolve("192.0.2.7", "80", asio::ip::resolver_base::numeric_host,
                         this->keep(results, address));
  this->finish(address);
  EXPECT_EQ(address.error(), kSuccess);
  EXPECT_EQ(results.size(), 1u);
  Outcome name;
  resolver.async_resolve(this->machines_.right_name(), "80", asio::ip::resolver_base::numeric_host,
                         this->keep(results, name));
  this->finish(name);
  EXPECT_EQ(name.error(), asio::error::host_not_found);
  EXPECT_TRUE(results.empty());
}

TYPED_TEST_P(ResolverContract, TheProtocolChoosesAddresses) {
  using tcp = typename TypeParam::tcp;
  typename tcp::resolver resolver(this->machines_.left());
  typename tcp::resolver::results_type results;
  Outcome resolved;
  resolver.async_resolve(tcp::v4(), this->machines_.right_name(), "80",
                         this->keep(results, resolved));
  this->finish(resolved);
  EXPECT_EQ(resolved.error(), kSuccess);
  ASSERT_FALSE(results.empty());
  for (const auto& entry : results) {
    EXPECT_TRUE(entry.endpoint().address().is_v4());
  }
}

TYPED_TEST_P(ResolverContract, AWordIsNoPort) {
  using tcp = typename TypeParam::tcp;
  typename tcp::resolver resolver(this->machines_.left());
  typename tcp::resolver::results_type results;
  Outcome resolved;
  resolver.async_resolve(this->machines_.right_name(), "word",
                         asio::ip::resolver_base::numeric_service, this->keep(results, resolved));
  this->finish(resolved);
  EXPECT_TRUE(resolved.error() == asio::error::service_not_found ||
              resolved.error() == asio::error::host_not_found)
      << resolved.error();
}

// A question may be answered before the cancel reaches it.
TYPED_TEST_P(ResolverContract, CancelEndsWhatIsNotAnswered) {
  using tcp = typename TypeParam::tcp;
  typename tcp::resolver resolver(this->machines_.left());
  typename tcp::resolver::results_type results;
  Outcome cancelled;
  resolver.async_resolve(this->machines_.right_name(), "80", this->keep(results, cancelled));
  resolver.cancel();
  this->finish(cancelled);
  EXPECT_TRUE(cancelled.error() == asio::error::operation_aborted || !cancelled.error())
      << cancelled.error();
  EXPECT_EQ(results.empty(), static_cast<bool>(cancelled.error()));
  Outcome again;
  resolver.async_resolve(this->machines_.right_name(), "80", this->keep(results, again));
  this->finish(again);
  EXPECT_EQ(again.error(), kSuccess) << "the resolver goes on";
}

TYPED_TEST_P(ResolverContract, DestructionEndsWhatIsNotAnswered) {
  using tcp = typename TypeParam::tcp;
  typename tcp::resolver::results_type results;
  Outcome resolved;
  {
    typename tcp::resolver resolver(this->machines_.left());
    resolver.async_resolve(this->machines_.right_name(), "80", this->keep(results, resolved));
  }
  this->finish(resolved);
  EXPECT_TRUE(resolved.error() == asio::error::operation_aborted || !resolved.error())
      << resolved.error();
}

TYPED_TEST_P(ResolverContract, ResultsFeedConnect) {
  using tcp = typename TypeParam::tcp;
  auto acceptor = this->listen_right();
  typename tcp::resolver resolver(this->machines_.left());
  typename tcp::socket socket(this->machines_.left());
  typename tcp::endpoint chosen;
  Outcome connected;
  resolver.async_resolve(
      this->machines_.right_name(), std::to_string(acceptor.local_endpoint().port()),
      [&, handler = connected.handler()](error_code error, const auto& results) mutable {
        ASSERT_EQ(error, kSuccess);
        TypeParam::async_connect(socket, results,
                                 [&chosen, handler](error_code failure, const auto& to) mutable {
                                   chosen = to;
                                   handler(failure);
                                 });
      });
  this->finish(connected);
  EXPECT_EQ(connected.error(), kSuccess);
  EXPECT_EQ(chosen, acceptor.local_endpoint());
}

TYPED_TEST_P(ResolverContract, UdpHasOneToo) {
  using udp = typename TypeParam::udp;
  typename udp::resolver resolver(this->machines_.left());
  Outcome resolved;
  std::optional<typename udp::endpoint> first;
  resolver.async_resolve(
      udp::v4(), this->machines_.right_name(), "53",
      [&, handler = resolved.handler()](error_code error, const auto& results) mutable {
        if (!results.empty()) {
          first = results.begin()->endpoint();
        }
        handler(error);
      });
  this->finish(resolved);
  EXPECT_EQ(first, typename udp::endpoint(this->machines_.right_address(), 53));
}

REGISTER_TYPED_TEST_SUITE_P(ResolverContract, ANameAndAPortGiveEndpoints, AddressesAreTheirOwnNames,
                            UnknownNamesAreNotFound, NumericHostAsksNobody,
                            TheProtocolChoosesAddresses, AWordIsNoPort, CancelEndsWhatIsNotAnswered,
                            DestructionEndsWhatIsNotAnswered, ResultsFeedConnect, UdpHasOneToo);

}  // namespace contract
