#include "host/core/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "host/core/error.hpp"

namespace uhost {
namespace {

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return number_; }
    int close() { return ::close(std::exchange(number_, -1)); }

private:
    int number_;
};

// Removes the unfinished file unless it was renamed into place.
struct Unfinished {
    std::string path;
    ~Unfinished() {
        if (!path.empty()) ::unlink(path.c_str());
    }
};

void write_all(int descriptor, std::string_view content) {
    while (!content.empty()) {
        const auto written = ::write(descriptor, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw std::system_error(errno, std::generic_category());
        content.remove_prefix(static_cast<std::size_t>(written));
    }
}

// A device, a pipe or a terminal: what is renamed over it would take its place. Returns 0 or an errno value.
int write_in_place(const std::filesystem::path& file, std::string_view content) {
    Descriptor descriptor(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
    if (descriptor.get() < 0) return errno;
    try {
        write_all(descriptor.get(), content);
    } catch (const std::system_error& error) {
        return error.code().value();
    }
    return 0;
}

}  // namespace

std::string read_file(const std::filesystem::path& file, std::size_t largest) {
    const auto fail = [&](int code) { return system_error("file.read", "cannot read " + file.string(), code); };
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (descriptor.get() < 0) throw fail(errno);
    std::string content;
    char buffer[64 * 1024];
    for (;;) {
        const auto count = ::read(descriptor.get(), buffer, sizeof buffer);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw fail(errno);
        if (count == 0) return content;
        content.append(buffer, static_cast<std::size_t>(count));
        if (content.size() > largest) {
            throw Error("file.too_large", fmt::format("{} is larger than {} bytes", file.string(), largest));
        }
    }
}

void write_file_atomically(const std::filesystem::path& path, std::string_view content) {
    const auto fail = [&](int code) { return system_error("file.write", "cannot write " + path.string(), code); };
    struct stat existing{};
    const bool exists = ::stat(path.c_str(), &existing) == 0;
    if (exists && !S_ISREG(existing.st_mode)) {
        const int code = write_in_place(path, content);
        if (code != 0) throw fail(code);
        return;
    }
    std::error_code unresolved;
    const auto resolved = std::filesystem::canonical(path, unresolved);
    const auto& file = unresolved ? path : resolved;
    Unfinished unfinished{file.string() + ".XXXXXX"};
    Descriptor descriptor(::mkostemp(unfinished.path.data(), O_CLOEXEC));
    if (descriptor.get() < 0) {
        unfinished.path.clear();
        throw fail(errno);
    }
    const mode_t mask = ::umask(0);
    ::umask(mask);
    const mode_t mode = exists ? existing.st_mode & 07777 : 0666 & ~mask;
    if (::fchmod(descriptor.get(), mode) != 0) throw fail(errno);
    try {
        write_all(descriptor.get(), content);
    } catch (const std::system_error& error) {
        throw fail(error.code().value());
    }
    if (::fsync(descriptor.get()) != 0 || descriptor.close() != 0) throw fail(errno);
    if (::rename(unfinished.path.c_str(), file.c_str()) != 0) throw fail(errno);
    unfinished.path.clear();
}

}  // namespace uhost
