#include "system/replica/head.h"

#include <array>
#include <string>

#include "system/probe/probe.h"
#include "system/replica/codec.h"

namespace replica {
namespace {

constexpr std::uint8_t kFormat = 1;

struct Copy {
  const char* read;
  const char* write;
};
// Texts of their own, because a text is the key of its prepared statement.
constexpr std::array<Copy, 2> kCopies{{
    {"SELECT body, checksum FROM head_a WHERE id = 1",
     "INSERT OR REPLACE INTO head_a(id, body, checksum) VALUES(1, ?1, ?2)"},
    {"SELECT body, checksum FROM head_b WHERE id = 1",
     "INSERT OR REPLACE INTO head_b(id, body, checksum) VALUES(1, ?1, ?2)"},
}};

std::string encode(const Head& head) {
  Writer writer;
  writer.byte(kFormat);
  for (const std::uint64_t value :
       {head.sequence, head.hard_state.term, head.hard_state.vote, head.last_index,
        head.last_checksum, head.mark_checksum, head.distrusted_up_to}) {
    writer.integer(value);
  }
  replica::write(writer, head.mark);
  writer.byte(head.install ? 1 : 0);
  if (head.install) {
    replica::write(writer, *head.install);
  }
  return writer.take();
}

Head decode(std::string_view body) {
  Reader reader(body);
  if (reader.byte("head.format") != kFormat) {
    Reader::fail("head.format", "another one");
  }
  Head head;
  for (std::uint64_t* value :
       {&head.sequence, &head.hard_state.term, &head.hard_state.vote, &head.last_index,
        &head.last_checksum, &head.mark_checksum, &head.distrusted_up_to}) {
    *value = reader.integer("head");
  }
  head.mark = read_mark(reader);
  if (reader.boolean("head.install")) {
    head.install = read_mark(reader);
  }
  reader.finish();
  return head;
}

// Null when the copy is not there or not what was written.
std::optional<Head> read_copy(store::Database& database, const Copy& copy, bool& there) {
  store::Query query = database.query(copy.read);
  if (!query.step()) {
    return std::nullopt;
  }
  there = true;
  const std::string body = query.text(0);
  if (static_cast<std::uint64_t>(query.integer(1)) != hash_of(body)) {
    return std::nullopt;
  }
  try {
    return decode(body);
  } catch (const rpc::CodecError&) {
    return std::nullopt;
  }
}

}  // namespace

void create_head_tables(store::Database& database) {
  database.execute(
      "CREATE TABLE IF NOT EXISTS head_a(id INTEGER PRIMARY KEY, body BLOB NOT NULL, "
      "checksum INTEGER NOT NULL);"
      "CREATE TABLE IF NOT EXISTS head_b(id INTEGER PRIMARY KEY, body BLOB NOT NULL, "
      "checksum INTEGER NOT NULL)");
}

FoundHead read_head(store::Database& database) {
  FoundHead found;
  bool there = false;
  const std::optional<Head> a = read_copy(database, kCopies[0], there);
  const std::optional<Head> b = read_copy(database, kCopies[1], there);
  if (!a && !b) {
    found.state = there ? HeadState::lost : HeadState::absent;
    return found;
  }
  probe::hit_if<"replica.one_head_copy_damaged">(there && (!a || !b));
  found.state = HeadState::sound;
  found.head = !b || (a && a->sequence >= b->sequence) ? *a : *b;
  found.both_agree = a && b && a->sequence == b->sequence;
  return found;
}

void write_head(store::Database& database, const Head& head) {
  const std::string body = encode(head);
  for (const Copy& copy : kCopies) {
    database.run(copy.write, std::string_view(body), static_cast<std::int64_t>(hash_of(body)));
  }
}

}  // namespace replica
