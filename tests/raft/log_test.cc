#include "system/raft/log.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace raft {
namespace {

Log log_of(Index last) {
  Log log({}, {});
  for (Index index = 1; index <= last; ++index) {
    Entry entry;
    entry.index = index;
    entry.term = 1;
    entry.data = std::string(100, static_cast<char>('a' + index));
    log.append(entry);
  }
  return log;
}

// A core that counts as committed what its log does not hold once handed out memory.
TEST(Log, EntriesThatItDoesNotHoldAreAnErrorAndNotMemory) {
  const Log log = log_of(3);
  EXPECT_EQ(log.slice(2, 3).size(), 2u);
  EXPECT_TRUE(log.slice(4, 3).empty());
  EXPECT_THROW(log.slice(3, 4), std::logic_error);
  EXPECT_THROW(log.slice(0, 1), std::logic_error);
  EXPECT_THROW(log.batch(4, 10), std::logic_error);
  EXPECT_EQ(log.batch(1, 250).size(), 2u);
}

}  // namespace
}  // namespace raft
