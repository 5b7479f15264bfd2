#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "api/git/history/bytes.hpp"

namespace uhost::git {

/// How the changed-path filters of a commit-graph file were made (gitformat-commit-graph, "Bloom Filter Data").
struct BloomSettings {
    std::uint32_t hash_version = 0;  ///< 1 or 2
    std::uint32_t hash_count = 0;
};

/// 32-bit MurmurHash3 of `text`. Git's version 1 filters hashed bytes as `char`, so those from 0x80 up were widened
/// with their sign where char is signed; `sign_extend` does the same. Version 2 does not.
std::uint32_t murmur3(std::uint32_t seed, std::string_view text, bool sign_extend) noexcept;

/// A path as the changed-path filters ask for it. A filter holds every changed file and the folders above it, so the
/// path and each of its leading folders must be in it.
class BloomPath {
public:
    /// `path` is as in a tree: no slash at either end. An empty path (everything) may always have changed.
    explicit BloomPath(std::string_view path);

    /// False only if the commit with this `filter` certainly left the path as its first parent has it. An empty filter
    /// was never computed, so it may have changed anything.
    bool may_have_changed(ByteView filter, const BloomSettings& settings) const noexcept;

private:
    /// The two hashes whose sums are the positions of all others (double hashing).
    struct Key {
        std::uint32_t first;
        std::uint32_t step;
    };
    /// The keys of the path and its leading folders under one way of hashing.
    using Keys = std::vector<Key>;

    static bool holds_all(ByteView filter, const Keys& keys, std::uint32_t hash_count) noexcept;

    Keys plain_;
    Keys sign_extended_;
    bool ascii_ = true;
};

}  // namespace uhost::git
