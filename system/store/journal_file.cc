#include "system/store/journal_file.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "system/store/header.h"
#include "system/store/layer.h"
#include "system/store/page_checksum.h"

namespace store {
namespace {

constexpr int kPage = static_cast<int>(kPageBytes);
constexpr int kWord = 4;
constexpr sqlite3_int64 kNowhere = -1;

// A segment's header: magic, records, nonce, pages of the database, sector, page.
constexpr std::string_view kMagic = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7";
constexpr int kMagicBytes = 8;
constexpr std::size_t kRecords = 8;
constexpr int kCounted = 12;  // magic and records, which SQLite writes when they are synced
constexpr std::size_t kNonce = 12;
constexpr std::size_t kSector = 20;
constexpr int kHeader = 28;
// Ours, behind it: the records, and the checksum of the header that has magic and records.
constexpr std::size_t kCopy = 28;
constexpr std::size_t kSeal = 32;
constexpr int kSealed = 40;
constexpr sqlite3_int64 kRecord = kWord + kPage + kWord;
constexpr std::uint32_t kSectorMax = 65536;

using Header = std::array<char, kSealed>;

struct JournalFile {
  sqlite3_file base;
  // The header that was written or read last, and its place.
  sqlite3_int64 at = kNowhere;
  Header header{};
  std::uint32_t records = 0;  // that were written behind it
  bool is_sealed = false;     // with so many
  bool was_read = false;      // and nothing was written since
  // The number that was written or read last: of the page whose image comes next.
  sqlite3_int64 number_at = kNowhere;
  // Where SQLite's checksum of that image stands, and what it samples of it.
  sqlite3_int64 checksum_at = kNowhere;
  std::uint32_t sampled = 0;
  std::uint32_t number = 0;
};

using Below = Layer<JournalFile>;

JournalFile& self(sqlite3_file* file) { return Below::self(file); }

int read_below(sqlite3_file* file, void* into, int count, sqlite3_int64 offset) {
  return Below::methods(file).xRead(Below::below(file), into, count, offset);
}
int write_below(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset) {
  return Below::methods(file).xWrite(Below::below(file), from, count, offset);
}

std::uint32_t number_in(const char* bytes, std::size_t at = 0) {
  return header::get({bytes, at + kWord}, at, kWord);
}

bool has_magic(const Header& header) {
  return std::string_view(header.data(), kMagicBytes) == kMagic;
}

// The header as it is when its segment is one to be played back.
Header counted(const Header& header, std::uint32_t records) {
  Header made = header;
  kMagic.copy(made.data(), kMagicBytes);
  header::put(made.data(), kRecords, records);
  header::put(made.data(), kCopy, records);
  return made;
}

XXH64_canonical_t seal_of(const Header& header, sqlite3_int64 at) {
  XXH64_canonical_t bytes;
  XXH64_canonicalFromHash(
      &bytes, XXH3_64bits_withSeed(header.data(), kSeal, static_cast<std::uint64_t>(at)));
  return bytes;
}

// Puts right what was read at that place; false: it is damaged.
//
// Without magic the segment was not synced, and the database is as it was. SQLite writes the
// magic when the records and the seal are on the medium, its first byte first. So where there is
// magic there is a seal that fits; magic and records themselves may be torn or rotten, and follow
// from the copy: the records it counts are on the medium, and to play them back into a
// database that has not changed yet does no harm.
//
// Behind the last segment anything may stand: a crash leaves a journal without magic, as long as
// it had become, and the next transaction writes over its beginning. That is neither magic nor
// has it a seal that fits.
bool mend(Header& header, sqlite3_int64 at) {
  if (header.front() == 0) {
    return true;
  }
  const Header expected = counted(header, number_in(header.data(), kCopy));
  const XXH64_canonical_t bytes = seal_of(expected, at);
  if (std::memcmp(expected.data() + kSeal, &bytes, kChecksumBytes) != 0) {
    return at != 0 && !has_magic(header);
  }
  header = expected;
  return true;
}

// Section 3: every 200th byte, from the end.
std::uint32_t sample(const char* page) {
  std::uint32_t sum = 0;
  for (int at = kPage - 200; at > 0; at -= 200) {
    sum += static_cast<std::uint8_t>(page[at]);
  }
  return sum;
}

// Where the next segment begins: behind the records, at a multiple of the sector. Nothing that
// counts follows one whose records are not counted.
sqlite3_int64 next_segment(const JournalFile& journal) {
  const std::uint32_t sector = number_in(journal.header.data(), kSector);
  if (journal.at == kNowhere || sector == 0 || sector > kSectorMax) {
    return kNowhere;
  }
  const sqlite3_int64 end =
      journal.at + sector + number_in(journal.header.data(), kRecords) * kRecord;
  return (end + sector - 1) / sector * sector;
}

// Of this record the nonce is known. A header counts no records until they are on the medium.
bool in_segment(const JournalFile& journal, sqlite3_int64 offset) {
  return journal.was_read && journal.at != kNowhere && offset > journal.at &&
         (number_in(journal.header.data(), kRecords) == 0 || offset < next_segment(journal));
}

bool in_header(const JournalFile& journal, int count, sqlite3_int64 offset) {
  return journal.at != kNowhere && offset >= journal.at && offset + count <= journal.at + kHeader;
}

// A file that ends in a header was never synced.
int read_header(sqlite3_file* file, sqlite3_int64 at) {
  JournalFile& journal = self(file);
  Header found;
  const int code = read_below(file, found.data(), kSealed, at);
  if (code == SQLITE_OK && !mend(found, at)) {
    return SQLITE_IOERR_DATA;
  }
  if (code == SQLITE_OK) {
    journal.at = at;
    journal.header = found;
    journal.was_read = true;
  }
  return code;
}

int read_image(sqlite3_file* file, char* into, sqlite3_int64 offset) {
  JournalFile& journal = self(file);
  const int code = read_below(file, into, kPage, offset);
  if (code != SQLITE_OK) {
    return code;
  }
  if (journal.number_at != offset - kWord || !is_sealed({into, kPageBytes}, journal.number)) {
    return SQLITE_IOERR_DATA;
  }
  journal.sampled = sample(into);
  journal.checksum_at = offset + kPage;
  return SQLITE_OK;
}

int read_word(sqlite3_file* file, void* into, sqlite3_int64 offset) {
  JournalFile& journal = self(file);
  const int code = read_below(file, into, kWord, offset);
  if (code != SQLITE_OK) {
    return code;
  }
  const std::uint32_t word = number_in(static_cast<const char*>(into));
  if (offset == journal.checksum_at) {
    // One that differs would end the playback, as if the journal were torn here.
    const std::uint32_t nonce = number_in(journal.header.data(), kNonce);
    return in_segment(journal, offset) && word != nonce + journal.sampled ? SQLITE_IOERR_DATA
                                                                          : SQLITE_OK;
  }
  journal.number_at = offset;
  journal.number = word;
  return SQLITE_OK;
}

int file_read(sqlite3_file* file, void* into, int count, sqlite3_int64 offset) noexcept {
  JournalFile& journal = self(file);
  if (offset == 0 ||
      (count == kMagicBytes && has_magic(journal.header) && offset == next_segment(journal))) {
    if (const int code = read_header(file, offset);
        code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ) {
      return code;
    }
  }
  if (in_header(journal, count, offset)) {
    std::memcpy(into, journal.header.data() + (offset - journal.at),
                static_cast<std::size_t>(count));
    return SQLITE_OK;
  }
  switch (count) {
    case kPage:
      return read_image(file, static_cast<char*>(into), offset);
    case kWord:
      return read_word(file, into, offset);
    default:
      return read_below(file, into, count, offset);
  }
}

// SQLite writes it again into each page of a sector that has several.
int write_header(sqlite3_file* file, const char* from, int count, sqlite3_int64 offset) {
  JournalFile& journal = self(file);
  const int code = write_below(file, from, count, offset);
  const bool again = journal.at < offset && offset < next_segment(journal);
  if (code == SQLITE_OK && !again) {
    journal.at = offset;
    std::memcpy(journal.header.data(), from, kSealed);
    journal.records = 0;
    journal.is_sealed = false;
  }
  return code;
}

// The records are on the medium. SQLite says how many, and the segment is one to be played back.
int write_count(sqlite3_file* file, const char* from, sqlite3_int64 offset) {
  JournalFile& journal = self(file);
  if (offset != journal.at || !journal.is_sealed || number_in(from, kRecords) != journal.records) {
    return SQLITE_IOERR_WRITE;
  }
  std::memcpy(journal.header.data(), from, kCounted);
  return write_below(file, from, kCounted, offset);
}

int write_seal(sqlite3_file* file) {
  JournalFile& journal = self(file);
  Header sealed = counted(journal.header, journal.records);
  const XXH64_canonical_t bytes = seal_of(sealed, journal.at);
  std::memcpy(sealed.data() + kSeal, &bytes, kChecksumBytes);
  const int code = write_below(file, sealed.data() + kCopy, kSealed - static_cast<int>(kCopy),
                               journal.at + static_cast<sqlite3_int64>(kCopy));
  journal.is_sealed = code == SQLITE_OK;
  return code;
}

int file_sync(sqlite3_file* file, int flags) noexcept {
  const JournalFile& journal = self(file);
  if (journal.at != kNowhere && !journal.is_sealed && !has_magic(journal.header)) {
    if (const int code = write_seal(file); code != SQLITE_OK) {
      return code;
    }
  }
  return Below::methods(file).xSync(Below::below(file), flags);
}

int write_image(sqlite3_file* file, const char* from, sqlite3_int64 offset) {
  std::array<char, kPageBytes> page;  // SQLite's own copy stays as it is
  std::memcpy(page.data(), from, kPageBytes);
  JournalFile& journal = self(file);
  seal_page(page, journal.number);
  journal.checksum_at = offset + kPage;
  ++journal.records;
  journal.is_sealed = false;
  return write_below(file, page.data(), kPage, offset);
}

int file_write(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset) noexcept {
  JournalFile& journal = self(file);
  const char* bytes = static_cast<const char*>(from);
  journal.was_read = false;
  if (count == kWord) {
    if (offset != journal.checksum_at) {
      journal.number_at = offset;
      journal.number = number_in(bytes);
    }
    return write_below(file, from, count, offset);
  }
  if (count == kPage && offset == journal.number_at + kWord) {
    return write_image(file, bytes, offset);
  }
  if (count == kCounted) {
    return write_count(file, bytes, offset);
  }
  if (count >= kSealed && count <= kPage) {
    return write_header(file, bytes, count, offset);
  }
  return count == 1 ? write_below(file, from, count, offset) : SQLITE_IOERR_WRITE;
}

int file_truncate(sqlite3_file* file, sqlite3_int64 size) noexcept {
  JournalFile& journal = self(file);
  journal.at = journal.number_at = journal.checksum_at = kNowhere;
  return Below::methods(file).xTruncate(Below::below(file), size);
}

constexpr sqlite3_io_methods make_methods(int version) {
  sqlite3_io_methods made = Below::hand_down(version);
  made.xRead = file_read;
  made.xWrite = file_write;
  made.xTruncate = file_truncate;
  made.xSync = file_sync;
  return made;
}

constexpr sqlite3_io_methods kMethods[] = {make_methods(1), make_methods(2)};

}  // namespace

int journal_file_bytes(const sqlite3_vfs& base) {
  return static_cast<int>(sizeof(JournalFile)) + base.szOsFile;
}

int open_journal_file(sqlite3_vfs& base, const char* path, sqlite3_file* into, int flags,
                      int* out_flags) {
  return open_layer<JournalFile>(base, path, into, flags, out_flags, kMethods);
}

}  // namespace store
