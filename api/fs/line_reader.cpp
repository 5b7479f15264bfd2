#include "api/fs/line_reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "api/fs/failure.hpp"

namespace uhost::fs {
namespace {

constexpr std::size_t buffer_bytes = 64 * 1024;

}  // namespace

LineReader::LineReader(std::filesystem::path file, std::size_t limit_bytes)
    : file_(std::move(file)),
      limit_bytes_(limit_bytes),
      descriptor_(::open(file_.c_str(), O_RDONLY | O_CLOEXEC)),
      buffer_(buffer_bytes, '\0') {
    if (descriptor_.get() < 0) throw failure("fs.read", "read", file_, errno);
}

bool LineReader::read_more() {
    for (;;) {
        const auto count = ::read(descriptor_.get(), buffer_.data(), buffer_.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw failure("fs.read", "read", file_, errno);
        start_ = 0;
        end_ = static_cast<std::size_t>(count);
        return count > 0;
    }
}

std::optional<std::string> LineReader::next() {
    std::string line;
    for (;;) {
        if (start_ == end_ && !read_more()) return line.empty() ? std::nullopt : std::optional(std::move(line));
        const char* begin = buffer_.data() + start_;
        const auto* newline = static_cast<const char*>(std::memchr(begin, '\n', end_ - start_));
        line.append(begin, newline != nullptr ? newline : buffer_.data() + end_);
        if (line.size() > limit_bytes_) {
            throw Error("fs.too_large",
                        fmt::format("a line of {} is longer than {} bytes", file_.string(), limit_bytes_))
                .hint("raise limit_bytes, or look whether it is a text file")
                .with("path", file_.string());
        }
        start_ = newline != nullptr ? static_cast<std::size_t>(newline - buffer_.data()) + 1 : end_;
        if (newline != nullptr) return line;
    }
}

}  // namespace uhost::fs
