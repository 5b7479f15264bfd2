#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace uhost::kb {

/// Hashes that are the same in every process. They find damage and tell texts apart; they are no protection against
/// somebody who wants two texts to have the same.
std::uint64_t hash_of(std::string_view text);
/// Of 128 bits. With a seed that nobody knows, nobody can make two texts that have the same.
std::array<std::uint64_t, 2> hash_of(std::string_view text, std::uint64_t seed);
/// Of 128 bits, in hexadecimal digits.
std::string long_hash_of(std::string_view text);

}  // namespace uhost::kb
