#include "api/kb/raw_reader.hpp"

#include <cstring>

namespace uhost::kb {

RawReader::RawReader(const SourceFile& file, std::uint64_t offset, std::size_t buffer_bytes)
    : file_(file), buffer_(buffer_bytes, '\0'), buffer_offset_(offset) {}

// Reads on behind what is in the buffer, which is moved to its front; false at the end of the file.
bool RawReader::fill() {
    std::memmove(buffer_.data(), buffer_.data() + start_, end_ - start_);
    buffer_offset_ += start_;
    end_ -= start_;
    start_ = 0;
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
        if (searched == buffer_.size()) return long_line(stop);
        if (fill()) continue;
        if (searched == 0) return std::nullopt;
        return take(searched, false);
    }
}

// The buffer is full of a line that goes on.
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

}  // namespace uhost::kb
