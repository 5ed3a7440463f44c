#include "simnet/recycling.h"

#include <boost/asio/detail/thread_context.hpp>
#include <boost/asio/detail/thread_info_base.hpp>

#include "simnet/pool.h"

namespace simnet {
namespace {

// Stands at the bottom of the thread's stack of contexts for as long as the thread lives.
class Recycler : private boost::asio::detail::thread_context {
 public:
  Recycler() : entry_(this, memory_) {}

 private:
  boost::asio::detail::thread_info_base memory_;
  thread_call_stack::context entry_;
};

}  // namespace

void recycle_asio_memory() {
  if constexpr (pool::kPooled) {
    static thread_local Recycler recycler;
    (void)recycler;
  }
}

}  // namespace simnet
