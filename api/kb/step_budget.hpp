#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

namespace uhost::kb {

/// How many steps expressions may take in a log. What is left out depends on steps as PCRE2 counts them, and on the
/// order of blocks, not on time.
class StepBudget {
public:
    /// So many blocks are looked at side by side, at most: what was learnt in one counts from so many blocks on.
    static constexpr std::uint64_t max_blocks = 4;
    /// A match is tried with few steps first, and with more if these do not do. The first are for free.
    static constexpr std::uint32_t first_steps = 5'000, factor = 16, max_steps = 1'280'000;
    /// In one block: of one expression, and of all.
    static constexpr std::uint64_t of_expression = 10'000'000, of_all = 40'000'000;

    explicit StepBudget(std::size_t expressions) : left_out_from_(expressions), first_steps_only_from_(never) {
        for (auto& from : left_out_from_) from.store(never, std::memory_order_relaxed);
    }

    bool is_left_out(std::uint32_t expression, std::uint64_t block) const {
        return left_out_from_[expression].load(std::memory_order_relaxed) <= block;
    }
    bool has_first_steps_only(std::uint64_t block) const {
        return first_steps_only_from_.load(std::memory_order_relaxed) <= block;
    }
    /// To be called in the order of blocks.
    void leave_out(std::uint32_t expression, std::uint64_t block) {
        auto& from = left_out_from_[expression];
        if (from.load(std::memory_order_relaxed) == never) from = block + max_blocks;
    }
    void allow_first_steps_only(std::uint64_t block) {
        if (first_steps_only_from_.load(std::memory_order_relaxed) == never)
            first_steps_only_from_ = block + max_blocks;
    }

private:
    static constexpr std::uint64_t never = ~std::uint64_t{0};

    std::vector<std::atomic<std::uint64_t>> left_out_from_;  // blocks
    std::atomic<std::uint64_t> first_steps_only_from_;
};

}  // namespace uhost::kb
