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
            text_ = unpacker_.text(block.head, opened.packed(block));
            block_ = position;
        }
        auto rest = text_;
        for (auto number = block.head.first_line; number < std::min(end, block.head.end_line()); ++number) {
            const auto size = std::min(rest.find('\n'), rest.size());
            if (number >= first)
                result.push_back({std::string(rest.substr(0, size)), times_[number - block.head.first_line]});
            rest.remove_prefix(std::min(size + 1, rest.size()));
        }
        first = block.head.end_line();
    }
    return result;
}

}  // namespace uhost::logs
