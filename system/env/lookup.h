// A table by hash, for what is looked up by random keys in great numbers. It cannot be walked
// through: the order of a hash table is the library's, and order is behaviour.
#pragma once

#include <boost/container_hash/hash.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <utility>

namespace env {

template <class Key, class Value, class Hash = boost::hash<Key>>
class Lookup {
 public:
  // A value stays where it is until the next emplace().
  const Value* find(const Key& key) const {
    const auto found = table_.find(key);
    return found == table_.end() ? nullptr : &found->second;
  }
  Value* find(const Key& key) { return const_cast<Value*>(std::as_const(*this).find(key)); }
  bool contains(const Key& key) const { return table_.contains(key); }

  // Leaves a value that is there alone; second: there was none.
  template <class... Arguments>
  std::pair<Value&, bool> emplace(const Key& key, Arguments&&... arguments) {
    const auto [place, fresh] = table_.try_emplace(key, std::forward<Arguments>(arguments)...);
    return {place->second, fresh};
  }
  std::size_t size() const { return table_.size(); }

 private:
  boost::unordered_flat_map<Key, Value, Hash> table_;
};

}  // namespace env
