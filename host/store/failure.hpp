#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "host/core/error.hpp"

struct sqlite3;

namespace uhost::store {

/// What SQLite reported, as an Error about `file`. `sql` is the text at fault, if one is, and `start` where in it the
/// statement begins. Kinds: `db.busy` (locked; details: `retry`, whether waiting can help), `db.corrupt`, `db.full`,
/// `db.constraint` (details: `constraint`), `db.readonly`, `db.open`, `db.sql` (details: `line` and `column` in the
/// SQL, from 1), `db.transaction`, `db.alone`, `db.rolled_back`, `db.too_large`, `db.interrupted`, `memory`, and
/// `db.io` for the rest. To be called before anything else is done with `handle`; `handle` may be null.
Error failure(sqlite3* handle, int code, const std::string& file, std::string_view sql = {}, std::size_t start = 0);

}  // namespace uhost::store
