// The bytes of one packet: written once by the sender, then shared unchanged by
// whatever is in flight (a duplicate, a retransmission).
#pragma once

#include <boost/intrusive_ptr.hpp>
#include <cstdint>
#include <cstring>
#include <new>
#include <string_view>

#include "simnet/pool.h"

namespace simnet {

class Payload {
 public:
  // With room for `size` bytes that are still to be written.
  static boost::intrusive_ptr<Payload> of_size(std::size_t size) {
    return {new (pool::allocate(sizeof(Payload) + size)) Payload(size), true};
  }
  // Copies `bytes`.
  static boost::intrusive_ptr<Payload> copy_of(std::string_view bytes) {
    auto payload = of_size(bytes.size());
    if (!bytes.empty()) {
      std::memcpy(payload->data(), bytes.data(), bytes.size());
    }
    return payload;
  }

  std::size_t size() const { return size_; }
  char* data() { return reinterpret_cast<char*>(this + 1); }
  std::string_view view() const { return {reinterpret_cast<const char*>(this + 1), size_}; }

 private:
  explicit Payload(std::size_t size) : size_(static_cast<std::uint32_t>(size)) {}

  friend void intrusive_ptr_add_ref(Payload* payload) { ++payload->owners_; }
  friend void intrusive_ptr_release(Payload* payload) {
    if (--payload->owners_ == 0) {
      pool::deallocate(payload, sizeof(Payload) + payload->size_);
    }
  }

  std::uint32_t owners_ = 0;
  const std::uint32_t size_;
};
using PayloadPtr = boost::intrusive_ptr<Payload>;

}  // namespace simnet
