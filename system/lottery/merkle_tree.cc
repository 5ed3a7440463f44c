#include "system/lottery/merkle_tree.h"

#include <string>

namespace lottery {
namespace {

Digest node(const Digest& left, const Digest& right) {
  std::string bytes("\x01");
  bytes.append(bytes_of(left)).append(bytes_of(right));
  return sha256(bytes);
}

}  // namespace

void MerkleTree::add(std::string_view leaf) {
  std::string bytes(1, '\0');
  subtrees_.push_back({1, sha256(bytes.append(leaf))});
  while (subtrees_.size() > 1 && subtrees_.back().leaves == subtrees_.rbegin()[1].leaves) {
    const Subtree right = subtrees_.back();
    subtrees_.pop_back();
    Subtree& left = subtrees_.back();
    left = {left.leaves + right.leaves, node(left.hash, right.hash)};
  }
}

Digest MerkleTree::root() const {
  if (subtrees_.empty()) {
    return sha256("");
  }
  Digest hash = subtrees_.back().hash;
  for (auto left = subtrees_.rbegin() + 1; left != subtrees_.rend(); ++left) {
    hash = node(left->hash, hash);
  }
  return hash;
}

}  // namespace lottery
