#include "api/log_text/block.hpp"

#include <fmt/format.h>
#include <algorithm>

#include "host/core/error.hpp"

namespace uhost::log_text {

void Block::begin_behind(const Block& before, std::size_t kept) {
    kept = std::min(kept, before.starts_.size());
    const auto dropped = before.starts_.size() - kept;
    const auto offset = kept > 0 ? before.starts_[dropped] : before.text_.size();
    text_.assign(before.text_, offset);
    starts_.assign(before.starts_.begin() + static_cast<std::ptrdiff_t>(dropped), before.starts_.end());
    for (auto& start : starts_) start -= offset;
    first_number_ = before.first_number_ + dropped;
    fresh_ = starts_.size();
    open_ = text_.size();
}

void Block::end_line() {
    text_ += '\n';
    starts_.push_back(open_);
    open_ = text_.size();
}

std::string_view Block::line(std::uint64_t number) const {
    const auto position = number - first_number_;
    const auto end = position + 1 < starts_.size() ? starts_[position + 1] : text_.size();
    return std::string_view(text_).substr(starts_[position], end - starts_[position] - 1);
}

namespace {

constexpr std::size_t max_block_bytes = 256 << 10;
constexpr std::size_t max_marks = 20'000;

}  // namespace

BlockReader::BlockReader(const SourceFile& file, std::uint64_t offset, std::uint64_t number, std::uint64_t last)
    : file_(file), reader_(file, offset), begin_(offset), number_(number), last_(last) {}

bool BlockReader::next(Block& block, const std::stop_token& stop) {
    while (number_ <= last_ && block.new_bytes() < max_block_bytes) {
        const auto offset = reader_.offset();
        const auto raw = reader_.next(stop);
        if (stop.stop_requested()) throw Error("cancelled", fmt::format("scanning {} was cancelled", file_.name()));
        if (!raw) {
            at_end_ = true;
            return false;
        }
        index_.add(offset);
        cleaner_.append(*raw, block.text());
        block.end_line();
        for (const auto& marker : cleaner_.markers()) {
            if (markers_.size() < max_marks) markers_.push_back({number_, marker});
        }
        ++number_;
        ++lines_;
    }
    return number_ <= last_;
}

}  // namespace uhost::log_text
