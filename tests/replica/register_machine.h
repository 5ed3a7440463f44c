// A small state machine that is real: the register is the last value written, and all values
// are kept with their index, in SQLite. Each row's hash covers the hash of the row before, so
// equal hashes mean equal histories, and what is read at start is checked. A machine whose
// rows are not what it wrote forgets everything and is given the state anew.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "system/replica/events.h"
#include "system/replica/state_machine.h"
#include "system/store/database.h"

namespace replica_test {

// The state is durable at `index`.
struct Applied {
  static constexpr std::string_view kEventName = "test.applied";
  std::uint64_t node = 0;
  std::uint64_t index = 0;
  std::uint64_t hash = 0;
};
BOOST_DESCRIBE_STRUCT(Applied, (), (node, index, hash))
inline std::string encode_event(const Applied& event) { return rpc::encode(event); }

struct Written {
  std::uint64_t index = 0;
  std::string value;
  bool operator==(const Written&) const = default;
};

class RegisterMachine final : public replica::StateMachine {
 public:
  RegisterMachine(env::Env& env, std::uint64_t node);

  std::uint64_t applied_index() const override { return applied_; }
  void apply(std::uint64_t index, std::uint64_t term, std::string_view payload) override;
  std::string snapshot() override;
  void restore(std::string_view snapshot) override;

  std::uint64_t hash() const { return hash_; }
  // Errors: store::Error, also when a row is not what was written.
  std::vector<Written> history();
  bool forgot() const { return forgot_; }

 private:
  void load();
  void insert(std::uint64_t index, std::string_view payload);
  void save_state();
  void tell();

  env::Env& env_;
  const std::uint64_t node_;
  store::Database database_;
  std::uint64_t applied_ = 0;
  std::uint64_t hash_ = 0;
  bool forgot_ = false;
};

}  // namespace replica_test
