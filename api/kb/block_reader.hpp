#pragma once

#include "api/kb/block.hpp"
#include "api/kb/hit.hpp"
#include "api/kb/line_index.hpp"
#include "api/kb/raw_reader.hpp"

namespace uhost::kb {

/// Reads and cleans the lines of a file, a block at a time.
class BlockReader {
public:
    /// Lines are numbered on from `number`, which begins at `offset`; none is read behind line `last`.
    BlockReader(const SourceFile& file, std::uint64_t offset, std::uint64_t number, std::uint64_t last);

    /// Adds what comes next to `block`. False when there is no more to come; the block may have new lines nevertheless.
    /// Throws `kb.read`, and `cancelled` when `stop` is requested.
    bool next(Block& block, const std::stop_token& stop);

    /// Whether the file ended.
    bool at_end() const { return at_end_; }
    std::uint64_t lines() const { return lines_; }
    std::uint64_t bytes() const { return reader_.offset() - begin_; }
    /// Of the lines that were read.
    LineIndex& index() { return index_; }
    std::vector<ScanResult::Marker>& markers() { return markers_; }

private:
    const SourceFile& file_;
    RawReader reader_;
    LineCleaner cleaner_;
    LineIndex index_;
    std::vector<ScanResult::Marker> markers_;
    std::uint64_t begin_, number_, last_, lines_ = 0;
    bool at_end_ = false;
};

}  // namespace uhost::kb
