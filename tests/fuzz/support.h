// What several tests of campaigns need: a folder, a real clock, results and subjects that are no
// universes.
#pragma once

#include <string>

#include "traces/fuzz/campaign.h"
#include "traces/fuzz/campaign_view.h"
#include "traces/fuzz/fuzzer.h"

namespace fuzz_test {

// Removed with the object.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::int64_t now_us();

fuzz::Result holding(std::uint64_t seed);
fuzz::Result violating(std::uint64_t seed, const std::string& message);

fuzz::Identity identity();

// Of the database in the file.
fuzz::Overview overview_of(const std::string& path);

// The message of the faults::InputError that the call throws; empty when it throws none.
template <class Call>
std::string refusal(const Call& call) {
  try {
    call();
  } catch (const faults::InputError& error) {
    return error.what();
  }
  return {};
}

}  // namespace fuzz_test
