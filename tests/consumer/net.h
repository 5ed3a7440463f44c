// The one place that knows which network this is. Everything else of the chat is the
// same text for real sockets and for the simulated world.
#pragma once

#if defined(CHAT_SIMULATED)
#include "simnet/beast.h"
#include "simnet/net.h"
namespace net = simnet::net;
#else
#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
namespace net = boost::asio;
#endif
