#include "traces/cli/event_log.h"

#include <cstdio>
#include <utility>

#include "faults/plan.h"
#include "traces/story/fields.h"
#include "traces/trace.h"

namespace cli {
namespace {

using faults::Json;
using story::dumped;
using story::fields_of;

constexpr std::size_t kFieldShown = 160;  // bytes; longer ones are cut, but not as JSON

constexpr const char* kRed = "\x1b[31m";
constexpr const char* kGreen = "\x1b[32m";
constexpr const char* kDim = "\x1b[2m";
constexpr const char* kPlain = "\x1b[0m";

// Words of letters and figures as they are; everything else as JSON, so that a value never
// breaks the line.
std::string shown(const Json& value) {
  constexpr std::string_view kWord =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:/";
  std::string text = dumped(value);
  if (value.is_string()) {
    const auto& word = value.get_ref<const std::string&>();
    text = !word.empty() && word.find_first_not_of(kWord) == word.npos ? word : text;
  }
  if (text.size() <= kFieldShown) {
    return text;
  }
  std::size_t end = kFieldShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    --end;  // not inside a character
  }
  return text.substr(0, end) + "...";
}

}  // namespace

void print_line(const Json& json) { std::printf("%s\n", dumped(json).c_str()); }

void EventLog::line(simnet::Time at, const std::string& host, const std::string& name,
                    const Json& fields, const char* colour) const {
  std::string text;
  for (const auto& [member, value] : fields.items()) {
    text += "  " + member + "=" + shown(value);
  }
  const std::int64_t at_us = traces::microseconds(at);
  std::printf("%6lld.%06lld  %-10s %s%-18s%s%s\n", static_cast<long long>(at_us / 1'000'000),
              static_cast<long long>(at_us % 1'000'000), host.c_str(),
              options_.colour ? colour : "", name.c_str(), options_.colour ? kPlain : "",
              text.c_str());
}

void EventLog::on_event(simnet::Time at, const std::string& host, const env::EventRef& event) {
  if (!told(at) || !options_.followed.is_about(host, event)) {
    return;
  }
  const std::string name(event.name());
  if (!options_.json) {
    line(at, host, name, fields_of(event), kDim);
    return;
  }
  print_line({{"type", "event"},
              {"at_us", traces::microseconds(at)},
              {"host", host},
              {"name", name},
              {"fields", fields_of(event)}});
}

void EventLog::on_fault(simnet::Time at, const faults::Fault& fault, bool strikes) {
  if (!told(at) || !options_.followed.is_about(fault)) {
    return;
  }
  Json fields = faults::to_json(fault);
  if (!options_.json) {
    fields.erase("kind");
    fields.erase("at_ms");
    line(at, strikes ? "FAULT" : "fault ends", std::string(faults::to_string(fault.kind)), fields,
         strikes ? kRed : kGreen);
    return;
  }
  print_line({{"type", "fault"},
              {"at_us", traces::microseconds(at)},
              {"strikes", strikes},
              {"fault", std::move(fields)}});
}

}  // namespace cli
