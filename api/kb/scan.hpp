#pragma once

#include <condition_variable>
#include <exception>
#include <mutex>
#include <stop_token>

#include "api/kb/hit_finder.hpp"
#include "api/kb/search_plan.hpp"
#include "api/log_text/block.hpp"

namespace uhost::kb {

/// One look through lines of a log. Some threads each read a block of lines, look for what matches in it, and, when it
/// is their block's turn, put that together with what was found before.
class Scan {
public:
    /// The patterns, the plan and the reader must outlive it; `first_number` is the line that the reader begins with.
    Scan(const PatternSet& patterns, const SearchPlan& plan, log_text::BlockReader& reader, std::uint64_t first_number,
         const std::stop_token& stop);

    /// Throws `log_text.read`, and `cancelled` when `stop` is requested.
    void run(ScanResult& result);

private:
    /// Some lines of a log, and what was found in them.
    struct Piece {
        std::uint64_t number;  ///< from 0
        log_text::Block block;
        std::vector<const LineResult*> found;  ///< in each new line; of the worker's
        std::vector<std::uint32_t> exhausted;  ///< expressions that took all of their steps
        bool is_exhausted = false;             ///< all together took theirs
        bool is_last = false;
    };
    class Worker;

    bool read(Piece& piece);
    void take(const Piece& piece);
    void work(Worker& worker, Piece& piece);
    void work_until_end(Worker& worker);

    const PatternSet& patterns_;
    const SearchPlan& plan_;
    log_text::BlockReader& reader_;
    const std::stop_token& stop_;
    StepBudget budget_;
    HitFinder hits_;

    std::mutex reading_;
    log_text::Block before_;  // the end of the block that was read last
    std::uint64_t pieces_read_ = 0;
    bool is_read_ = false;

    std::mutex taking_;
    std::condition_variable taken_;
    std::uint64_t pieces_taken_ = 0;
    std::exception_ptr failure_;
};

}  // namespace uhost::kb
