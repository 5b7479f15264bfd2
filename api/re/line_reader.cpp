#include "api/re/line_reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "host/core/error.hpp"

namespace uhost::re {
namespace {

// Fits the second-level cache of common machines.
constexpr std::size_t usual_buffer = 512 << 10;

Error read_error(const std::filesystem::path& file, int code) {
    return system_error("file.read", fmt::format("cannot read {}", file.string()), code);
}

}  // namespace

LineReader::LineReader(const FilePlace& file) : file_(file.path), descriptor_(file.open(O_RDONLY | O_CLOEXEC)) {
    if (!descriptor_) throw read_error(file_, errno);
    struct stat info {};
    seekable_ = ::fstat(descriptor_.get(), &info) == 0 && S_ISREG(info.st_mode);
}

LineReader::LineReader(const FilePlace& file, Range range) : LineReader(file) {
    position_ = range.begin;
    end_ = range.end;
}

std::size_t LineReader::read_at(char* into, std::size_t size, std::uint64_t offset) {
    for (;;) {
        const auto count =
            seekable_ ? ::pread(descriptor_.get(), into, size, static_cast<off_t>(offset)) : ::read(descriptor_.get(), into, size);
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno != EINTR) throw read_error(file_, errno);
    }
}

// Reads on behind what is in the buffer; false at the end.
bool LineReader::fill() {
    if (filled_ == buffer_.size()) {
        if (filled_ > max_line_bytes) {
            throw Error("re.limit", fmt::format("{} has a line longer than {} MiB", file_.string(), max_line_bytes >> 20))
                .hint("is it a text file?")
                .with("limit", std::string("line"));
        }
        buffer_.resize(std::max(usual_buffer, 2 * buffer_.size()));
    }
    const auto wanted = std::min<std::uint64_t>(buffer_.size() - filled_, end_ - position_);
    const auto count = wanted == 0 ? 0 : read_at(buffer_.data() + filled_, wanted, position_);
    filled_ += count;
    position_ += count;
    return count > 0;
}

std::optional<std::string_view> LineReader::next() {
    std::memmove(buffer_.data(), buffer_.data() + given_, filled_ - given_);
    filled_ -= given_;
    given_ = 0;
    for (std::size_t searched = 0;;) {
        const bool more = fill();
        const auto* newline = static_cast<const char*>(::memrchr(buffer_.data() + searched, '\n', filled_ - searched));
        if (newline != nullptr) {
            given_ = static_cast<std::size_t>(newline - buffer_.data()) + 1;
            return std::string_view(buffer_.data(), given_ - 1);
        }
        searched = filled_;
        if (more) continue;
        given_ = filled_;
        if (filled_ == 0) return std::nullopt;
        return std::string_view(buffer_.data(), filled_);
    }
}

std::uint64_t LineReader::line_start_after(std::uint64_t offset, std::uint64_t size) {
    std::string block(64 << 10, '\0');
    while (offset < size) {
        const auto count = read_at(block.data(), block.size(), offset);
        if (count == 0) break;
        const auto newline = std::string_view(block.data(), count).find('\n');
        if (newline != std::string_view::npos) return std::min(size, offset + newline + 1);
        offset += count;
    }
    return size;
}

std::vector<Range> LineReader::split(std::size_t pieces, std::uint64_t least) {
    struct stat info {};
    if (!seekable_ || ::fstat(descriptor_.get(), &info) != 0) return {{0, UINT64_MAX}};
    const auto size = static_cast<std::uint64_t>(info.st_size);
    const auto count = std::clamp<std::uint64_t>(size / least, 1, pieces);
    std::vector<Range> ranges;
    std::uint64_t begin = 0;
    for (std::uint64_t i = 1; i <= count && begin < size; ++i) {
        const auto end = i == count ? size : std::max(begin, line_start_after(size / count * i - 1, size));
        if (end > begin) ranges.push_back({begin, end});
        begin = end;
    }
    return ranges;
}

}  // namespace uhost::re
