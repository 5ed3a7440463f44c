#include "system/lottery/schema.h"

#include <gtest/gtest.h>

#include <string>

namespace {

TEST(Schema, OpensWhatItCreated) {
  store::Database database({":memory:", ""});
  lottery::create_schema(database);
  lottery::create_schema(database);
  EXPECT_EQ(lottery::read_meta(database, "applied_index"), 0);
}

TEST(Schema, AFileOfAnotherVersionIsRefused) {
  for (const char* version : {"3", "5"}) {
    store::Database database({":memory:", ""});
    database.execute(("PRAGMA user_version = " + std::string(version)).c_str());
    try {
      lottery::create_schema(database);
      FAIL() << "version " << version << " was accepted";
    } catch (const store::Error& error) {
      EXPECT_EQ(error.what(), "ledger schema version " + std::string(version) +
                                  " is not version 4, which this program reads and writes");
    }
  }
}

}  // namespace
