// A world's disks and queues grow and shrink all the time. glibc gives freed memory back to
// the system soon and takes large blocks from it one by one: every page of them is then
// cleared again.
#pragma once

namespace simnet {

// Freed memory stays with the process; for programs that do nothing but run worlds. Without
// glibc it does nothing.
void keep_freed_memory();

}  // namespace simnet
