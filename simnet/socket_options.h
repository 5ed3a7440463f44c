// Options of sockets are kept and given back; these have an effect: send_buffer_size
// bounds what a stream has under way, receive_buffer_size what a datagram socket holds,
// linger with time 0 makes close() a reset.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/socket_base.hpp>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace simnet {

class SocketOptions {
 public:
  static constexpr int kBuffer_bytes = 64 * 1024;
  using Key = std::pair<int, int>;  // level, name

  template <class Protocol, class Option>
  void set(const Protocol& protocol, const Option& option) {
    const auto* bytes =
        static_cast<const std::uint8_t*>(static_cast<const void*>(option.data(protocol)));
    if (values_ == nullptr) {
      values_ = std::make_unique<Values>();
    }
    (*values_)[{option.level(protocol), option.name(protocol)}].assign(
        bytes, bytes + option.size(protocol));
  }
  // An option that nobody set is all zeros, but for the sizes of buffers.
  template <class Protocol, class Option>
  void get(const Protocol& protocol, Option& option) const {
    std::memset(static_cast<void*>(option.data(protocol)), 0, option.size(protocol));
    const int name = option.name(protocol);
    if (option.level(protocol) == SOL_SOCKET && (name == SO_SNDBUF || name == SO_RCVBUF) &&
        option.size(protocol) == sizeof(kBuffer_bytes)) {
      std::memcpy(static_cast<void*>(option.data(protocol)), &kBuffer_bytes, sizeof(kBuffer_bytes));
    }
    if (values_ == nullptr) {
      return;
    }
    const auto found = values_->find({option.level(protocol), option.name(protocol)});
    if (found != values_->end() && found->second.size() == option.size(protocol)) {
      std::memcpy(static_cast<void*>(option.data(protocol)), found->second.data(),
                  found->second.size());
    }
  }

 private:
  using Values = std::map<Key, std::vector<std::uint8_t>>;
  std::unique_ptr<Values> values_;  // null while nothing was set
};

// Asio's two ways to report an error, from one function that returns it.
inline void throw_error(const boost::system::error_code& error, const char* what) {
  if (error) {
    throw boost::system::system_error(error, what);
  }
}

}  // namespace simnet
