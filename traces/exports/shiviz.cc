#include "traces/exports/shiviz.h"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

#include "traces/story/fields.h"

namespace exports {
namespace {

using story::HostIndex;
using story::Story;

// By host; 0: nothing known of it.
using Clock = std::vector<std::uint64_t>;

struct Line {
  story::Time_us at_us = 0;
  // At one instant a message is sent before it is received, and what a service says of it comes
  // between; a message takes time, so no line depends on a later one of its instant.
  int rank = 0;
  std::size_t index = 0;  // of an event, message, span or violation
  enum class What { arrival, event, departure, begin, end } what = What::event;
};

// The regular expression takes a host up to the first space, and a clock up to the first brace.
std::string word(const std::string& name) {
  std::string text = name;
  std::ranges::replace_if(
      text,
      [](unsigned char c) {
        return c <= ' ' || c == '{' || c == '}' || c == '"' || c == '\\' || c >= 0x7f;
      },
      '_');
  return text.empty() ? "_" : text;
}

std::string one_line(std::string text) {
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < ' '; }, ' ');
  return text;
}

std::string seconds(story::Time_us at_us) {
  const std::string micro = std::to_string(1'000'000 + at_us % 1'000'000).substr(1);
  return std::to_string(at_us / 1'000'000) + "." + micro;
}

bool shown(const story::Message& message) {
  return message.kind != "heartbeat" && message.kind != "keep-alive" && message.kind != "poll";
}

class Log {
 public:
  explicit Log(const Story& story)
      : story_(story),
        clocks_(story.hosts.size(), Clock(story.hosts.size(), 0)),
        sent_(story.messages.size()) {}

  std::string text() {
    std::string text = std::string(kShivizParser) + "\n\n";
    for (const Line& line : lines()) {
      write(text, line);
    }
    return text;
  }

 private:
  std::vector<Line> lines() const {
    std::vector<Line> lines;
    for (std::size_t i = 0; i < story_.events.size(); ++i) {
      lines.push_back({story_.events[i].at_us, 1, i, Line::What::event});
    }
    for (std::size_t i = 0; i < story_.messages.size(); ++i) {
      const story::Message& message = story_.messages[i];
      if (!shown(message)) {
        continue;
      }
      lines.push_back({message.sent_us, 2, i, Line::What::departure});
      if (message.arrived_us != story::kNever) {
        // One that took no whole microsecond arrives behind its own departure.
        const int rank = message.arrived_us > message.sent_us ? 0 : 3;
        lines.push_back({message.arrived_us, rank, i, Line::What::arrival});
      }
    }
    for (std::size_t i = 0; i < story_.spans.size(); ++i) {
      if (story_.spans[i].family == "down") {
        lines.push_back({story_.spans[i].from_us, 4, i, Line::What::begin});
        lines.push_back({story_.spans[i].until_us, 5, i, Line::What::end});
      }
    }
    std::ranges::sort(lines, {}, [](const Line& line) {
      return std::tuple(line.at_us, line.rank, line.index, line.what);
    });
    return lines;
  }

  void write(std::string& text, const Line& line) {
    if (line.what == Line::What::event) {
      const story::Event& event = story_.events[line.index];
      tick(text, event.host, line.at_us, event.name + " " + event.fields);
      return;
    }
    if (line.what == Line::What::begin || line.what == Line::What::end) {
      const bool begins = line.what == Line::What::begin;
      tick(text, story_.spans[line.index].hosts.front(), line.at_us,
           begins ? "the process ends" : "the process starts");
      return;
    }
    const story::Message& message = story_.messages[line.index];
    if (line.what == Line::What::departure) {
      const auto fate = static_cast<std::size_t>(message.fate);
      const bool arrives = message.arrived_us != story::kNever;
      tick(text, message.from, line.at_us,
           "send to " + word(story_.hosts[message.to].name) + ": " + message.kind + " " +
               message.label + (arrives ? "" : " (" + std::string(story::kFates[fate]) + ")"));
      sent_[line.index] = arrives ? clocks_[message.from] : Clock();
      return;
    }
    merge(clocks_[message.to], sent_[line.index]);
    sent_[line.index] = {};
    tick(text, message.to, line.at_us,
         "receive from " + word(story_.hosts[message.from].name) + ": " + message.kind + " " +
             message.label);
  }

  static void merge(Clock& into, const Clock& from) {
    for (std::size_t i = 0; i < from.size(); ++i) {
      into[i] = std::max(into[i], from[i]);
    }
  }

  void tick(std::string& text, HostIndex host, story::Time_us at_us, const std::string& what) {
    Clock& clock = clocks_[host];
    ++clock[host];
    text += word(story_.hosts[host].name) + " {";
    const char* separator = "";
    for (std::size_t i = 0; i < clock.size(); ++i) {
      if (clock[i] != 0) {
        text += separator;
        text += "\"" + word(story_.hosts[i].name) + "\":" + std::to_string(clock[i]);
        separator = ",";
      }
    }
    text += "} " + seconds(at_us) + " " + one_line(what) + "\n";
  }

  const Story& story_;
  std::vector<Clock> clocks_;
  std::vector<Clock> sent_;  // of messages under way: the sender's when it left
};

}  // namespace

std::string to_shiviz(const Story& story) { return Log(story).text(); }

}  // namespace exports
