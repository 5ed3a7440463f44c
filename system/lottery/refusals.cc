#include "system/lottery/refusals.h"

#include <array>
#include <utility>

namespace lottery {
namespace {

struct Words {
  int status;
  std::string_view error;
  std::string_view detail;
};

// In the order of Refusal.
constexpr std::array<Words, 23> kWords{{
    {400, "bad_request", "The request lacks something or holds a value out of range."},
    {404, "not_found", "There is nothing under this id for you."},
    {404, "unmatched", "No charge or refund of ours fits this row."},
    {409, "exists", "A draw with this id exists already."},
    {409, "key_reused", "This key was used for another request."},
    {409, "closed", "The draw has closed."},
    {409, "sold_out", "Fewer tickets are left than asked for."},
    {409, "expired", "The hold has run out."},
    {409, "payment_in_progress", "A payment of this purchase is under way."},
    {409, "not_payable", "The purchase cannot be paid any more."},
    {409, "not_cancellable", "The purchase cannot be cancelled any more."},
    {402, "declined", "The bank declined the payment."},
    {409, "refunded", "The purchase was given up; the payment went back."},
    {409, "conflict", "Another version was stored meanwhile."},
    {409, "locked", "Another owner holds the lock."},
    {409, "not_holder", "This is not the token of the live holder."},
    {409, "fenced", "The write carries another token than that of the live holder."},
    {409, "stale", "A plan of this or a later generation was stored before."},
    {409, "changed", "The draw is not the version that was seen."},
    {409, "superseded", "The job is not this attempt's any more."},
    {409, "seed_reused", "Another draw committed to this seed."},
    {409, "mismatch", "This is not what the ledger computes itself."},
    {409, "irreversible", "The draw is not in the state before this step."},
}};

}  // namespace

Reply refuse(Refusal refusal) {
  const Words& words = kWords.at(static_cast<std::size_t>(refusal));
  return reply_with(words.status, ErrorView{std::string(words.error), std::string(words.detail)});
}

Reply refuse_with_json(Refusal refusal, rpc::Json current) {
  const Words& words = kWords.at(static_cast<std::size_t>(refusal));
  rpc::Json json = rpc::to_json(ErrorView{std::string(words.error), std::string(words.detail)});
  json["current"] = std::move(current);
  return Reply{words.status, json.dump(-1, ' ', false, rpc::Json::error_handler_t::replace)};
}

Reply reply_count(const char* name, std::int64_t count) {
  rpc::Json json = rpc::Json::object();
  json[name] = count;
  return Reply{200, json.dump()};
}

}  // namespace lottery
