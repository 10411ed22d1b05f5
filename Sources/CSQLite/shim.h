#pragma once
#include <sqlite3.h>

// The macro SQLITE_TRANSIENT is a cast that Swift does not import: SQLite copies the bytes.
static inline int roost_sqlite3_bind_text(sqlite3_stmt *statement, int index, const char *bytes,
                                          int count) {
    return sqlite3_bind_text(statement, index, bytes, count, SQLITE_TRANSIENT);
}

static inline int roost_sqlite3_bind_blob(sqlite3_stmt *statement, int index, const void *bytes,
                                          int count) {
    return sqlite3_bind_blob(statement, index, bytes, count, SQLITE_TRANSIENT);
}
