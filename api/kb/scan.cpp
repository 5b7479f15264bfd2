#include "api/kb/scan.hpp"

#include <algorithm>
#include <deque>
#include <thread>

#include "api/kb/candidate_finder.hpp"
#include "api/kb/line_matcher.hpp"
#include "api/kb/line_memo.hpp"

namespace uhost::kb {
namespace {

constexpr unsigned max_threads = StepBudget::max_blocks;

}  // namespace

/// What one thread needs for itself.
class Scan::Worker {
public:
    Worker(const PatternSet& patterns, const SearchPlan& plan, const StepBudget& budget)
        : finder_(plan, patterns.expressions().size()), matcher_(patterns, budget) {}

    /// What is found stays until the next call.
    void look(Piece& piece) {
        const auto& block = piece.block;
        piece.found.clear();
        lines_.clear();
        results_.clear();
        others_.clear();
        // In a small log, finding a line again is not worth a memo.
        const bool has_memo = piece.number > 0 || !piece.is_last;
        if (has_memo) memo_.begin_block();
        matcher_.begin_block(piece.number);
        for (auto number = block.first_new_number(); number <= block.last_number(); ++number) {
            bool is_known = false;
            const auto line = block.line(number);
            auto* result = has_memo ? memo_.find(line, is_known) : nullptr;
            if (result == nullptr) result = &others_.emplace_back();
            piece.found.push_back(result);
            if (is_known) continue;
            lines_.push_back(line);
            results_.push_back(result);
        }
        finder_.find(lines_, [&](std::size_t place, std::span<const std::uint32_t> expressions) {
            matcher_.match(lines_[place], expressions, *results_[place]);
        });
        piece.exhausted = matcher_.exhausted();
        piece.is_exhausted = matcher_.is_exhausted();
    }

private:
    CandidateFinder finder_;
    LineMatcher matcher_;
    LineMemo memo_;
    std::vector<std::string_view> lines_;  // that are not in the memo
    std::vector<LineResult*> results_;     // of these
    std::deque<LineResult> others_;        // for which there is no place in the memo
};

Scan::Scan(const PatternSet& patterns, const SearchPlan& plan, log_text::BlockReader& reader,
           std::uint64_t first_number, const std::stop_token& stop)
    : patterns_(patterns),
      plan_(plan),
      reader_(reader),
      stop_(stop),
      budget_(patterns.expressions().size()),
      hits_(patterns, plan.continuing, budget_) {
    before_.set_first_number(first_number);
}

bool Scan::read(Piece& piece) {
    const std::scoped_lock lock(reading_);
    if (is_read_) return false;
    piece.number = pieces_read_++;
    piece.block.begin_behind(before_, patterns_.lines_looked_back());
    piece.is_last = !reader_.next(piece.block, stop_);
    before_.begin_behind(piece.block, patterns_.lines_looked_back());
    is_read_ = piece.is_last;
    return true;
}

void Scan::take(const Piece& piece) {
    std::unique_lock lock(taking_);
    taken_.wait(lock, [&] { return failure_ || pieces_taken_ == piece.number; });
    if (failure_) return;
    lock.unlock();
    hits_.take(piece.block, piece.number, piece.found, piece.is_last);
    for (const auto expression : piece.exhausted) budget_.leave_out(expression, piece.number);
    if (piece.is_exhausted) budget_.allow_first_steps_only(piece.number);
    lock.lock();
    ++pieces_taken_;
    taken_.notify_all();
}

void Scan::work(Worker& worker, Piece& piece) {
    worker.look(piece);
    take(piece);
}

void Scan::work_until_end(Worker& worker) {
    try {
        for (Piece piece; read(piece);) work(worker, piece);
    } catch (const std::exception&) {
        const std::scoped_lock lock(taking_);
        if (!failure_) failure_ = std::current_exception();
        taken_.notify_all();
    }
}

void Scan::run(ScanResult& result) {
    // A log that fits into a block is not worth a thread.
    Piece first;
    read(first);
    Worker worker(patterns_, plan_, budget_);
    work(worker, first);
    if (!first.is_last) {
        std::vector<std::jthread> others;
        const auto threads = std::clamp(std::thread::hardware_concurrency(), 1U, max_threads);
        for (auto more = threads; more > 1; --more)
            others.emplace_back([this] {
                Worker other(patterns_, plan_, budget_);
                work_until_end(other);
            });
        work_until_end(worker);
    }
    if (failure_) std::rethrow_exception(failure_);
    hits_.finish(result);
}

}  // namespace uhost::kb
