#pragma once

#include <array>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "api/kb/candidate_finder.hpp"
#include "api/log_text/block.hpp"

namespace uhost::kb {

/// Numbers lines so that those with the same text have the same number, from 0 in the order in which they first come.
/// Texts are told apart by a hash of 128 bits, which nobody can foresee.
class LineMemo {
public:
    LineMemo();

    /// The number of a line, which is size() before the call for one that is new.
    std::uint32_t number(std::string_view line);
    std::size_t size() const { return size_; }
    void forget();

private:
    using Hash = std::array<std::uint64_t, 2>;
    struct Slot {
        Hash hash;
        std::uint32_t number;
        bool used = false;
    };

    Slot& slot_of(const Hash& hash);
    void grow();

    std::uint64_t seed_;
    std::vector<Slot> slots_;
    std::size_t size_ = 0;
};

/// Some lines of a log, and what may match them. Of lines with the same text, only the first is searched.
struct Piece {
    struct Line {
        std::uint64_t number;  ///< in the log
        std::uint32_t memo;    ///< its number in the memo
    };

    log_text::Block block;
    bool more = true;              ///< whether others come after it
    bool forgets = false;          ///< whether the memo begins anew with it
    std::string text;              ///< of the lines that are searched, with a newline behind each
    std::vector<Line> searched;    ///< their numbers in the memo ascend by one
    std::vector<std::size_t> ends; ///< of each of them in `text`: where its newline is
    std::vector<Line> repeated;    ///< the others
    std::vector<Candidate> found;  ///< in `text`, in any order
};

/// Reads the pieces of a log. For one thread at a time.
class PieceReader {
public:
    PieceReader(log_text::BlockReader& reader, CandidateFinder& finder, std::uint64_t looked_back,
                const std::stop_token& stop)
        : reader_(reader), finder_(finder), looked_back_(looked_back), stop_(stop) {}

    void read(const log_text::Block& before, Piece& piece);

private:
    void choose_lines(Piece& piece);

    log_text::BlockReader& reader_;
    CandidateFinder& finder_;
    std::uint64_t looked_back_;
    const std::stop_token& stop_;
    LineMemo memo_;
    std::size_t candidates_ = 0;  // of the lines in the memo
};

}  // namespace uhost::kb
