#include "simnet/resolver.h"

#include <charconv>

#include "simnet/host.h"
#include "simnet/world.h"

namespace simnet {

ResolveAnswer resolve_now(HostContext& context, std::string_view host, std::string_view service,
                          asio::ip::resolver_base::flags flags) {
  ResolveAnswer result;
  const char* const end = service.data() + service.size();
  const auto [stop, problem] = std::from_chars(service.data(), end, result.port);
  if (!service.empty() && (problem != std::errc() || stop != end)) {
    result.error = asio::error::service_not_found;
    return result;
  }
  const bool passive = (flags & asio::ip::resolver_base::passive) != 0;
  if (host.empty()) {
    result.addresses = {passive ? asio::ip::address(asio::ip::address_v4::any())
                                : asio::ip::address(asio::ip::address_v4::loopback())};
    return result;
  }
  if ((flags & asio::ip::resolver_base::numeric_host) != 0) {
    error_code no_number;
    const auto address = asio::ip::make_address(std::string(host), no_number);
    result.error = no_number ? error_code(asio::error::host_not_found) : error_code();
    result.addresses = {address};
    if (result.error) {
      result.addresses.clear();
    }
    return result;
  }
  Names::Answer answer = context.host().world().names().look_up(context.host().id(), host);
  result.error = answer.error;
  result.addresses = std::move(answer.addresses);
  return result;
}

Duration resolve_time(HostContext& context, std::string_view host) {
  return host.empty() ? Duration()
                      : context.host().world().names().latency(context.host().id(), host);
}

}  // namespace simnet
