#include "api/kb/hash.hpp"

#include <fmt/format.h>

// The library is part of this file, so that starting needs no further one.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace uhost::kb {

std::uint64_t hash_of(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

std::array<std::uint64_t, 2> hash_of(std::string_view text, std::uint64_t seed) {
    const auto hash = XXH3_128bits_withSeed(text.data(), text.size(), seed);
    return {hash.low64, hash.high64};
}

std::string long_hash_of(std::string_view text) {
    const auto hash = XXH3_128bits(text.data(), text.size());
    return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace uhost::kb
