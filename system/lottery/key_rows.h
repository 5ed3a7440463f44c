// Where the row of a key is: a table in memory instead of an index in the database. Keys
// are random, so every command would read, journal and write a page of its own of that index as
// soon as it is larger than SQLite's cache; rows in the order of arrival share pages.
// Costs 20 to 40 bytes per key (a table that grows by doubling), and a walk through the rows when
// a ledger opens.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "system/env/lookup.h"

namespace lottery {

class KeyRows {
 public:
  // The row that was added under the key. Only hashes are kept: `is(row)` says whether that row is
  // the key's, and is asked once but for keys whose 64 bits collide.
  template <class Is>
  std::optional<std::int64_t> find(std::string_view key, const Is& is) const {
    for (std::uint64_t turn = 0;; ++turn) {
      const std::int64_t* const row = rows_.find(hash(key, turn));
      if (row == nullptr) {
        return std::nullopt;
      }
      if (is(*row)) {
        return *row;
      }
    }
  }

  // REQUIRES: the key has no row yet.
  void add(std::string_view key, std::int64_t row);

 private:
  struct Identity {
    using is_avalanching = void;  // the keys of the table are hashes already
    std::size_t operator()(std::uint64_t hash) const { return hash; }
  };

  // Of the key in its n-th turn: where another key has the same hash, the next turn's is used.
  static std::uint64_t hash(std::string_view key, std::uint64_t turn);

  env::Lookup<std::uint64_t, std::int64_t, Identity> rows_;
};

}  // namespace lottery
