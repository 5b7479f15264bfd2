#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace uhost::store {

/// Bytes that SQLite keeps as a BLOB. They never equal a TEXT of the same bytes.
struct Blob {
    std::string bytes;
    bool operator==(const Blob&) const = default;
};

struct Null {
    bool operator==(const Null&) const = default;
};

/// One SQL value. Text is kept byte for byte, zero bytes included; integers are exact.
using Value = std::variant<Null, std::int64_t, double, std::string, Blob>;

/// The values of a statement's parameters: `?` and `?3` by position from 1, `:name`, `@name` and `$name` by name, here
/// without the sign. What is not given is NULL.
struct Parameters {
    std::vector<Value> positional;
    std::vector<std::pair<std::string, Value>> named;
    bool empty() const { return positional.empty() && named.empty(); }
};

/// What a value takes in memory, roughly: for limits.
std::size_t size_in_memory(const Value& value);

}  // namespace uhost::store
