// Finds the live end of a connection by its name in constant time.
#pragma once

#include <cstdint>
#include <vector>

#include "simnet/packet.h"

namespace simnet {

class TcpEnd;

class EndTable {
 public:
  // A name nobody had before; nothing is found under it until set().
  EndId reserve() {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(slots_.size()));
      slots_.push_back({});
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    return (static_cast<EndId>(++slots_[slot].uses) << 32) | slot;
  }
  bool reserved(EndId id) const { return slot(id) != nullptr; }
  // REQUIRES: reserved(id).
  void set(EndId id, TcpEnd* end) { slots_[id & 0xffffffffU].end = end; }
  // Null when there is none (any more).
  TcpEnd* find(EndId id) const {
    const Slot* found = slot(id);
    return found != nullptr ? found->end : nullptr;
  }
  // Gives the name up. No effect when it was given up before.
  void release(EndId id) {
    if (slot(id) != nullptr) {
      Slot& freed = slots_[id & 0xffffffffU];
      freed.end = nullptr;
      ++freed.uses;
      free_.push_back(static_cast<std::uint32_t>(id & 0xffffffffU));
    }
  }
  // The same for a name under which nothing was ever set.
  void release_unused(EndId id) {
    if (find(id) == nullptr) {
      release(id);
    }
  }

 private:
  struct Slot {
    TcpEnd* end = nullptr;
    std::uint32_t uses = 0;  // odd while reserved
  };
  const Slot* slot(EndId id) const {
    const std::size_t index = id & 0xffffffffU;
    return index < slots_.size() && slots_[index].uses == id >> 32 ? &slots_[index] : nullptr;
  }

  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
};

}  // namespace simnet
