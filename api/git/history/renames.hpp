#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/git/history/tree_object.hpp"

namespace uhost::git {

/// What is kept of a file's content to measure how alike two files are: how many bytes lie in pieces of each hash.
///
/// As git's own measure (git-diff, "-M"): content is cut at line feeds and after 64 bytes, and two files are as alike
/// as the bytes of the pieces they share are of the larger one. A carriage return before a line feed does not count in
/// text (content without a NUL in its first 8,000 bytes), and nothing after the last line feed does, unless 64 bytes
/// are full.
class ContentSignature {
public:
    explicit ContentSignature(ByteView content);

    std::size_t size() const noexcept { return size_; }

    /// From 0 (nothing shared) to max_score (the same pieces). Two empty files are not alike: there is nothing to
    /// share.
    unsigned score(const ContentSignature& other) const noexcept;
    unsigned similarity_percent(const ContentSignature& other) const noexcept { return score(other) * 100 / max_score; }

    static constexpr unsigned max_score = 60000;

private:
    struct Piece {
        std::uint32_t hash;
        std::uint32_t bytes;
    };

    std::size_t size_ = 0;
    std::vector<Piece> pieces_;  // sorted by hash, each hash once
};

/// File number `from` of a list of removed files is file number `to` of a list of added ones.
struct Rename {
    std::size_t from, to;
    unsigned similarity_percent;  ///< 100 for the very same content
};

/// Signatures by the id of their content, for finders that meet the same files again and again. For one thread.
class SignatureCache {
public:
    /// The signature of a blob; null for one that is empty or larger than 64 MiB.
    std::shared_ptr<const ContentSignature> find(ObjectReader& reader, const Oid& blob);

private:
    std::unordered_map<Oid, std::shared_ptr<const ContentSignature>, OidHash> known_;
};

/// Pairs removed files with added ones by steps, each file at most once. Both lists outlive it.
class RenameFinder {
public:
    /// What merges know beyond the names: which sources matter, and where the folder of one went by all appearances.
    struct NameHints {
        std::function<bool(std::size_t from)> is_wanted;
        std::function<std::optional<std::size_t>(std::size_t from)> likely_target;
    };

    RenameFinder(ObjectReader& reader, SignatureCache& signatures, std::span<const TreeFile> removed,
                 std::span<const TreeFile> added);

    /// Called with each pair from now on.
    void on_pair(std::function<void(const Rename&)> call) { on_pair_ = std::move(call); }

    void match_same_content();
    void match_names(const NameHints& hints = {});
    /// Compares all that are left, unless these are more than `max_pairs` pairs.
    void match_similar(std::size_t max_pairs);
    /// Takes no file for a new name of this one any more.
    void leave_out(std::size_t from) { source_used_[from] = true; }
    void leave_out_target(std::size_t to) { target_used_[to] = true; }

    bool is_source_used(std::size_t from) const { return source_used_[from]; }
    bool is_target_used(std::size_t to) const { return target_used_[to]; }
    std::vector<Rename> take() { return std::move(renames_); }

private:
    struct Candidate;
    struct Content {
        bool read = false;
        std::shared_ptr<const ContentSignature> signature;
    };

    void pair(std::size_t from, std::size_t to, unsigned percent);
    std::optional<std::size_t> best_source(const std::vector<std::size_t>& sources, std::size_t to) const;
    void add_candidates(std::size_t to, std::vector<Candidate>& all);
    unsigned score_of(std::size_t from, std::size_t to);
    const ContentSignature* signature(Content& content, const TreeFile& file);

    ObjectReader& reader_;
    SignatureCache& signatures_;
    std::span<const TreeFile> removed_, added_;
    std::vector<bool> source_used_, target_used_;
    std::vector<Content> old_contents_, new_contents_;
    std::vector<Rename> renames_;
    std::function<void(const Rename&)> on_pair_;
};

/// Pairs removed files with added ones as git does (diffcore-rename.c with `-M50%`), each file at most once:
///
/// 1. the same content is the same file, of several the one of the same name, else the first;
/// 2. files of one name that no other file has on either side, if they are at least 75 % alike;
/// 3. of the rest, pairs that are at least half alike, the most alike first, then those of the same name.
///
/// Step 3 is left out where it would compare more than a million pairs (git's rename limit of 1,000). Contents over 64
/// MiB are not compared. Both lists are in git's order of paths. Raises as `ObjectReader::read`: what a partial clone
/// does not have is not taken for unlike.
std::vector<Rename> find_renames(ObjectReader& reader, std::span<const TreeFile> removed,
                                 std::span<const TreeFile> added);

/// Where a removed file went.
struct Move {
    std::string path;
    unsigned similarity_percent = 0;
};

/// Where each of `difference.removed` went: the pairs of find_renames, and files of the same content as one that was
/// added, even if another file went there already: that is what folding duplicates into one looks like. Empty files go
/// nowhere. `wanted[i]` says for which files an answer is needed; the others only compete with them.
std::vector<std::optional<Move>> find_moves(ObjectReader& reader, const TreeDifference& difference,
                                            const std::vector<bool>& wanted);

}  // namespace uhost::git
