// Jobs by the rules: the oldest open one of each lane, leased, done once, or parked.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "properties/table_rows.h"
#include "system/lottery/messages.h"

namespace properties {

// Where the command stands that made the job; jobs of a lane go in this order.
struct JobPlace {
  std::int64_t index = 0;
  std::int64_t position = 0;
  auto operator<=>(const JobPlace&) const = default;
};

enum class JobState { open, done, poisoned };

struct Job {
  std::string id;
  std::string kind;
  std::string lane;
  std::string payload;
  JobState state = JobState::open;
  std::int64_t attempt = 0;
  std::int64_t token = 0;
  std::int64_t due_us = 0;
};

class ReferenceJobs {
 public:
  void add(JobPlace place, Job job);
  lottery::Reply run(const lottery::LeaseJobs& command, std::int64_t now_us, std::int64_t token);
  lottery::Reply run(const lottery::RenewJob& command, std::int64_t now_us);
  lottery::Reply run(const lottery::CompleteJob& command);
  lottery::Reply run(const lottery::FailJob& command, std::int64_t now_us);

  const std::map<JobPlace, Job>& all() const { return jobs_; }
  TableRows rows() const;
  TableRows receipt_rows() const;

 private:
  Job* find(const std::string& id);
  // The first open job of each lane, if it is due.
  std::vector<JobPlace> heads(std::int64_t now_us) const;
  void end(JobPlace place, JobState state);

  std::map<JobPlace, Job> jobs_;
  std::map<std::string, JobPlace> places_;
  std::set<JobPlace> open_;
  std::map<std::string, std::string> receipts_;
};

}  // namespace properties
