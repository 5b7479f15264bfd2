#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/git/history/bytes.hpp"
#include "api/git/history/tree_object.hpp"

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

/// Where the file of the same number in a list of removed files went.
struct Move {
    std::string path;
    unsigned similarity_percent = 0;  ///< 100 for the very same content
};

/// Pairs the files a commit removed with those it added, of the whole tree, in the manner of git's `-M50%`:
///
/// 1. the same content is the same file; where several could be, the one of the same name, then the one that shares
///    more of its path. Unlike git's pairs, two removed files of the same content may both have gone to one place,
///    for that is what folding duplicates into one is. Empty files are not paired.
/// 2. of the rest, pairs that are at least half alike, the most alike first, each file once.
///
/// `wanted[i]` tells for which removed files an answer is needed. To bound the work, contents over 4 MiB are not
/// compared, nor any if there would be more than a million pairs; the exact moves are found all the same. Contents
/// that a partial clone does not have are taken for unlike, without fetching them. Raises as `ObjectReader::read`.
std::vector<std::optional<Move>> find_moves(ObjectReader& reader, const TreeDifference& difference,
                                            const std::vector<bool>& wanted);

}  // namespace uhost::git
