// The job queue (S21): one lane per account, only the head of a lane is handed out, so two
// workers never work on one account. A lease is a hint; what protects is the (token,
// attempt) pair compared when the job is completed, in the transaction of its effect.
//
// A job whose attempts are used up is parked as POISONED, so that its lane goes on.
//
// Limits: jobs are never removed; a lease looks at all jobs that are due.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "system/lottery/log_point.h"
#include "system/lottery/messages.h"
#include "system/store/database.h"

namespace lottery {

// A new job. The id follows from its cause, so a cause never makes two.
struct NewJob {
  std::string id;
  std::string kind;
  std::string lane;
  std::string payload;
};

class Jobs {
 public:
  explicit Jobs(store::Database& database) : database_(database) {}

  // One job per command. Errors: store::Error when the id is used.
  void add(const NewJob& job, const LogPoint& at);

  Reply run(const LeaseJobs& command, const LogPoint& at);
  Reply run(const RenewJob& command, const LogPoint& at);
  Reply run(const CompleteJob& command);
  Reply run(const FailJob& command, const LogPoint& at);

  std::optional<JobView> find(std::string_view id);
  std::optional<std::string> receipt(std::string_view purchase);
  bool due(std::int64_t now_us);  // LeaseJobs would hand one out or park one

 private:
  std::vector<JobView> due_heads(std::int64_t now_us);
  void park_used_up(std::int64_t now_us);
  void save(const JobView& job);
  void apply_effect(const JobView& job, std::string_view result);
  bool is_repeated(const JobView& job, const CompleteJob& command);

  store::Database& database_;
};

}  // namespace lottery
