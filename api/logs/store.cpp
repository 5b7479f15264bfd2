#include "api/logs/store.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/core/error.hpp"

namespace uhost::logs {

// One that was opened before some lines were added is opened again.
const Segment& Store::segment(std::uint64_t id, std::uint64_t end_line) {
    if (segment_ && segment_->id() == id && segment_->lines() >= end_line) return *segment_;
    segment_ = Segment::open(folder_, id);
    block_ = SIZE_MAX;
    if (segment_) return *segment_;
    throw Error("logs.missing", fmt::format("{} is not there", segment_file(folder_, id).string()))
        .hint("uhost logs verify shows what is lost, and uhost logs prune forgets it")
        .with("segment", static_cast<std::int64_t>(id));
}

std::vector<Store::Line> Store::lines(std::uint64_t id, std::uint64_t first, std::uint64_t count) {
    const std::lock_guard lock(mutex_);
    const auto end = first + count;
    const auto& opened = segment(id, end);
    std::vector<Line> result;
    while (first < end) {
        const auto position = opened.block_of(first);
        if (position == opened.blocks().size()) break;
        const auto& block = opened.blocks()[position];
        if (block_ != position) {
            block_ = SIZE_MAX;
            times_ = unpacker_.times(block.head, opened.packed(block));
            lines_ = unpacker_.lines(block.head, opened.packed(block));
            block_ = position;
        }
        const auto end_here = std::min(end, block.head.end_line());
        for (auto number = first; number < end_here; ++number) {
            const auto place = number - block.head.first_line;
            result.push_back({std::string(lines_[place]), times_[place]});
        }
        first = block.head.end_line();
    }
    return result;
}

}  // namespace uhost::logs
