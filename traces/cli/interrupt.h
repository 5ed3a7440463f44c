// Ctrl-C and SIGTERM: the first asks the run to end early and report, the second
// ends the program at once. Nothing is ever half written, so both are safe.
#pragma once

namespace cli {

void catch_interrupts();
bool interrupted();

}  // namespace cli
