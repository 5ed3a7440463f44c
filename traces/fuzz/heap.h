// Puts the heap of this process into disorder, so that what is allocated from now on lies in
// another order than in a process that did not: code whose behaviour depends on the order of
// addresses then gives another digest. Addresses as such already differ between two processes that
// were not forked from one another; their order mostly does not.
#pragma once

#include <cstdint>

namespace fuzz {

// About 16 MB stay allocated until the process ends. Blocks of up to 4 kB are concerned.
void disorder_heap(std::uint64_t seed);

}  // namespace fuzz
