// Lets Asio recycle the memory of coroutine frames and posted functions, as it does on a
// thread that is inside io_context::run. Like coroutine.h it uses the detail of Asio.
#pragma once

namespace simnet {

// From the first call on, for the thread that calls. Not under a sanitizer.
void recycle_asio_memory();

}  // namespace simnet
