// Why a history is not linearizable: a few of its operations that no order explains, and
// how far each attempt gets.
//
// The witness is a part of the shortest prefix (in the order of returns) that has no
// linearisation, made smaller by steps that only permit more, so that what is left still
// proves the whole wrong:
//   - it begins behind a moment at which all the past allowed one state only;
//   - operations that only observe are left out;
//   - operations that change the state are taken as of unknown outcome. Plainly leaving one
//     out would make a culprit of whoever read what it wrote.
// Those of unknown outcome are shown only where, without them, an earlier return than the
// failed one would have no explanation; the proof has all of them.
#pragma once

#include <string>
#include <vector>

#include "properties/linearizability/history.h"
#include "properties/linearizability/wgl.h"

namespace linearizability {

struct WitnessOperation {
  Operation operation;
  std::string call;      // "write 3"
  bool relaxed = false;  // completed, but the proof holds whether it took effect or not
};

// A configuration that can be reached before the failed return, and goes no further.
struct WitnessEnd {
  std::string state;
  std::vector<std::string> done;        // calls that had not returned and are done
  std::vector<std::string> impossible;  // calls under way that cannot be next
  std::vector<std::string> leads_on;    // calls under way that lead to another end
};

struct Witness {
  Value key;
  std::string start;           // the state before the first operation
  std::size_t start_line = 0;  // 0: the start of the history; else of the last return before
  std::vector<WitnessOperation> operations;  // in the order of their invocations
  std::size_t failed = 0;                    // index of the one whose return has no explanation
  std::size_t prefix = 0;                    // operations in the shortest prefix
  // False: only the permissive search could refuse, the failed return may be a late one, and
  // the operations are not made fewer (wgl.h).
  bool shortest = true;
  std::vector<WitnessEnd> ends;  // some of them
  std::size_t ends_all = 0;
};

// REQUIRES: the result is not linearizable and is that of these operations.
Witness make_witness(const Model& model, const Operations& operations, const SearchResult& result,
                     const SearchOptions& options);

// For people: the operations, a timeline when it is not too wide, the ends.
std::string to_text(const Witness& witness);

}  // namespace linearizability
