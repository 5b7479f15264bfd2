#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "api/git/history/bytes.hpp"

namespace uhost::git {

/// What is kept of a file's content to tell how alike two files are: how many bytes lie in lines of each hash.
///
/// As git's own measure (git-diff, "-M"): content is cut at line feeds and after 64 bytes, and two files are as alike
/// as the bytes of the pieces they share are of the larger one. A carriage return before a line feed does not count in
/// text (content without a NUL in its first 8,000 bytes).
class ContentSignature {
public:
    explicit ContentSignature(ByteView content);

    std::size_t size() const noexcept { return size_; }

    /// From 0 (nothing shared) to 100 (the same pieces). Two empty files are not alike: there is nothing to share.
    unsigned similarity_percent(const ContentSignature& other) const noexcept;

private:
    struct Piece {
        std::uint64_t hash;
        std::size_t bytes;
    };

    std::size_t size_ = 0;
    std::vector<Piece> pieces_;  // sorted by hash, each hash once
};

}  // namespace uhost::git
