// What a bundle begins with: unpacks what is behind it once, into a folder named after its contents, and becomes the uhost
// in there. Linked statically: it needs nothing of the machine but the kernel.
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <iostream>
#include <vector>

#include "host/bundle/archive.hpp"

namespace {

namespace fs = std::filesystem;
using uhost::bundle::Failure;

constexpr int outside_world_failed = 3;

fs::path cache_folder() {
    const auto* const cache = std::getenv("XDG_CACHE_HOME");
    if (cache != nullptr && cache[0] == '/') return fs::path(cache) / "uhost/bundles";
    const auto* const home = std::getenv("HOME");
    if (home != nullptr && home[0] == '/') return fs::path(home) / ".cache/uhost/bundles";
    return fs::path("/var/tmp") / ("uhost-bundles-" + std::to_string(::geteuid()));
}

// Whatever another user could have written there would run as us.
bool is_ours_alone(const fs::path& folder) {
    struct stat status {};
    if (::lstat(folder.c_str(), &status) != 0) return false;
    if (!S_ISDIR(status.st_mode) || status.st_uid != ::geteuid() || (status.st_mode & 077) != 0) {
        throw Failure(folder.string() + " is not a folder of this user alone: remove it, or set XDG_CACHE_HOME");
    }
    return true;
}

void make_private(const fs::path& folder) {
    fs::create_directories(folder.parent_path());
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
        throw Failure("cannot make " + folder.string() + ": " + std::strerror(errno) + "; set XDG_CACHE_HOME to a folder");
    }
    is_ours_alone(folder);
}

// The folder appears when it is whole. Of two that start at once, one finds that of the other.
fs::path unpacked(const fs::path& bundle, const uhost::bundle::Trailer& trailer) {
    const auto cache = cache_folder();
    const auto folder = cache / trailer.digest;
    if (is_ours_alone(folder)) return folder;
    make_private(cache);
    auto made = (cache / ".new-XXXXXX").string();
    if (::mkdtemp(made.data()) == nullptr) throw Failure("cannot make a folder in " + cache.string());
    std::error_code ignored;
    try {
        uhost::bundle::unpack(bundle, trailer, made);
        if (::rename(made.c_str(), folder.c_str()) != 0 && !is_ours_alone(folder)) {
            throw Failure("cannot make " + folder.string());
        }
    } catch (const std::exception&) {
        fs::remove_all(made, ignored);
        throw;
    }
    fs::remove_all(made, ignored);
    return folder;
}

[[noreturn]] void launch(const fs::path& bundle, int count, char** arguments) {
    const auto trailer = uhost::bundle::read_trailer(bundle);
    const auto folder = unpacked(bundle, trailer);
    const auto program = folder / "bin/uhost", script = folder / trailer.script;
    std::vector<char*> words{arguments[0], const_cast<char*>(script.c_str())};
    words.insert(words.end(), arguments + 1, arguments + count);
    words.push_back(nullptr);
    ::execv(program.c_str(), words.data());
    throw Failure("cannot start " + program.string() + ": " + std::strerror(errno));
}

}  // namespace

// As uhost bundle calls it: launcher --pack OUTPUT DIGEST SCRIPT, with the list of files on standard input.
int main(int count, char** arguments) {
    try {
        const auto self = fs::read_symlink("/proc/self/exe");
        if (count == 5 && std::string_view(arguments[1]) == "--pack" && self.filename() == "bundle-launcher") {
            uhost::bundle::pack(self, std::cin, {0, 0, arguments[3], arguments[4]}, arguments[2]);
            return 0;
        }
        launch(self, count, arguments);
    } catch (const std::exception& failure) {
        std::cerr << "error: " << failure.what() << '\n';
        return outside_world_failed;
    }
}
