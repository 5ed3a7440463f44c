#include "system/lottery/jobs.h"

#include <algorithm>

#include "system/lottery/refusals.h"
#include "system/probe/probe.h"

namespace lottery {
namespace {

constexpr std::string_view kOpen = "OPEN";
constexpr std::string_view kDone = "DONE";
constexpr std::string_view kPoisoned = "POISONED";
constexpr std::int64_t kMaxJobsPerLease = 100;

const std::string kSelect =
    "SELECT id, kind, lane, payload, state, attempt, token, due_us FROM jobs AS j WHERE ";
const std::string kFind = kSelect + "id = ?1";
const std::string kDueHeads = kSelect +
                              "state = 'OPEN' AND due_us <= ?1 "
                              "AND NOT EXISTS (SELECT 1 FROM jobs AS e WHERE e.state = 'OPEN' "
                              "AND e.lane = j.lane AND (e.entry, e.position) < (j.entry, "
                              "j.position)) ORDER BY due_us, entry, position";

JobView read(const store::Query& row) {
  return {row.text(0), row.text(1),    row.text(2),    row.text(3),
          row.text(4), row.integer(5), row.integer(6), row.integer(7)};
}

bool is_wanted(const JobView& job, const std::vector<std::string>& kinds) {
  return kinds.empty() || std::find(kinds.begin(), kinds.end(), job.kind) != kinds.end();
}

// Whoever names this token and attempt has the job.
bool is_held(const JobView& job, std::int64_t token, std::int64_t attempt) {
  return job.state == kOpen && token != 0 && token == job.token && attempt == job.attempt;
}

std::int64_t backoff_us(std::int64_t attempt) { return kJobBackoffBase_us << (attempt - 1); }

}  // namespace

void Jobs::add(const NewJob& job, const LogPoint& at) {
  database_.run(
      "INSERT INTO jobs(id, entry, position, kind, lane, payload, state, attempt, token, due_us) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, ?8)",
      job.id, at.index, at.position, job.kind, job.lane, job.payload, kOpen, at.now_us);
}

Reply Jobs::run(const LeaseJobs& command, const LogPoint& at) {
  park_used_up(at.now_us);
  const auto limit =
      static_cast<std::size_t>(std::clamp<std::int64_t>(command.limit, 1, kMaxJobsPerLease));
  JobViews leased;
  for (JobView& job : due_heads(at.now_us)) {
    if (leased.jobs.size() < limit && is_wanted(job, command.kinds)) {
      probe::hit_if<"jobs.lease_ran_out">(job.token != 0);
      job.attempt += 1;
      job.token = at.token();
      job.due_us = at.now_us + kJobLease_us;
      save(job);
      leased.jobs.push_back(std::move(job));
    }
  }
  return reply_with(200, leased);
}

// A worker that dies with its lease fails the job as well as one that says so.
void Jobs::park_used_up(std::int64_t now_us) {
  for (JobView& job : due_heads(now_us)) {
    if (job.attempt >= kMaxJobAttempts) {
      probe::hit<"jobs.attempts_used_up">();
      job.state = kPoisoned;
      job.token = 0;
      save(job);
    }
  }
}

Reply Jobs::run(const RenewJob& command, const LogPoint& at) {
  std::optional<JobView> job = find(command.job);
  if (!job.has_value()) {
    return refuse(Refusal::not_found);
  }
  if (!is_held(*job, command.token, job->attempt)) {
    return refuse(Refusal::superseded);
  }
  job->due_us = at.now_us + kJobLease_us;
  save(*job);
  return reply_with(200, *job);
}

Reply Jobs::run(const CompleteJob& command) {
  if (command.result.size() > kMaxJobResultBytes) {
    return refuse(Refusal::bad_request);
  }
  std::optional<JobView> job = find(command.job);
  if (!job.has_value()) {
    return refuse(Refusal::not_found);
  }
  if (is_repeated(*job, command)) {
    probe::hit<"jobs.completed_twice">();
    return reply_with(200, *job);
  }
  if (!is_held(*job, command.token, command.attempt)) {
    probe::hit<"jobs.completed_by_a_past_holder">();
    return refuse(Refusal::superseded);
  }
  job->state = kDone;
  save(*job);
  apply_effect(*job, command.result);
  return reply_with(200, *job);
}

Reply Jobs::run(const FailJob& command, const LogPoint& at) {
  std::optional<JobView> job = find(command.job);
  if (!job.has_value()) {
    return refuse(Refusal::not_found);
  }
  if (!is_held(*job, command.token, command.attempt)) {
    return refuse(Refusal::superseded);
  }
  probe::hit<"jobs.failed">();
  job->state = job->attempt < kMaxJobAttempts ? kOpen : kPoisoned;
  job->token = 0;
  job->due_us = at.now_us + backoff_us(job->attempt);
  save(*job);
  return reply_with(200, *job);
}

std::optional<JobView> Jobs::find(std::string_view id) {
  store::Query query = database_.query(kFind, id);
  if (!query.step()) {
    return std::nullopt;
  }
  return read(query);
}

std::optional<std::string> Jobs::receipt(std::string_view purchase) {
  store::Query query = database_.query("SELECT text FROM receipts WHERE purchase = ?1", purchase);
  if (!query.step()) {
    return std::nullopt;
  }
  return query.text(0);
}

bool Jobs::due(std::int64_t now_us) { return !due_heads(now_us).empty(); }

std::vector<JobView> Jobs::due_heads(std::int64_t now_us) {
  store::Query query = database_.query(kDueHeads, now_us);
  std::vector<JobView> jobs;
  while (query.step()) {
    jobs.push_back(read(query));
  }
  return jobs;
}

void Jobs::save(const JobView& job) {
  database_.run("UPDATE jobs SET state = ?2, attempt = ?3, token = ?4, due_us = ?5 WHERE id = ?1",
                job.job, job.state, job.attempt, job.token, job.due_us);
}

// The only kind so far: a receipt for the purchase that is the payload.
void Jobs::apply_effect(const JobView& job, std::string_view result) {
  database_.run("INSERT INTO receipts(purchase, text) VALUES (?1, ?2)", job.payload, result);
}

// The worker asks again because its reply was lost.
bool Jobs::is_repeated(const JobView& job, const CompleteJob& command) {
  if (job.state != kDone || command.token != job.token || command.attempt != job.attempt) {
    return false;
  }
  return receipt(job.payload) == command.result;
}

}  // namespace lottery
