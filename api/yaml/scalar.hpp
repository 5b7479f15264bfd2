#pragma once

#include <string>
#include <variant>

#include "api/yaml/document.hpp"

namespace uhost::yaml {

/// What a scalar stands for by the core schema of YAML 1.2, in which `on`, `yes` and `no` are strings.
using Value = std::variant<std::nullptr_t, bool, double, std::string_view>;

Value resolve(const Node& scalar);
/// "null", "boolean", "number", "string".
std::string type_name(const Value& value);
/// Why the value of a plain scalar is probably not what was meant (`3.10` is 3.1, `010` is 10); empty when it is.
std::string doubt(const Node& scalar);

}  // namespace uhost::yaml
