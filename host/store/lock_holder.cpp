#include "host/store/lock_holder.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace uhost::store {
namespace {

// As /proc/locks writes it: "08:01:1835023". Empty when the file is not there.
std::string lock_identity(const std::filesystem::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) return {};
    return fmt::format("{:02x}:{:02x}:{}", major(status.st_dev), minor(status.st_dev), status.st_ino);
}

std::string describe(int process) {
    if (process == ::getpid()) return "this process, through another connection";
    std::ifstream file(fmt::format("/proc/{}/comm", process));
    std::string name;
    std::getline(file, name);
    return name.empty() ? fmt::format("process {}", process) : fmt::format("process {} ({})", process, name);
}

}  // namespace

std::string lock_holder(const std::filesystem::path& file) {
    const auto database = lock_identity(file), shared_memory = lock_identity(file.string() + "-shm");
    std::ifstream locks("/proc/locks");
    std::string line;
    while (std::getline(locks, line)) {
        // "1: POSIX  ADVISORY  WRITE 4711 08:01:1835023 120 120"; waiting ones have "->" after the number.
        std::istringstream words(line);
        std::string number, family, mode, access, identity;
        int process = 0;
        if (!(words >> number >> family >> mode >> access >> process >> identity)) continue;
        if (access != "WRITE" || process <= 0 || identity.empty()) continue;
        if (identity == database || identity == shared_memory) return describe(process);
    }
    return {};
}

}  // namespace uhost::store
