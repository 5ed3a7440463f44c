#include "properties/reference_jobs.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "properties/reference_replies.h"
#include "system/rpc/codec.h"

namespace properties {
namespace {

using lottery::Reply;

std::string name(JobState state) {
  static constexpr std::array<std::string_view, 3> kNames{"OPEN", "DONE", "POISONED"};
  return std::string(kNames[static_cast<std::size_t>(state)]);
}

lottery::JobView view(const Job& job) {
  return {job.id,          job.kind,    job.lane,  job.payload,
          name(job.state), job.attempt, job.token, job.due_us};
}

Reply job_reply(const Job& job) { return {200, rpc::encode(view(job))}; }

}  // namespace

void ReferenceJobs::add(JobPlace place, Job job) {
  places_[job.id] = place;
  open_.insert(place);
  jobs_[place] = std::move(job);
}

Job* ReferenceJobs::find(const std::string& id) {
  const auto found = places_.find(id);
  return found == places_.end() ? nullptr : &jobs_.at(found->second);
}

std::vector<JobPlace> ReferenceJobs::heads(std::int64_t now_us) const {
  std::set<std::string_view> lanes;
  std::vector<JobPlace> heads;
  for (const JobPlace& place : open_) {
    const Job& job = jobs_.at(place);
    if (lanes.insert(job.lane).second && job.due_us <= now_us) {
      heads.push_back(place);
    }
  }
  return heads;
}

void ReferenceJobs::end(JobPlace place, JobState state) {
  jobs_.at(place).state = state;
  open_.erase(place);
}

Reply ReferenceJobs::run(const lottery::LeaseJobs& command, std::int64_t now_us,
                         std::int64_t token) {
  for (const JobPlace& place : heads(now_us)) {
    if (jobs_.at(place).attempt == lottery::kMaxJobAttempts) {
      jobs_.at(place).token = 0;
      end(place, JobState::poisoned);
    }
  }
  std::vector<std::pair<std::int64_t, JobPlace>> due;
  for (const JobPlace& place : heads(now_us)) {
    const Job& job = jobs_.at(place);
    if (command.kinds.empty() ||
        std::count(command.kinds.begin(), command.kinds.end(), job.kind) > 0) {
      due.emplace_back(job.due_us, place);
    }
  }
  std::sort(due.begin(), due.end());
  const auto limit = static_cast<std::size_t>(std::clamp<std::int64_t>(command.limit, 1, 100));
  if (due.size() > limit) {
    due.resize(limit);
  }
  lottery::JobViews leased;
  for (const auto& [when, place] : due) {
    Job& job = jobs_.at(place);
    ++job.attempt;
    job.token = token;
    job.due_us = now_us + lottery::kJobLease_us;
    leased.jobs.push_back(view(job));
  }
  return {200, rpc::encode(leased)};
}

Reply ReferenceJobs::run(const lottery::RenewJob& command, std::int64_t now_us) {
  Job* const job = find(command.job);
  if (job == nullptr) {
    return refusal(404, "not_found");
  }
  if (job->state != JobState::open || command.token == 0 || command.token != job->token) {
    return refusal(409, "superseded");
  }
  job->due_us = now_us + lottery::kJobLease_us;
  return job_reply(*job);
}

Reply ReferenceJobs::run(const lottery::CompleteJob& command) {
  if (command.result.size() > 4096) {
    return refusal(400, "bad_request");
  }
  Job* const job = find(command.job);
  if (job == nullptr) {
    return refusal(404, "not_found");
  }
  if (command.token == 0 ||
      std::tie(command.token, command.attempt) != std::tie(job->token, job->attempt)) {
    return refusal(409, "superseded");
  }
  if (job->state == JobState::open) {
    receipts_[job->payload] = command.result;
    end(places_.at(job->id), JobState::done);
  } else if (receipts_.at(job->payload) != command.result) {
    return refusal(409, "superseded");
  }
  return job_reply(*job);
}

Reply ReferenceJobs::run(const lottery::FailJob& command, std::int64_t now_us) {
  Job* const job = find(command.job);
  if (job == nullptr) {
    return refusal(404, "not_found");
  }
  if (job->state != JobState::open || command.token == 0 || command.token != job->token ||
      command.attempt != job->attempt) {
    return refusal(409, "superseded");
  }
  std::int64_t pause_us = lottery::kJobBackoffBase_us;
  for (std::int64_t failed = 1; failed < job->attempt; ++failed) {
    pause_us *= 2;
  }
  job->token = 0;
  job->due_us = now_us + pause_us;
  if (job->attempt == lottery::kMaxJobAttempts) {
    end(places_.at(job->id), JobState::poisoned);
  }
  return job_reply(*job);
}

TableRows ReferenceJobs::rows() const {
  TableRows rows;
  for (const auto& [place, job] : jobs_) {
    rows.push_back({job.id, std::to_string(place.index), std::to_string(place.position), job.kind,
                    job.lane, job.payload, name(job.state), std::to_string(job.attempt),
                    std::to_string(job.token), std::to_string(job.due_us)});
  }
  return rows;
}

TableRows ReferenceJobs::receipt_rows() const {
  TableRows rows;
  for (const auto& [purchase, text] : receipts_) {
    rows.push_back({purchase, text});
  }
  return rows;
}

}  // namespace properties
