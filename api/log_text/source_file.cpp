#include "api/log_text/source_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "host/core/error.hpp"
#include "host/core/utf8.hpp"

namespace uhost::log_text {

namespace {

constexpr std::size_t copy_bytes = 256 << 10;
constexpr int poll_ms = 100;
/// A log has a newline in so many bytes, unless carriage returns end its lines; these are then no progress of one line.
constexpr std::size_t beginning_bytes = 16 << 10;
constexpr std::ptrdiff_t fewest_returns = 64;

Error read_error(const std::string& name, int code) {
    return system_error("log_text.read", fmt::format("cannot read {}", name), code);
}

void throw_if_stopped(const std::string& name, const std::stop_token& stop) {
    if (stop.stop_requested()) throw Error("cancelled", fmt::format("reading {} was cancelled", name));
}

Descriptor temporary_file() {
    const char* set = std::getenv("TMPDIR");
    std::string path = set != nullptr && *set == '/' ? set : "/tmp";
    path += "/uhost-log-XXXXXX";
    Descriptor descriptor(::mkostemp(path.data(), O_CLOEXEC));
    if (descriptor.get() < 0) throw system_error("log_text.write", fmt::format("cannot make {}", path), errno);
    ::unlink(path.c_str());
    return descriptor;
}

// Waits for a pipe, so that a writer that is silent does not make it deaf to `stop`.
std::size_t read_some(int descriptor, std::string& block, const std::string& name, const std::stop_token& stop) {
    for (;;) {
        throw_if_stopped(name, stop);
        pollfd waiting{descriptor, POLLIN, 0};
        if (::poll(&waiting, 1, poll_ms) == 0) continue;
        const auto count = ::read(descriptor, block.data(), block.size());
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno != EINTR && errno != EAGAIN) throw read_error(name, errno);
    }
}

std::shared_ptr<const SourceFile> copy_all(int descriptor, const std::string& name, const std::stop_token& stop) {
    Spool spool(name);
    std::string block(copy_bytes, '\0');
    while (const auto count = read_some(descriptor, block, name, stop)) {
        spool.write(std::string_view(block).substr(0, count));
    }
    return spool.finish(stop);
}

std::shared_ptr<const SourceFile> decode_utf16(const SourceFile& file, bool big_endian, const std::stop_token& stop) {
    Spool spool(file.name());
    utf8::Utf16Decoder decoder(big_endian);
    std::string block(copy_bytes, '\0'), text;
    std::uint64_t offset = 2;
    while (const auto count = file.read_at(block.data(), block.size(), offset)) {
        throw_if_stopped(file.name(), stop);
        text.clear();
        decoder.decode(std::string_view(block).substr(0, count), text);
        spool.write(text);
        offset += count;
    }
    text.clear();
    decoder.finish(text);
    spool.write(text);
    return spool.finish(stop);
}

// As UTF-8, whatever it is.
std::shared_ptr<const SourceFile> readable(SourceFile file, const std::stop_token& stop) {
    char mark[2]{};
    const bool marked = file.read_at(mark, 2, 0) == 2;
    const std::string_view first(mark, 2);
    const bool big_endian = first == "\xFE\xFF";
    if (marked && (big_endian || first == "\xFF\xFE")) return decode_utf16(file, big_endian, stop);
    return std::make_shared<const SourceFile>(std::move(file));
}

}  // namespace

std::shared_ptr<const SourceFile> SourceFile::open(const FilePlace& place, const std::stop_token& stop) {
    const bool standard_input = place.path == "-";
    const auto name = standard_input ? std::string("standard input") : place.path.string();
    auto descriptor = standard_input ? Descriptor(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3))
                                     : place.open(O_RDONLY | O_CLOEXEC);
    if (descriptor.get() < 0) throw read_error(name, errno);
    struct stat info {};
    if (::fstat(descriptor.get(), &info) != 0) throw read_error(name, errno);
    if (S_ISDIR(info.st_mode)) throw read_error(name, EISDIR);
    if (!S_ISREG(info.st_mode)) return copy_all(descriptor.get(), name, stop);
    return readable(SourceFile(std::move(descriptor), name, static_cast<std::uint64_t>(info.st_size)), stop);
}

SourceFile::SourceFile(Descriptor descriptor, std::string name, std::uint64_t bytes)
    : descriptor_(std::move(descriptor)), name_(std::move(name)), bytes_(bytes), line_end_(find_line_end()) {}

char SourceFile::find_line_end() const {
    std::string beginning(beginning_bytes, '\0');
    beginning.resize(read_at(beginning.data(), beginning.size(), 0));
    const bool lines = beginning.size() < beginning_bytes || beginning.find('\n') != beginning.npos;
    return lines || std::ranges::count(beginning, '\r') < fewest_returns ? '\n' : '\r';
}

std::size_t SourceFile::read_at(char* into, std::size_t size, std::uint64_t offset) const {
    std::size_t filled = 0;
    while (filled < size) {
        const auto count =
            ::pread(descriptor_.get(), into + filled, size - filled, static_cast<off_t>(offset + filled));
        if (count == 0) break;
        if (count < 0 && errno != EINTR) throw read_error(name_, errno);
        if (count > 0) filled += static_cast<std::size_t>(count);
    }
    return filled;
}

Spool::Spool(std::string name) : name_(std::move(name)), descriptor_(temporary_file()) {}

void Spool::write(std::string_view bytes) {
    bytes_ += bytes.size();
    if (const int code = write_all(descriptor_.get(), bytes); code != 0) {
        throw system_error("log_text.write", fmt::format("cannot keep {} in a temporary file", name_), code);
    }
}

std::shared_ptr<const SourceFile> Spool::finish(const std::stop_token& stop) {
    return readable(SourceFile(std::move(descriptor_), name_, bytes_), stop);
}

}  // namespace uhost::log_text
