#include "api/git/history/bloom.hpp"

#include <algorithm>
#include <bit>

namespace uhost::git {
namespace {

constexpr std::uint32_t first_seed = 0x293ae76f;
constexpr std::uint32_t step_seed = 0x7e646e2c;

std::uint32_t widen(char c, bool sign_extend) noexcept {
    return sign_extend ? static_cast<std::uint32_t>(static_cast<std::int32_t>(static_cast<signed char>(c)))
                       : static_cast<std::uint32_t>(static_cast<unsigned char>(c));
}

std::uint32_t scramble(std::uint32_t block) noexcept { return std::rotl(block * 0xcc9e2d51u, 15) * 0x1b873593u; }

}  // namespace

std::uint32_t murmur3(std::uint32_t seed, std::string_view text, bool sign_extend) noexcept {
    std::uint32_t hash = seed;
    const std::size_t whole = text.size() / 4 * 4;
    for (std::size_t i = 0; i < whole; i += 4) {
        std::uint32_t block = 0;
        for (unsigned j = 0; j < 4; ++j) block |= widen(text[i + j], sign_extend) << (8 * j);
        hash = std::rotl(hash ^ scramble(block), 13) * 5 + 0xe6546b64u;
    }
    std::uint32_t tail = 0;
    for (std::size_t i = text.size(); i > whole; --i) {
        tail ^= widen(text[i - 1], sign_extend) << (8 * (i - 1 - whole));
    }
    if (whole != text.size()) hash ^= scramble(tail);
    hash ^= static_cast<std::uint32_t>(text.size());
    hash = (hash ^ (hash >> 16)) * 0x85ebca6bu;
    hash = (hash ^ (hash >> 13)) * 0xc2b2ae35u;
    return hash ^ (hash >> 16);
}

BloomPath::BloomPath(std::string_view path) {
    ascii_ = std::all_of(path.begin(), path.end(), [](char c) { return (c & 0x80) == 0; });
    for (std::string_view part = path; !part.empty();) {
        plain_.push_back({murmur3(first_seed, part, false), murmur3(step_seed, part, false)});
        sign_extended_.push_back({murmur3(first_seed, part, true), murmur3(step_seed, part, true)});
        const std::size_t slash = part.rfind('/');
        part = slash == std::string_view::npos ? std::string_view() : part.substr(0, slash);
    }
}

bool BloomPath::may_have_changed(ByteView filter, const BloomSettings& settings) const noexcept {
    if (filter.empty() || plain_.empty()) return true;
    if (holds_all(filter, plain_, settings.hash_count)) return true;
    // Whether version 1 widened with the sign depends on the machine that wrote the file, so either may hold.
    return settings.hash_version == 1 && !ascii_ && holds_all(filter, sign_extended_, settings.hash_count);
}

bool BloomPath::holds_all(ByteView filter, const Keys& keys, std::uint32_t hash_count) noexcept {
    const std::uint64_t bits = std::uint64_t{filter.size()} * 8;
    return std::all_of(keys.begin(), keys.end(), [&](const Key& key) {
        for (std::uint32_t i = 0; i < hash_count; ++i) {
            const std::uint64_t bit = (key.first + i * key.step) % bits;
            if ((filter[bit / 8] & (1u << (bit % 8))) == 0) return false;
        }
        return true;
    });
}

}  // namespace uhost::git
