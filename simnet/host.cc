#include "simnet/host.h"

#include <algorithm>
#include <utility>

#include "simnet/world.h"

namespace simnet {

Host::Host(World& world, HostId id, HostOptions options, StreamKey randomness)
    : world_(world),
      id_(id),
      options_(std::move(options)),
      randomness_(randomness),
      disk_(make_disk()),
      tcp_(*this) {
  world_.vfs().add_disk(name(), *disk_);
}

Host::~Host() {
  stop(StopKind::process);
  world_.vfs().remove_disk(name());
}

std::unique_ptr<Disk> Host::make_disk() {
  DiskHooks hooks;
  hooks.on_cost = [this](Duration cost) { spend(cost); };
  hooks.on_sync = [this](std::string_view, std::uint64_t hash) {
    world_.digest().fold(world_.now(), id_, EventKind::disk, hash);
  };
  hooks.on_power_cut = [this] {
    power_cut_ = true;
    tcp_.set_powered(false);
  };
  return std::make_unique<Disk>(DiskOptions{}, std::move(hooks));
}

void Host::boot() {
  down_until_ = world_.now();
  boot_at(world_.now());
}

void Host::boot_at(Time at) {
  down_until_ = std::max(down_until_, at);
  world_.at(at, EventKind::world, id_, 0, [this] {
    if (!up() && world_.now() >= down_until_) {
      start_process();
    }
  });
}

void Host::start_process() {
  ++incarnation_;
  ++world_.statistics().boots;
  streams_.clear();
  stop_request_.reset();
  power_cut_ = false;
  busy_until_ = world_.now();
  tcp_.set_powered(true);
  disk_->power_on();
  context_ = std::make_unique<HostContext>(*this);
  auto start = [this] { root_ = program_(*this); };
  auto task = std::make_unique<FunctionTask<decltype(start)>>(std::move(start));
  task->host = id_;
  context_->post(std::move(task));
}

void Host::stop(StopKind kind) {
  const bool power = kind == StopKind::power;
  // Without a process, but with power, there is still the page cache to lose.
  if (!up() && !(power && disk_->powered() && tcp_.powered())) {
    return;
  }
  world_.digest().fold(world_.now(), id_, EventKind::crash, static_cast<std::uint64_t>(kind));
  ++(power ? world_.statistics().power_losses : world_.statistics().process_crashes);
  tcp_.reset(!power);
  if (power) {
    lose_power();
  } else {
    disk_->process_crash();
  }
  if (up()) {
    end_process();
  }
}

void Host::lose_power() {
  tcp_.set_powered(false);
  const StreamKey chance = randomness_.child("power loss").child(incarnation_);
  disk_->power_loss([chance](std::string_view purpose, std::uint64_t a, std::uint64_t b) {
    return chance.child(purpose).child(a).at(b);
  });
}

void Host::end_process() {
  context_->shut_down();
  root_.reset();
  context_.reset();
  deferred_.clear();
}

void Host::stop_until(StopKind kind, Time at) {
  stop(kind);
  boot_at(at);
}

void Host::request_stop(std::string reason) {
  if (!stop_request_) {
    stop_request_ = std::move(reason);
  }
}

void Host::after_task() {
  if (power_cut_) {
    ++world_.statistics().power_cuts;
    stop_until(StopKind::power, world_.now() + restart_delay_);
  } else if (stop_request_) {
    ++world_.statistics().fail_stops;
    if (!stop_request_->empty()) {
      world_.fail_stops().push_back({world_.now(), name(), *stop_request_});
    }
    stop_until(StopKind::process, world_.now() + restart_delay_);
  }
}

void Host::aborted(std::string what) {
  world_.aborts().push_back({world_.now(), name(), std::move(what)});
  request_stop("");  // told already
}

void Host::resume() {
  if (paused_ == 0 || --paused_ > 0) {
    return;
  }
  for (auto& task : std::exchange(deferred_, {})) {
    world_.schedule(world_.now(), std::move(task));
  }
}

void Host::spend(Duration cost) { busy_until_ = std::max(busy_until_, world_.now()) + cost; }

std::uint64_t Host::random(std::string_view purpose) {
  auto found = streams_.find(purpose);
  if (found == streams_.end()) {
    const Random stream(randomness_.child(incarnation_).child(purpose));
    found = streams_.emplace(std::string(purpose), stream).first;
  }
  return found->second.next();
}

std::int64_t Host::setting(std::string_view name, std::int64_t otherwise) const {
  const auto found = settings_.find(name);
  return found != settings_.end() ? found->second : otherwise;
}

}  // namespace simnet
