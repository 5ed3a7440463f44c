#include "tests/probe/twin.h"

namespace probe {

void call_twin_elsewhere() { twin(); }

}  // namespace probe
