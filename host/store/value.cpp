#include "host/store/value.hpp"

namespace uhost::store {

std::size_t size_in_memory(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return sizeof value + text->size();
    if (const auto* blob = std::get_if<Blob>(&value)) return sizeof value + blob->bytes.size();
    return sizeof value;
}

}  // namespace uhost::store
