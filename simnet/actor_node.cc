#include "simnet/actor_node.h"

#include <algorithm>
#include <boost/system/system_error.hpp>
#include <utility>

#include "simnet/actor_end.h"
#include "simnet/host.h"
#include "simnet/prefetch.h"
#include "simnet/world.h"

namespace simnet {
namespace {

// What resuming a coroutine touches of its frame: of one that sleeps, and of one with a
// socket, its buffer and a pending operation.
constexpr std::size_t kSmallFrame_bytes = 192;
constexpr std::size_t kLargeFrame_bytes = 576;

}  // namespace

ActorEnd::~ActorEnd() {
  if (canceller_ != nullptr) {
    canceller_->end_ = nullptr;
  }
}

void ActorEnd::obey(asio::cancellation_slot slot, ActorNode& node) {
  if (slot.is_connected()) {
    canceller_ = &slot.emplace<ActorCanceller>(*this, node);
  }
}

// Stands in for the node's own task.
class ActorNode::LateWake final : public IoTask {
 public:
  explicit LateWake(ActorNode& node) : node_(node) {}
  void* details() override { return node_.details_; }
  void run() override {
    node_.set_result(error_, bytes_);
    node_.resume_from_outside();
  }
  void disarm() override {}  // the node is listed too

 private:
  ActorNode& node_;
};

// Keeps the block while the actor runs, which may be its end.
class ActorNode::Hold {
 public:
  explicit Hold(ActorNode& node) : node_(node) { node_.add_entry(); }
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;
  ~Hold() { drop_entry(&node_); }

 private:
  ActorNode& node_;
};

ActorNode::ActorNode(std::coroutine_handle<> root, ActorState& state, std::unique_ptr<ActorEnd> end)
    : IoTask(kFrameStep, true), leaf_(root), state_(&state), end_(std::move(end)) {}

ActorNode::~ActorNode() = default;

std::size_t ActorNode::frame_offset() {
  constexpr std::size_t kAlign = alignof(FrameInfo);
  return (sizeof(ActorNode) + kAlign - 1) / kAlign * kAlign + sizeof(FrameInfo);
}

void* ActorNode::allocate_frame(std::size_t size) {
  const std::size_t block_bytes = frame_offset() + size;
  void* frame = static_cast<char*>(pool::allocate(block_bytes)) + frame_offset();
  ::new (&info_of(frame)) FrameInfo{static_cast<std::uint32_t>(block_bytes), false};
  return frame;
}

void ActorNode::free_frame(void* frame) noexcept {
  const FrameInfo& info = info_of(frame);
  void* block = static_cast<char*>(frame) - frame_offset();
  if (info.spawned) {
    static_cast<ActorNode*>(block)->frame_gone_ = true;  // somebody holds it, and frees it
  } else {
    pool::deallocate(block, info.block_bytes);
  }
}

void ActorNode::free_block() {
  const std::size_t block_bytes = info_of(root().address()).block_bytes;
  this->~ActorNode();
  pool::deallocate(this, block_bytes);
}

void ActorNode::operator delete(ActorNode* node, std::destroying_delete_t) {
  if (node->frame_gone_ && !node->queued()) {
    node->free_block();
  }
}

std::coroutine_handle<> ActorNode::root() {
  return std::coroutine_handle<>::from_address(reinterpret_cast<char*>(this) + frame_offset());
}

void ActorNode::spawn(HostContext& context, std::coroutine_handle<> root, ActorState& state,
                      std::unique_ptr<ActorEnd> end, asio::cancellation_slot slot) {
  if (!context.alive()) {
    root.destroy();
    return;
  }
  void* block = static_cast<char*>(root.address()) - frame_offset();
  info_of(root.address()).spawned = true;
  auto* node = ::new (block) ActorNode(root, state, std::move(end));
  state.node = node;
  if (node->end_ != nullptr) {
    node->end_->obey(slot, *node);
  }
  node->host = context.host().id();
  context.adopt(*node);
  node->start();
}

void ActorNode::start() {
  if (home().running()) {
    const Hold hold(*this);
    go();
  } else {
    post();
  }
}

void ActorNode::post() {
  arm();
  kind = EventKind::post;
  payload = 0;
  home().post(std::unique_ptr<Task>(this));
}

void ActorNode::run() {
  unused_ = !queued_again();
  if (done_) {
    finish();
  } else {
    go();
  }
}

void ActorNode::resume_from_outside() {
  unused_ = !queued();
  waited_ = true;
  const Hold hold(*this);
  go();
}

// The end is an event of its own if the actor never waited, as for Asio's co_spawn: whoever
// spawned it may still be about to.
void ActorNode::go() {
  pending_ = nullptr;
  do {
    going_on_ = false;
    leaf_.resume();
  } while (going_on_);
  if (!done_) {
    return;
  }
  if (waited_) {
    finish();
  } else {
    post();
  }
}

// REQUIRES: the block is held.
void ActorNode::finish() {
  HostContext& context = home();
  const std::unique_ptr<ActorEnd> end = std::move(end_);
  const std::exception_ptr error = state_->error;
  if (end != nullptr) {
    end->take();
  }
  unlink();
  spend();
  root().destroy();
  if (end != nullptr) {
    end->tell(context);
  } else if (error) {
    std::rethrow_exception(error);
  }
}

void ActorNode::disarm() {
  const std::unique_ptr<ActorEnd> end = std::move(end_);  // may own whoever waits for it: last
  spend();
  home().keep_to_the_end(*this);
  root().destroy();
}

IoTaskPtr ActorNode::begin(EventKind what, void* details) {
  waited_ = true;
  details_ = details;
  if (std::exchange(unused_, false)) {
    arm();
    kind = what;
    pending_ = this;
    return IoTaskPtr(this);
  }
  IoTaskPtr late = std::make_unique<LateWake>(*this);
  late->kind = what;
  home().adopt(*late);
  pending_ = late.get();
  return late;
}

void ActorNode::begin_sleep_for(Duration duration) {
  const Host& host = home().host();
  const Duration now = host.clock().steady(host.world().now());
  begin_sleep_until(duration > Duration::max() - now ? Duration::max() : now + duration);
}

void ActorNode::begin_sleep_until(Duration reading) {
  const Host& host = home().host();
  IoTaskPtr task = begin(EventKind::timer, nullptr);
  task->set_result({}, 0);
  World& world = host.world();
  world.queue().push(std::max(host.clock().when_steady(reading), world.now()), std::move(task));
}

void ActorNode::throw_cancelled() {
  throw boost::system::system_error(asio::error::operation_aborted);
}

// What waits in a ring leaves it; what does not, and is no wait for a time, is over already.
void ActorNode::cancel() {
  if (std::exchange(cancelled_, true) || done_) {
    return;
  }
  if (pending_ == nullptr) {
    if (end_ != nullptr) {
      end_->cancel_operation();
    }
    return;
  }
  const bool in_ring = !pending_->alone();
  pending_->leave_ring();
  if (pending_->kind == EventKind::timer) {
    complete_early(*pending_, asio::error::operation_aborted);
  } else if (in_ring) {
    complete(IoTaskPtr(pending_), asio::error::operation_aborted);
  }
}

asio::cancellation_slot ActorNode::operation_slot() const {
  return end_ != nullptr ? end_->operation_slot() : asio::cancellation_slot();
}

void ActorNode::warm(unsigned) const { prefetch(leaf_.address(), kSmallFrame_bytes); }

void ActorNode::warm_waiting() const { prefetch(leaf_.address(), kLargeFrame_bytes); }

}  // namespace simnet
