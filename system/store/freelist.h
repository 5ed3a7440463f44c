// The pages of a database file that hold nothing. SQLite neither reads the free leaves nor
// journals them before it uses one again: when such a transaction is rolled back after a
// power loss, what it wrote there stays, whole or torn. So a free leaf may not match its
// checksum without anything being wrong, and yet SQLite reads it along with its neighbours
// where a sector of the disk is larger than a page.
//
// Source: https://www.sqlite.org/fileformat2.html, section 1.5.
#pragma once

#include <sqlite3.h>

#include <string>

namespace store {

// Free leaves that do not match their checksum become zeros. Safe to be interrupted; the
// next commit makes it durable. REQUIRES: a CheckedVfs below or none (in memory: nothing to
// do), no transaction. Errors: store::Error, also for damage in the list itself.
void mend_free_leaves(sqlite3* handle);

// The same for all free leaves of a snapshot, whether they match or not.
// REQUIRES: whole pages, at least one.
void clear_free_leaves(std::string& bytes);

}  // namespace store
