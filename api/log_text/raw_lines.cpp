#include "api/log_text/raw_lines.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cstring>
#include <string>

#include "host/core/error.hpp"

namespace uhost::log_text {

RawReader::RawReader(const SourceFile& file, std::uint64_t offset, std::size_t buffer_bytes)
    : file_(file), max_buffer_(buffer_bytes), buffer_offset_(offset) {}

void RawReader::seek(std::uint64_t offset) {
    if (offset >= buffer_offset_ && offset <= buffer_offset_ + end_) {
        start_ = static_cast<std::size_t>(offset - buffer_offset_);
        return;
    }
    buffer_offset_ = offset;
    start_ = end_ = 0;
}

// Reads on behind what is in the buffer, which is moved to its front; false at the end of the file. Often only some
// lines are read, so that the buffer begins small.
bool RawReader::fill() {
    constexpr std::size_t first_buffer = 16 << 10;
    std::memmove(buffer_.data(), buffer_.data() + start_, end_ - start_);
    buffer_offset_ += start_;
    end_ -= start_;
    start_ = 0;
    if (buffer_.size() < max_buffer_) buffer_.resize(std::min(max_buffer_, std::max(first_buffer, 2 * buffer_.size())));
    const auto count = file_.read_at(buffer_.data() + end_, buffer_.size() - end_, buffer_offset_ + end_);
    end_ += count;
    return count > 0;
}

std::optional<RawLine> RawReader::take(std::size_t size, bool newline) {
    const RawLine line{std::string_view(buffer_).substr(start_, size)};
    start_ += size + (newline ? 1 : 0);
    return line;
}

std::optional<RawLine> RawReader::next(const std::stop_token& stop) {
    for (std::size_t searched = 0;;) {
        const char* begin = buffer_.data() + start_;
        const auto* newline =
            static_cast<const char*>(std::memchr(begin + searched, file_.line_end(), end_ - start_ - searched));
        if (newline != nullptr) return take(static_cast<std::size_t>(newline - begin), true);
        searched = end_ - start_;
        if (searched == max_buffer_) return long_line(stop);
        if (fill()) continue;
        if (searched == 0) return std::nullopt;
        return take(searched, false);
    }
}

// The buffer is full of a line that continues.
std::optional<RawLine> RawReader::long_line(const std::stop_token& stop) {
    head_.assign(buffer_, 0, kept_of_long_line);
    tail_.clear();
    std::uint64_t size = kept_of_long_line;
    start_ = kept_of_long_line;
    for (bool newline = false; !newline;) {
        const std::string_view rest(buffer_.data() + start_, end_ - start_);
        const auto end = rest.find(file_.line_end());
        newline = end != rest.npos;
        const auto part = rest.substr(0, end);
        tail_ += part;
        if (tail_.size() > kept_of_long_line) tail_.erase(0, tail_.size() - kept_of_long_line);
        size += part.size();
        start_ += part.size() + (newline ? 1 : 0);
        if (stop.stop_requested()) return std::nullopt;
        if (!newline && !fill()) break;
    }
    return RawLine{head_, tail_, size - head_.size() - tail_.size()};
}

void LineIndex::add(std::uint64_t offset) {
    if (lines_++ % step_ != 0) return;
    offsets_.push_back(offset);
    if (offsets_.size() < max_places) return;
    for (std::size_t i = 0; i < max_places / 2; ++i) offsets_[i] = offsets_[2 * i];
    offsets_.resize(max_places / 2);
    step_ *= 2;
}

LineIndex::Place LineIndex::before(std::uint64_t line) const {
    if (offsets_.empty()) return {0, 0};
    const auto slot = std::min<std::uint64_t>(line / step_, offsets_.size() - 1);
    return {slot * step_, offsets_[slot]};
}

LineIndex index_lines(const SourceFile& file, const std::stop_token& stop) {
    LineIndex index;
    std::string block(1 << 20, '\0');
    bool at_line_start = true;
    std::uint64_t offset = 0;
    while (const auto count = file.read_at(block.data(), block.size(), offset)) {
        if (stop.stop_requested()) throw Error("cancelled", fmt::format("reading {} was cancelled", file.name()));
        for (std::size_t at = 0; at < count;) {
            if (at_line_start) index.add(offset + at);
            const auto* newline = static_cast<const char*>(std::memchr(block.data() + at, file.line_end(), count - at));
            at_line_start = newline != nullptr;
            at = at_line_start ? static_cast<std::size_t>(newline - block.data()) + 1 : count;
        }
        offset += count;
    }
    return index;
}

}  // namespace uhost::log_text
