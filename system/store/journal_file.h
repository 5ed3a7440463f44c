// The rollback journal of a CheckedVfs. SQLite's own checksum in a journal reads every 200th
// byte of a page, and none of the journal's header: it is made for journals that a crash has
// torn, not for bits that rot. A page image that rotted would be played back into the
// database and be sealed there as if it were right.
//
// So the image of a page is sealed here too (page_checksum.h), in its last eight bytes, which
// are free in each page and outside of what SQLite samples; and so is the header, in eight
// bytes of the padding behind its 28. What does not fit when it is read is SQLITE_IOERR_DATA.
//
// The format: https://www.sqlite.org/fileformat2.html, section 3. SQLite reads and writes a
// record in three calls: page number, image, checksum. That is relied on; a write that fits
// none of its forms is refused.
#pragma once

#include <sqlite3.h>

namespace store {

// What SQLite must allocate for it.
int journal_file_bytes(const sqlite3_vfs& base);

// xOpen of a rollback journal. `into` has journal_file_bytes; SQLite closes it.
int open_journal_file(sqlite3_vfs& base, const char* path, sqlite3_file* into, int flags,
                      int* out_flags);

}  // namespace store
