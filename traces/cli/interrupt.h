// Ctrl-C and SIGTERM: the first asks the run to end early and report, the second
// ends the program at once. A run writes no file but that of
// --digests, and traces, whole or not at all; so both are safe.
#pragma once

namespace cli {

void catch_interrupts();
bool interrupted();

}  // namespace cli
