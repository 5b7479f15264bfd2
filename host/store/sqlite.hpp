#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "host/core/error.hpp"
#include "host/store/engine.hpp"

struct sqlite3;

namespace uhost::store {

/// SQLite: a file, or ":memory:". Files are in write-ahead mode with foreign keys enforced. A dry run works on copies
/// of the files that are opened to be written, made when each is first opened.
const Engine& sqlite_engine();

/// What SQLite reported, as an Error about `file`. `sql` is the text at fault, if one is, and `start` where in it the
/// statement begins. Kinds: `db.busy` (locked; details: `retry`, whether waiting can help), `db.corrupt`, `db.full`,
/// `db.constraint` (details: `constraint`), `db.readonly`, `db.open`, `db.sql` (details: `line` and `column` in the
/// SQL, from 1), `db.transaction`, `db.alone`, `db.rolled_back`, `db.too_large`, `db.interrupted`, `memory`, and
/// `db.io` for the rest. To be called before anything else is done with `handle`; `handle` may be null.
Error sqlite_error(sqlite3* handle, int code, const std::string& file, std::string_view sql = {},
                   std::size_t start = 0);

/// Who holds a write lock on the SQLite file or its shared-memory index just now, in words: "process 4711 (uhost)",
/// "this process, through another connection"; "" when nobody does or it is not known.
/// Reads /proc/locks: opening the file to ask would, on closing it, drop this process's own locks on it.
std::string lock_holder(const std::filesystem::path& file);

}  // namespace uhost::store
