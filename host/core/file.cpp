#include "host/core/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "host/core/error.hpp"

namespace uhost {
namespace {

namespace stdfs = std::filesystem;

Error write_error(const char* kind, const stdfs::path& path, int code) {
    auto error = system_error(kind, "cannot write " + path.string(), code).with("path", path.string());
    return code == ENOENT ? std::move(error).hint("its folder does not exist; create it first (fs.mkdir)")
                          : std::move(error);
}

// Follows symbolic links, also one that points to nothing: the file is then created where it points.
stdfs::path resolve_links(stdfs::path path) {
    constexpr int max_links = 40;  // as Linux
    std::error_code failed;
    for (int i = 0; i < max_links && stdfs::is_symlink(path, failed); ++i) {
        const auto target = stdfs::read_symlink(path, failed);
        if (failed) break;
        path = path.parent_path() / target;
    }
    return path;
}

// A name beside `path`, different each time.
stdfs::path temporary_name(const stdfs::path& path) {
    constexpr std::size_t max_name = 240;  // of 255, with what is added
    constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz012345";
    std::array<unsigned char, 8> random{};
    [[maybe_unused]] const auto ignored = ::getrandom(random.data(), random.size(), 0);
    auto name = path.filename().string().substr(0, max_name) + '.';
    for (const auto byte : random) name += alphabet[byte % alphabet.size()];
    return path.parent_path() / name;
}

// Calls `create` with temporary names until it does not fail because the name is taken. Returns 0 or an errno value.
template <class Create>
int create_beside(const stdfs::path& path, stdfs::path& temporary, Create create) {
    constexpr int max_attempts = 100;
    for (int i = 0; i < max_attempts; ++i) {
        temporary = temporary_name(path);
        if (create(temporary.c_str())) return 0;
        if (errno != EEXIST) return errno;
    }
    return EEXIST;
}

}  // namespace

std::string read_file(const stdfs::path& file, std::size_t max_bytes) {
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    std::string content;
    const int code = descriptor ? read_all(descriptor.get(), content, max_bytes) : errno;
    if (code == EFBIG) {
        throw Error("file.too_large", fmt::format("{} is larger than {} bytes", file.string(), max_bytes))
            .with("path", file.string());
    }
    if (code != 0) {
        throw system_error("file.read", "cannot read " + file.string(), code).with("path", file.string());
    }
    return content;
}

AtomicFile::AtomicFile(const stdfs::path& path, const AtomicFileOptions& options) : path_(path), options_(options) {
    struct stat existing {};
    const bool exists = ::stat(path.c_str(), &existing) == 0;
    if (exists && !S_ISREG(existing.st_mode)) {
        descriptor_ = Descriptor(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
        if (!descriptor_) fail(errno);
        return;
    }
    path_ = resolve_links(path);
    open_beside(exists, existing.st_mode & 07777U);
}

void AtomicFile::open_beside(bool exists, unsigned existing_mode) {
    const unsigned mode = options_.owner_only ? 0600 : 0666;  // the kernel takes away what the umask says
    const int code = create_beside(path_, temporary_, [&](const char* name) {
        descriptor_ = Descriptor(::open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode));
        return static_cast<bool>(descriptor_);
    });
    if (code != 0) {
        temporary_.clear();
        fail(code);
    }
    if (exists && !options_.owner_only && ::fchmod(descriptor_.get(), existing_mode) != 0) {
        const int failed = errno;
        ::unlink(temporary_.c_str());
        fail(failed);
    }
}

AtomicFile::~AtomicFile() {
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::string_view content) {
    if (const int code = write_all(descriptor_.get(), content); code != 0) fail(code);
}

void AtomicFile::commit() {
    const bool in_place = temporary_.empty();
    if (!in_place && options_.sync && ::fsync(descriptor_.get()) != 0) fail(errno);
    if (const int code = descriptor_.close(); code != 0) fail(code);
    if (in_place) return;
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail(errno);
    temporary_.clear();
}

void AtomicFile::fail(int code) const { throw write_error(options_.kind, path_, code); }

void write_file_atomically(const stdfs::path& path, std::string_view content, const AtomicFileOptions& options) {
    AtomicFile file(path, options);
    file.write(content);
    file.commit();
}

AtomicFolder::AtomicFolder(const stdfs::path& path, const char* kind) : path_(path), kind_(kind) {
    const int code = create_beside(path_, temporary_, [](const char* name) { return ::mkdir(name, 0777) == 0; });
    if (code != 0) throw write_error(kind_, path_, code);
}

AtomicFolder::~AtomicFolder() {
    std::error_code ignored;
    if (!temporary_.empty()) stdfs::remove_all(temporary_, ignored);
}

void AtomicFolder::commit() {
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) throw write_error(kind_, path_, errno);
    temporary_.clear();
}

}  // namespace uhost
