// The register's service as its clients see it: one request, one answer, in a frame with a
// checksum, so that no flipped bit makes one message another.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "system/env/env.h"
#include "tests/replica/history.h"

namespace replica_test {

enum class Verb : std::uint8_t { write, read };

struct Request {
  std::uint64_t id = 0;  // returned, so that no answer is taken for that of another request
  Verb verb = Verb::read;
  std::string value;
};
std::string encode(const Request& request);
Request decode_request(std::string_view bytes);

enum class Status : std::uint8_t { done, refused, unknown };

struct Answer {
  std::uint64_t id = 0;
  Status status = Status::unknown;
  std::uint64_t index = 0;   // of the write; what the read had applied
  std::uint64_t leader = 0;  // 0: not known
};
std::string encode(const Answer& answer);
Answer decode_answer(std::string_view bytes);

// Writes values that nobody else writes, and reads, until history->stop.
env::awaitable<void> run_client(env::Env* env, History* history,
                                std::vector<env::Endpoint> servers);

}  // namespace replica_test
