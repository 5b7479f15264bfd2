#pragma once

#include <span>
#include <string_view>

#include "host/bind/call.hpp"

namespace uhost::bind {

/// A kind of table that a primitive gives: plain data, which scripts may change, with a name and known fields. Reading
/// a field whose name is near to a known one raises with "did you mean". Every other missing field is nil: optional
/// ones, those of other records of the same primitive (scripts read issues and pull requests alike), and a script's
/// own. Static; of Lua alone: `uhost.record`.
struct RecordType {
    const char* name;  ///< as the definition has it: "git.Commit"
    std::span<const std::string_view> fields;
};

/// Pushes an empty record, whose fields are then set as those of any table; with room for `fields` of them, where many
/// records lack some.
Call& new_record(Call& call, const RecordType& type, std::size_t fields);
inline Call& new_record(Call& call, const RecordType& type) { return new_record(call, type, type.fields.size()); }

/// `uhost.record(name, fields)`: gives the function that makes a table a record of the kind.
int make_record(Call& call);

}  // namespace uhost::bind
