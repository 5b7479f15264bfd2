#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "api/git/history/bytes.hpp"
#include "api/git/history/oid.hpp"

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

/// One commit-graph file (gitformat-commit-graph, version 1 with SHA-1), mapped into memory. Opening checks that every
/// table fits; positions found in it are checked where they are followed.
class CommitGraphFile {
public:
    /// The parents of the commits of a file are positions in the whole chain.
    static constexpr std::uint32_t no_parent = 0x70000000;

    /// Opens a file that stands on `base_count` others; nothing if it is not one or anything in it is off.
    static std::optional<CommitGraphFile> open(const std::filesystem::path& path, std::size_t base_count);

    std::uint32_t size() const noexcept { return count_; }
    Oid oid(std::uint32_t row) const noexcept { return Oid::from_bytes(oids_ + std::size_t{row} * Oid::size); }
    Oid tree(std::uint32_t row) const noexcept { return Oid::from_bytes(data(row)); }
    std::optional<std::uint32_t> find(const Oid& oid) const noexcept;

    std::int64_t time(std::uint32_t row) const noexcept;
    /// The topological level: greater than that of every parent; 0 if the writer did not compute it.
    std::uint32_t level(std::uint32_t row) const noexcept { return big_endian_32(data(row) + Oid::size + 8) >> 2; }

    /// The committer date raised above that of every ancestor; nothing if the file has none or it is damaged.
    std::optional<std::int64_t> corrected_time(std::uint32_t row) const noexcept;
    bool has_corrected_times() const noexcept { return !generations_.empty(); }

    /// Appends the positions of the parents; false if the lists they are in are damaged.
    bool append_parents(std::uint32_t row, std::vector<std::uint32_t>& parents) const;

    std::size_t extra_edge_count() const noexcept { return extra_edges_.size() / 4; }

    /// The changed-path filter; empty if there is none.
    ByteView filter(std::uint32_t row) const noexcept;
    const BloomSettings& bloom_settings() const noexcept { return bloom_settings_; }

    /// The name of the file in a chain.
    Oid checksum() const noexcept;
    /// Whether that is the SHA-1 of the rest of the file.
    bool checksum_holds() const;
    /// The checksum of base number `index`, from the file's own list.
    Oid base(std::size_t index) const noexcept { return Oid::from_bytes(bases_.data() + index * Oid::size); }

private:
    explicit CommitGraphFile(MappedFile file) noexcept : file_(std::move(file)) {}
    bool check(std::size_t base_count);
    bool check_header(std::size_t base_count) const;
    bool find_tables(std::size_t base_count);
    bool find_filters() noexcept;
    ByteView chunk(const char* name) const noexcept;
    const std::uint8_t* data(std::uint32_t row) const noexcept { return data_ + std::size_t{row} * (Oid::size + 16); }

    MappedFile file_;
    std::uint32_t count_ = 0;
    const std::uint8_t* fanout_ = nullptr;
    const std::uint8_t* oids_ = nullptr;
    const std::uint8_t* data_ = nullptr;
    ByteView generations_;
    ByteView generation_overflow_;
    ByteView extra_edges_;
    ByteView filter_ends_;
    ByteView filters_;
    ByteView bases_;
    BloomSettings bloom_settings_;
};

/// The commit-graph of a repository: one file, or a chain of them (`commit-graphs/commit-graph-chain`). A commit is
/// known by its position, counted through the chain from its base. Immutable: any number of threads may read it.
///
/// The graph holds every ancestor of each of its commits. Opening it checks what all of it rests on, and parents are
/// checked as they are read: each has a lower level, so that no walk goes in circles. Damage beyond that gives wrong
/// answers here as in git, which leaves checksums to `git fsck`; what closes issues asks `is_sound` first.
class CommitGraph {
public:
    /// Opens the graph of the first of the `objects` folders that has one; nothing if none has, or what it rests on is
    /// damaged.
    static std::optional<CommitGraph> open(const std::vector<std::filesystem::path>& object_folders);

    /// Whether the checksums of its files and all of its parents hold. For 60,000 commits that takes 4 ms.
    bool is_sound() const;

    std::uint32_t size() const noexcept { return size_; }
    std::optional<std::uint32_t> find(const Oid& oid) const noexcept;
    Oid oid(std::uint32_t position) const noexcept;
    Oid tree(std::uint32_t position) const noexcept;
    std::int64_t time(std::uint32_t position) const noexcept;
    /// The committer date raised above that of every ancestor; the plain one if not all of the files have it.
    std::int64_t corrected_time(std::uint32_t position) const noexcept;
    /// Appends the positions of the parents; false if the lists they are in are damaged.
    bool append_parents(std::uint32_t position, std::vector<std::uint32_t>& parents) const;
    /// How many parents all of its commits have at most. Lists that overlap, which git never writes, could make more.
    std::size_t max_parents() const noexcept { return max_parents_; }
    /// False only if the commit certainly left `path` as its first parent has it.
    bool may_have_changed(std::uint32_t position, const BloomPath& path) const noexcept;

private:
    struct Place {
        const CommitGraphFile* file;
        std::uint32_t row;
    };

    static std::optional<CommitGraph> open_single(const std::filesystem::path& objects);
    static std::optional<CommitGraph> open_chain(const std::filesystem::path& objects);
    bool add(CommitGraphFile file);
    bool parents_hold() const;
    bool checksums_hold() const;
    Place place(std::uint32_t position) const noexcept;

    std::vector<CommitGraphFile> files_;
    std::vector<std::uint32_t> starts_;  // the position of each file's first commit
    std::uint32_t size_ = 0;
    std::size_t max_parents_ = 0;
    bool corrected_times_ = true;
};

}  // namespace uhost::git
