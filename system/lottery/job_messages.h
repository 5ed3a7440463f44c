// Jobs: work that follows from an effect and is done once, by whoever leases it.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lottery {

// A worker asks for jobs that are due, of these kinds; of all kinds when there are none.
// Only the oldest unfinished job of a lane is ever handed out.
struct LeaseJobs {
  static constexpr std::string_view kType = "lease_jobs";
  std::string worker;
  std::int64_t limit = 0;
  std::vector<std::string> kinds;
};
BOOST_DESCRIBE_STRUCT(LeaseJobs, (), (worker, limit, kinds))

// The worker needs longer.
struct RenewJob {
  static constexpr std::string_view kType = "renew_job";
  std::string job;
  std::int64_t token = 0;
};
BOOST_DESCRIBE_STRUCT(RenewJob, (), (job, token))

// The job is done: its effect and its end are one transaction. Only under the token and
// attempt of the latest lease; a worker that was paused past its lease finds that
// another has it.
struct CompleteJob {
  static constexpr std::string_view kType = "complete_job";
  std::string job;
  std::int64_t token = 0;
  std::int64_t attempt = 0;
  std::string result;  // at most kMaxJobResultBytes
};
BOOST_DESCRIBE_STRUCT(CompleteJob, (), (job, token, attempt, result))

// The worker gives this attempt up; another comes after a pause.
struct FailJob {
  static constexpr std::string_view kType = "fail_job";
  std::string job;
  std::int64_t token = 0;
  std::int64_t attempt = 0;
};
BOOST_DESCRIBE_STRUCT(FailJob, (), (job, token, attempt))

inline constexpr std::int64_t kJobLease_us = 60'000'000;
inline constexpr std::int64_t kJobBackoffBase_us = 1'000'000;  // doubled per failed attempt
inline constexpr std::int64_t kMaxJobAttempts = 5;             // leases before POISONED
inline constexpr std::int64_t kMaxJobResultBytes = 4096;

struct JobView {
  std::string job;
  std::string kind;
  std::string lane;
  std::string payload;
  std::string state;  // OPEN, DONE or POISONED
  std::int64_t attempt = 0;
  std::int64_t token = 0;   // 0: nobody has it
  std::int64_t due_us = 0;  // OPEN: when it may be handed out, which is when its lease ends
};
BOOST_DESCRIBE_STRUCT(JobView, (), (job, kind, lane, payload, state, attempt, token, due_us))

struct JobViews {
  std::vector<JobView> jobs;
};
BOOST_DESCRIBE_STRUCT(JobViews, (), (jobs))

}  // namespace lottery
