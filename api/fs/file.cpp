#include "api/fs/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "api/fs/descriptor.hpp"
#include "api/fs/failure.hpp"
#include "host/core/file.hpp"

namespace uhost::fs {
namespace {

namespace stdfs = std::filesystem;

Error write_failure(const Path& file, int code) {
    auto error = failure("fs.write", "write", file, code);
    if (code == ENOENT) return std::move(error).hint("its folder does not exist; make it with fs.mkdir");
    return error;
}

int errno_of(const Error& error) {
    for (const auto& [name, value] : error.details()) {
        if (name == "errno") return static_cast<int>(std::get<std::int64_t>(value));
    }
    return EIO;
}

// Writes all of it and returns 0, or an errno value.
int write_all(int descriptor, std::string_view content) {
    while (!content.empty()) {
        const auto count = ::write(descriptor, content.data(), content.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno;
        content.remove_prefix(static_cast<std::size_t>(count));
    }
    return 0;
}

// A name beside `path` that nobody has. Removed, unless kept, with all that is below it.
class Beside {
public:
    Beside(const Path& path, bool folder) : name_(path.string() + ".XXXXXX") {
        if (folder) {
            if (::mkdtemp(name_.data()) == nullptr) throw failure("fs.copy", "copy to", path, errno);
        } else {
            const Descriptor made(::mkostemp(name_.data(), O_CLOEXEC));
            if (made.get() < 0) throw failure("fs.copy", "copy to", path, errno);
        }
    }
    Beside(const Beside&) = delete;
    Beside& operator=(const Beside&) = delete;
    ~Beside() {
        std::error_code ignored;
        if (!name_.empty()) stdfs::remove_all(name_, ignored);
    }
    const std::string& name() const { return name_; }
    void rename_to(const Path& path) {
        if (::rename(name_.c_str(), path.c_str()) != 0) throw failure("fs.copy", "copy to", path, errno);
        name_.clear();
    }

private:
    std::string name_;
};

void copy_folder(const Path& from, const Path& to) {
    if (stdfs::symlink_status(to).type() != stdfs::file_type::not_found)
        throw failure("fs.copy", "copy to", to, EEXIST);
    // A folder copied into itself would be copied for ever.
    const auto folder = stdfs::canonical(from);
    const auto inside = stdfs::weakly_canonical(to).lexically_relative(folder);
    if (!inside.empty() && *inside.begin() != "..") {
        throw Error("fs.copy", fmt::format("cannot copy {} into itself", from.string())).hint("choose another place");
    }
    Beside beside(to, true);
    stdfs::copy(folder, beside.name(), stdfs::copy_options::recursive | stdfs::copy_options::copy_symlinks);
    stdfs::permissions(beside.name(), stdfs::status(from).permissions());
    beside.rename_to(to);
}

}  // namespace

std::optional<std::string> read(const Path& file, std::size_t limit_bytes) {
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (descriptor.get() < 0 && is_absence(errno)) return std::nullopt;
    struct stat status {};
    if (descriptor.get() < 0 || ::fstat(descriptor.get(), &status) != 0) throw failure("fs.read", "read", file, errno);
    std::string content;
    std::size_t size = 0;
    // The size is a hint only: files in /proc have none, and others may grow.
    content.resize(std::min<std::size_t>(static_cast<std::size_t>(status.st_size), limit_bytes) + 1);
    for (;;) {
        if (size == content.size()) content.resize(content.size() * 2 + 4096);
        const auto count = ::read(descriptor.get(), content.data() + size, content.size() - size);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw failure("fs.read", "read", file, errno);
        size += static_cast<std::size_t>(count);
        if (size > limit_bytes) {
            throw Error("fs.too_large", fmt::format("{} is larger than {} bytes", file.string(), limit_bytes))
                .hint("raise limit_bytes, or read it line by line with fs.lines")
                .with("path", file.string());
        }
        if (count == 0) break;
    }
    content.resize(size);
    return content;
}

void write(const Path& file, std::string_view content) {
    try {
        write_file_atomically(file, content);
    } catch (const Error& error) {
        throw write_failure(file, errno_of(error));
    }
}

void append(const Path& file, std::string_view content) {
    const Descriptor descriptor(::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666));
    if (descriptor.get() < 0) throw write_failure(file, errno);
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
        Beside beside(to, false);
        stdfs::copy_file(from, beside.name(), stdfs::copy_options::overwrite_existing);
        beside.rename_to(to);
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

}  // namespace uhost::fs
