// What the chat promises, held against what its users saw. Knows neither the network nor
// the server: a run hands in who said what, what was acknowledged, and the histories the
// clients ended with.
//
// Once everything is healed and quiet:
//   1. all clients hold the same history;
//   2. it holds only what was said, and nothing twice, acknowledged or not;
//   3. an acknowledged message stands at the number that was acknowledged;
//   4. what one client said stands in the order in which it was said.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "message.h"

namespace chat {

struct Record {
  std::map<std::string, std::string> said;              // id to text
  std::map<std::string, std::vector<std::string>> ids;  // of each client, in its order
  std::vector<Acknowledgement> acknowledged;
};

// What is wrong, or nothing.
std::string violation(const Record& record,
                      const std::map<std::string, std::vector<Message>>& histories);

}  // namespace chat
