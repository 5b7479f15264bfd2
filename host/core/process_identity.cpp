#include "host/core/process_identity.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace uhost {
namespace {

std::string first_line(const std::string& file) {
    std::ifstream stream(file);
    std::string line;
    std::getline(stream, line);
    return line;
}

// The 22nd field of /proc/PID/stat (proc(5)); the second one, a name in parentheses, may hold anything.
std::int64_t began(std::int64_t pid) {
    constexpr int fields_before = 19;  // behind the name
    const auto line = first_line(fmt::format("/proc/{}/stat", pid));
    std::istringstream rest(line.substr(std::min(line.rfind(')') + 1, line.size())));
    std::string skipped;
    for (int i = 0; i < fields_before; ++i) rest >> skipped;
    std::int64_t ticks = 0;
    rest >> ticks;
    return ticks;
}

std::string scope() {
    const auto boot = first_line("/proc/sys/kernel/random/boot_id");
    std::error_code failed;
    const auto pids = std::filesystem::read_symlink("/proc/self/ns/pid", failed);
    return boot.empty() || failed ? std::string() : fmt::format("{} {}", boot, pids.string());
}

}  // namespace

std::string machine_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

ProcessIdentity this_process() { return {machine_name(), scope(), ::getpid(), began(::getpid())}; }

bool is_gone(const ProcessIdentity& process) {
    if (process.began == 0 || process.scope.empty() || process.scope != scope()) return false;
    return began(process.pid) != process.began;
}

}  // namespace uhost
