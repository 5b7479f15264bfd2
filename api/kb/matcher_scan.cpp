#include <future>

#include "api/kb/block_reader.hpp"
#include "api/kb/hit_finder.hpp"
#include "api/kb/matcher.hpp"

namespace uhost::kb {
namespace {

/// Some lines of a log, and what may match them.
struct Piece {
    Block block;
    std::vector<Candidate> found;
    bool more = true;  ///< whether others come after it
};

/// Reads the pieces of a log. For one thread at a time.
class PieceReader {
public:
    PieceReader(BlockReader& reader, CandidateFinder& finder, std::uint64_t looked_back, const std::stop_token& stop)
        : reader_(reader), finder_(finder), looked_back_(looked_back), stop_(stop) {}

    void read(const Block& before, Piece& piece) {
        piece.block.begin_behind(before, looked_back_);
        piece.more = reader_.next(piece.block, stop_);
        piece.found.clear();
        if (piece.block.has_new()) finder_.find(piece.block.new_text(), piece.found);
    }

private:
    BlockReader& reader_;
    CandidateFinder& finder_;
    std::uint64_t looked_back_;
    const std::stop_token& stop_;
};

// While one piece is looked at, the next is read on another thread.
void look_at_all(PieceReader& reader, std::uint64_t first_number, HitFinder& hits) {
    Piece current, next;
    Block nothing;
    nothing.set_first_number(first_number);
    reader.read(nothing, current);
    while (current.more) {
        auto reading = std::async(std::launch::async, [&] { reader.read(current.block, next); });
        hits.look(current.block, current.found, false);  // should it fail, what is read is waited for
        reading.get();
        std::swap(current, next);
    }
    hits.look(current.block, current.found, true);
}

}  // namespace

ScanResult Matcher::scan(Log& log, std::uint64_t from, std::uint64_t to, const std::stop_token& stop) const {
    ScanResult result;
    from = std::max<std::uint64_t>(from, 1);
    if (from > 1) log.make_index(stop);
    const bool begins_inside = from == 1 || from <= log.lines().value_or(0);
    BlockReader reader(log.file(), from > 1 && begins_inside ? log.offset_of(from) : 0, from, begins_inside ? to : 0);
    HitFinder hits(patterns_);
    const auto candidates = finder();
    PieceReader pieces(reader, *candidates, patterns_.lines_looked_back(), stop);
    look_at_all(pieces, from, hits);
    result.lines = reader.lines();
    result.bytes = reader.bytes();
    result.markers = std::move(reader.markers());
    hits.give(result);
    if (from == 1 && reader.at_end()) log.set_index(std::move(reader.index()));
    return result;
}

}  // namespace uhost::kb
