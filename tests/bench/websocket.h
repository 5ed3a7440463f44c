#pragma once

#include <cstddef>

namespace bench {

// One message of 64 bytes each way over Beast's WebSocket.
double websocket_round_trips_per_second();

// Bytes of the process per idle, connected pair of stream sockets; per coroutine or actor
// that sleeps; per host that was booted and does nothing.
double bytes_per_connection();
double bytes_per_sleeper();
double bytes_per_sleeping_actor();
double bytes_per_host();

}  // namespace bench
