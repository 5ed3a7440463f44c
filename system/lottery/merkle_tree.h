// The Merkle tree hash of RFC 6962, section 2.1, over leaves that come one by one: it
// names a whole list in 32 bytes, and no two lists share a name. Leaves and inner nodes
// are hashed with different prefixes, so a node cannot pass for a leaf.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "system/lottery/sha256.h"

namespace lottery {

class MerkleTree {
 public:
  void add(std::string_view leaf);
  Digest root() const;  // of no leaves: the hash of nothing

 private:
  struct Subtree {
    std::int64_t leaves = 0;  // a power of two
    Digest hash;
  };
  // Complete subtrees from left to right, each smaller than the one before.
  std::vector<Subtree> subtrees_;
};

}  // namespace lottery
