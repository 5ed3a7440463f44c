// Env over a simulated host: the only code that sees both sides of the seam. A
// SimEnv belongs to a Host for the whole run; each incarnation of the host's
// process is given the same one.
//
// The wall clock starts at kWallEpoch_s plus virtual time plus the host's offset.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "simnet/host.h"
#include "simnet/world.h"
#include "system/env/env.h"

namespace sim_env {

inline constexpr std::int64_t kWallEpoch_s = 1'767'225'600;  // 2026-01-01T00:00:00Z

// Sees each event as it happens, on the emitting host's task.
using Observer = std::function<void(simnet::Host&, const env::EventRef&)>;

class SimEnv final : public env::Env {
 public:
  SimEnv(simnet::Host& host, Observer observer) : host_(host), observer_(std::move(observer)) {}

  std::string_view host_name() const override { return host_.name(); }
  env::asio::any_io_executor executor() override { return host_.executor(); }
  env::Instant now() const override;
  env::WallTime wall_now() const override;
  std::unique_ptr<env::TimerBackend> make_timer() override;
  std::uint64_t random(std::string_view purpose) override { return host_.random(purpose); }
  env::awaitable<env::Result<env::Stream>> connect(env::Endpoint to,
                                                   env::Duration timeout) override;
  env::Result<std::unique_ptr<env::Listener>> listen(std::uint16_t port) override;
  env::DatabaseFile database_file(std::string_view name) override;
  std::int64_t setting(std::string_view name, std::int64_t otherwise) const override {
    return host_.setting(name, otherwise);
  }
  void fail_stop(std::string_view reason) override { host_.request_stop(std::string(reason)); }

 protected:
  void emit_event(const env::EventRef& event) override;

 private:
  simnet::Host& host_;
  Observer observer_;
};

// What a virtual time is on a clock without offset.
std::int64_t unix_us(simnet::Time time);

}  // namespace sim_env
