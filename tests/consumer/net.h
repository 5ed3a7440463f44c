// The one place that knows which network this is. Everything else of the chat is the
// same text for real sockets and for the simulated world.
#pragma once

#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

#if defined(CHAT_SIMULATED)
#include "simnet/beast.h"
#include "simnet/net.h"
namespace net = simnet::net;
#else
namespace net = boost::asio;
#endif
