#include "api/fs/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "host/core/file.hpp"

namespace uhost::fs {
namespace {

namespace stdfs = std::filesystem;

constexpr AtomicFileOptions write_options{.kind = "fs.write"}, copy_options{.kind = "fs.copy"};

Error write_failure(const Path& file, int code) {
    auto error = failure("fs.write", "write", file, code);
    return code == ENOENT ? std::move(error).hint("its folder does not exist; create it first (fs.mkdir)")
                          : std::move(error);
}

void copy_folder(const Path& from, const Path& to) {
    if (stdfs::symlink_status(to).type() != stdfs::file_type::not_found)
        throw failure("fs.copy", "copy to", to, EEXIST);
    // A folder copied into itself would never end.
    const auto folder = stdfs::canonical(from);
    const auto inside = stdfs::weakly_canonical(to).lexically_relative(folder);
    if (!inside.empty() && *inside.begin() != "..") {
        throw Error("fs.copy", fmt::format("cannot copy {} into itself", from.string())).hint("choose another place");
    }
    AtomicFolder copied(to, "fs.copy");
    const auto& beside = copied.temporary_path();
    const auto permissions = stdfs::status(from).permissions();
    stdfs::permissions(beside, permissions | stdfs::perms::owner_all);  // as private as it is, from the start
    stdfs::copy(folder, beside, stdfs::copy_options::recursive | stdfs::copy_options::copy_symlinks);
    stdfs::permissions(beside, permissions);
    copied.commit();
}

constexpr std::size_t buffer_bytes = 64 * 1024;

}  // namespace

Error failure(const char* kind, std::string_view doing, const std::filesystem::path& path, int code) {
    return system_error(kind, fmt::format("cannot {} {}", doing, path.string()), code).with("path", path.string());
}

bool is_absence(int code) { return code == ENOENT || code == ENOTDIR; }

std::optional<std::string> read(const FilePlace& place, std::size_t limit_bytes) {
    const auto& file = place.path;
    const auto descriptor = place.open(O_RDONLY | O_CLOEXEC);
    if (!descriptor && is_absence(errno)) return std::nullopt;
    std::string content;
    const int code = descriptor ? read_all(descriptor.get(), content, limit_bytes) : errno;
    if (code == EFBIG) {
        throw Error("fs.too_large", fmt::format("{} is larger than {} bytes", file.string(), limit_bytes))
            .hint("raise limit_bytes, or read it line by line with fs.lines")
            .with("path", file.string());
    }
    if (code != 0) throw failure("fs.read", "read", file, code);
    return content;
}

void write(const Path& file, std::string_view content) { write_file_atomically(file, content, write_options); }

std::string end_of(const Path& file, std::size_t max_bytes) {
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status {};
    if (!descriptor || ::fstat(descriptor.get(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
    std::string end(std::min(max_bytes, static_cast<std::size_t>(status.st_size)), '\0');
    const auto got = ::pread(descriptor.get(), end.data(), end.size(), status.st_size - static_cast<off_t>(end.size()));
    end.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return end;
}

void append(const Path& file, std::string_view content) {
    const Descriptor descriptor(::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666));
    if (!descriptor) throw write_failure(file, errno);
    struct stat before {};
    const bool sized = ::fstat(descriptor.get(), &before) == 0 && S_ISREG(before.st_mode);
    if (const int code = write_all(descriptor.get(), content); code != 0) {
        if (sized && ::ftruncate(descriptor.get(), before.st_size) != 0) throw write_failure(file, errno);
        throw write_failure(file, code);
    }
}

void copy(const Path& from, const Path& to, bool recursive) {
    try {
        if (recursive && stdfs::is_directory(from)) return copy_folder(from, to);
        if (stdfs::is_directory(from)) {
            throw failure("fs.copy", "copy", from, EISDIR).hint("to copy a folder, say recursive = true");
        }
        if (stdfs::is_directory(to)) throw failure("fs.copy", "copy to", to, EISDIR);
        AtomicFile copied(to, copy_options);
        stdfs::copy_file(from, copied.temporary_path(), stdfs::copy_options::overwrite_existing);
        copied.commit();
    } catch (const stdfs::filesystem_error& error) {
        throw failure("fs.copy", "copy", error.path1().empty() ? from : error.path1(), error.code().value());
    }
}

bool remove(const Path& path, bool recursive) {
    const auto name = path.filename();
    if (path.lexically_normal() == path.root_path() || name == "." || name == "..") {
        throw Error("fs.remove", fmt::format("refusing to remove '{}'", path.string()))
            .hint("name a file or a folder by its own name");
    }
    // "folder/" means the folder, also when it is a link: remove the link itself.
    const auto own = name.empty() ? path.parent_path() : path;
    try {
        return recursive ? stdfs::remove_all(own) > 0 : stdfs::remove(own);
    } catch (const stdfs::filesystem_error& error) {
        const int code = error.code().value();
        auto failed = failure("fs.remove", "remove", error.path1().empty() ? path : error.path1(), code);
        if (code == ENOTEMPTY) throw std::move(failed).hint("it is a folder that is not empty; say recursive = true");
        throw failed;
    }
}

LineReader::LineReader(const FilePlace& file, std::size_t limit_bytes)
    : file_(file.path),
      limit_bytes_(limit_bytes),
      descriptor_(file.open(O_RDONLY | O_CLOEXEC)),
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
