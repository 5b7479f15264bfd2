#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "api/logs/block.hpp"
#include "host/core/descriptor.hpp"
#include "host/core/mapped_file.hpp"

namespace uhost::logs {

// A segment is a file of blocks, one after the other, and an index beside it: for each block a record with a copy of
// its head, its place and its filter. Both only grow. A record is written when its block is on the disk, so that what
// the index says is there after a crash; half a block behind that was never promised to anybody, and is cut off when
// the segment is next written to. An index that is damaged costs the filters behind the damage, and nothing else:
// blocks are found by their heads.

std::filesystem::path segment_file(const std::filesystem::path& folder, std::uint64_t id);
std::filesystem::path index_file(const std::filesystem::path& folder, std::uint64_t id);
/// The segments of a folder, the oldest first.
std::vector<std::uint64_t> segment_ids(const std::filesystem::path& folder);

/// A segment as it was when it was opened. Immutable; from any thread.
class Segment {
public:
    struct Block {
        BlockHead head;
        std::uint64_t offset;     ///< of what follows its head in the file
        std::string_view filter;  ///< empty where the index does not know it
    };

    /// Nothing when there is no such segment.
    static std::optional<Segment> open(const std::filesystem::path& folder, std::uint64_t id);

    std::uint64_t id() const { return id_; }
    const std::vector<Block>& blocks() const { return blocks_; }
    std::string_view packed(const Block& block) const;
    /// Whether the file has the head of a block that the index has.
    bool has_head(const Block& block) const;
    std::uint64_t lines() const { return blocks_.empty() ? 0 : blocks_.back().head.end_line(); }
    std::uint64_t bytes() const { return content_.size() + index_.size(); }
    /// How far the file is known by its index.
    std::uint64_t indexed_bytes() const { return indexed_bytes_; }
    std::uint64_t valid_index_bytes() const { return valid_index_bytes_; }
    /// Whether the index has, behind what is valid, a whole record that is not: damage, and no unfinished write.
    bool index_is_damaged() const { return index_is_damaged_; }
    /// The position of the block that has a line; blocks().size() where none has.
    std::size_t block_of(std::uint64_t line) const;

private:
    explicit Segment(std::uint64_t id) : id_(id) {}
    void read_index();
    void read_heads();

    std::uint64_t id_;
    std::optional<MappedFile> content_file_, index_file_;
    std::string_view content_, index_;
    std::vector<Block> blocks_;
    std::uint64_t indexed_bytes_ = 0, valid_index_bytes_ = 0;
    bool index_is_damaged_ = false;
};

/// Appends blocks to a segment, which is locked meanwhile. One thread at a time.
class SegmentWriter {
public:
    /// The next blocks go to another segment when this one has so many bytes.
    static constexpr std::uint64_t full_bytes = 256 << 20;

    /// The newest segment that nobody else writes to, that is whole and not full; else a new one. Throws `logs.write`.
    static SegmentWriter open(const std::filesystem::path& folder);

    std::uint64_t id() const { return id_; }
    std::uint64_t end_line() const { return end_line_; }
    bool is_full() const { return offset_ >= full_bytes; }
    /// Throws `logs.write`.
    void append(const PackedBlock& block);
    /// Returns when everything is on the disk. Throws `logs.write`.
    void commit();

private:
    SegmentWriter(std::filesystem::path folder, std::uint64_t id) : folder_(std::move(folder)), id_(id) {}
    static std::optional<SegmentWriter> create(const std::filesystem::path& folder, std::uint64_t id);
    static std::optional<SegmentWriter> reopen(const std::filesystem::path& folder, std::uint64_t id);
    [[noreturn]] void fail(const std::filesystem::path& file, int code) const;

    std::filesystem::path folder_;
    std::uint64_t id_;
    Descriptor content_, index_;
    std::uint64_t offset_ = 0, end_line_ = 0;
    std::string records_;  // of the blocks since the last commit
};

/// What is wrong with a block.
struct Damage {
    std::uint64_t block;  ///< from 0; beyond the last one where the index is meant
    std::uint64_t first_line, lines;
    std::string what;
};

/// Reads all of a segment and compares it with its checksums. Gives up early when `stop` is requested.
std::vector<Damage> verify(const Segment& segment, Dictionaries& dictionaries, const std::stop_token& stop);

/// Keeps writers away from a segment, as long as it lives.
class SegmentLock {
public:
    /// Nothing when somebody writes to it, or it is not there.
    static std::optional<SegmentLock> take(const std::filesystem::path& folder, std::uint64_t id);

private:
    explicit SegmentLock(Descriptor file) : file_(std::move(file)) {}
    Descriptor file_;
};

/// Removes dictionaries that no block uses. Does nothing while anybody writes.
void remove_unused_dictionaries(const std::filesystem::path& folder);

/// Removes a segment and its index. Throws `logs.write`.
void remove_segment(const std::filesystem::path& folder, std::uint64_t id);

}  // namespace uhost::logs
