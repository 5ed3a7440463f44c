#include "tests/tidy/determinism.h"

#include <algorithm>
#include <regex>

namespace tidy {
namespace {

enum class Where {
  kSimulated,  // what runs inside a universe: system (but real), simnet, faults, properties
  kFolders,    // simulated, and traces but traces/cli: they must not read the world either
  kChances,    // simnet and faults: probabilities are ratios of integers
};

struct Ban {
  const char* pattern;  // ECMAScript, matched against code without comments and literals
  Where where;
  const char* instead;
};

const char* const kClock = "use env::Env::now() or wall_now(), in simnet World's virtual time";
const char* const kRandom = "draw from env::Env::random(purpose), in simnet from its streams";
const char* const kThread = "use a coroutine on the host's executor; a universe has one thread";
const char* const kOrder =
    "use std::map or std::set over values, or env::Lookup; iteration order is behaviour";
const char* const kAsio = "use env::Env or simnet's type; Asio's own may start a thread";
const char* const kWorld = "pass it in as an argument; the environment is not part of the seed";

const Ban kBans[] = {
    {R"(\b(system_clock|steady_clock|high_resolution_clock|utc_clock|file_clock)\s*::\s*now\b)",
     Where::kFolders, kClock},
    {R"(\b(gettimeofday|clock_gettime|timespec_get|localtime|localtime_r|mktime)\s*\()",
     Where::kFolders, kClock},
    {R"((^|[^\w.>])time\s*\(\s*(nullptr|NULL|0)?\s*\))", Where::kFolders, kClock},
    {R"(\brandom_device\b)", Where::kFolders, kRandom},
    {R"((^|[^\w.>:]|\bstd::|[^\w]::)(rand|srand|rand_r|drand48|arc4random)\s*\()", Where::kFolders,
     kRandom},
    {R"(\bstd\s*::\s*(mt19937|mt19937_64|default_random_engine|minstd_rand\w*|shuffle|\w+_distribution)\b)",
     Where::kFolders, kRandom},
    {R"(\bstd\s*::\s*(thread|jthread|async|this_thread)\b)", Where::kFolders, kThread},
    {R"(\b(pthread_create|usleep|nanosleep)\s*\()", Where::kFolders, kThread},
    {R"(\b(getenv|secure_getenv|setenv|putenv)\s*\()", Where::kFolders, kWorld},
    {R"(\b(setlocale\s*\(|std\s*::\s*locale\b))", Where::kFolders,
     "format with std::to_string or std::to_chars, which know no locale"},
    {R"(\b(unordered_(flat_|node_)?(map|set|multimap|multiset)|concurrent_flat_(map|set))\b)", Where::kSimulated, kOrder},
    {R"(\b(map|set|multimap|multiset)\s*<\s*(const\s+)?[\w:]+\s*(const\s*)?\*)", Where::kSimulated,
     "order by a value such as a name or number, never by an address"},
    {R"(\b(asio|net)\s*::\s*(steady_timer|system_timer|high_resolution_timer|deadline_timer|signal_set|thread_pool|system_executor|system_context|ip\s*::\s*(tcp|udp|icmp)\s*::\s*(socket|acceptor|resolver|iostream)|local\s*::|posix\s*::|random_access_file|stream_file))",
     Where::kSimulated, kAsio},
    {R"(\b(float|double)\b)", Where::kChances,
     "use integers, and ratios of integers for probabilities"},
};

struct Exception {
  const char* path;
  const char* text;  // of the line, without comments
};

// Interfaces of others that leave no choice, and types that make a banned one harmless.
const Exception kExceptions[] = {
    // SQLite's xCurrentTime hands out a Julian day in a double.
    {"simnet/vfs", "current_time(sqlite3_vfs*"},
    {"simnet/vfs", "static_cast<double>(ms) / 86'400'000.0"},
    // simnet's own clock of that name, which reads virtual time.
    {"simnet/timer", "steady_clock::time_point steady_clock::now()"},
    // A table that has no order to show.
    {"system/env/lookup", "unordered_flat_map"},
};

bool applies(Where where, std::string_view path) {
  const bool chances = starts_with_folder(path, "simnet") || starts_with_folder(path, "faults");
  const bool simulated =
      chances || starts_with_folder(path, "properties") ||
      (starts_with_folder(path, "system") && !starts_with_folder(path, "system/real"));
  switch (where) {
    case Where::kChances:
      return chances;
    case Where::kSimulated:
      return simulated;
    case Where::kFolders:
      return simulated ||
             (starts_with_folder(path, "traces") && !starts_with_folder(path, "traces/cli"));
  }
  return false;
}

std::string line_text(std::string_view code, std::size_t position) {
  const std::size_t newline =
      position == 0 ? std::string_view::npos : code.rfind('\n', position - 1);
  const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
  return std::string(code.substr(begin, code.find('\n', position) - begin));
}

bool excepted(const File& file, const std::string& line) {
  return std::ranges::any_of(kExceptions, [&](const Exception& exception) {
    return file.path.starts_with(exception.path) && line.find(exception.text) != std::string::npos;
  });
}

void check_ban(const File& file, const std::string& code, const Ban& ban, Findings& findings) {
  const std::regex pattern(ban.pattern);
  for (std::sregex_iterator it(code.begin(), code.end(), pattern), end; it != end; ++it) {
    // A match may begin with the newline or the character before the name.
    const auto last = static_cast<std::size_t>(it->position() + it->length() - 1);
    if (!excepted(file, line_text(code, last))) {
      findings.push_back(file.path + ":" + std::to_string(line_at(code, last)) + ": `" + it->str() +
                         "` breaks determinism; " + ban.instead);
    }
  }
}

void check_includes(const File& file, Findings& findings) {
  static const std::regex stock(
      R"(boost/asio/(ip/.*|.*timer\.hpp|signal_set\.hpp|thread_pool\.hpp|local/.*)|thread|random|unordered_(map|set)|ctime|locale)");
  if (!applies(Where::kSimulated, file.path)) {
    return;
  }
  // simnet speaks Asio's types of addresses and endpoints; sockets are its own.
  static const std::regex values(R"(boost/asio/ip/.*)");
  for (const Include& include : includes_of(file)) {
    if (starts_with_folder(file.path, "simnet") && std::regex_match(include.target, values)) {
      continue;
    }
    if (!include.quoted && std::regex_match(include.target, stock)) {
      findings.push_back(file.path + ":" + std::to_string(include.line) + ": <" + include.target +
                         "> has no place in simulated code; what it offers depends on this "
                         "machine. See env::Env and simnet");
    }
  }
}

}  // namespace

Findings check_determinism(const File& file) {
  Findings findings;
  if (!is_cpp(file.path)) {
    return findings;
  }
  const std::string code = code_only(file.text);
  for (const Ban& ban : kBans) {
    if (applies(ban.where, file.path)) {
      check_ban(file, code, ban, findings);
    }
  }
  check_includes(file, findings);
  return findings;
}

}  // namespace tidy
