#include "host/core/landlock.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace uhost {
namespace {

// What <linux/landlock.h> of Linux 6.1 does not know.
constexpr std::uint64_t access_truncate = 1U << 14, access_ioctl_device = 1U << 15;
constexpr std::uint64_t access_bind_tcp = 1U << 0, access_connect_tcp = 1U << 1;
constexpr std::uint64_t scope_abstract_sockets = 1U << 0, scope_signals = 1U << 1;

// landlock_ruleset_attr as it is since version 6; older kernels take it when the end that they do not know is zero.
struct RulesetAttributes {
    std::uint64_t files, network, scopes;
};

constexpr std::uint64_t execute_rights = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE;
constexpr std::uint64_t read_rights = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
// Of a file; all others are of folders.
constexpr std::uint64_t file_rights = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE |
                                      LANDLOCK_ACCESS_FS_WRITE_FILE | access_truncate | access_ioctl_device;

constexpr std::uint64_t change_rights(int version) {
    std::uint64_t rights = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                           LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
                           LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                           LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;
    if (version >= 2) rights |= LANDLOCK_ACCESS_FS_REFER;
    if (version >= 3) rights |= access_truncate;
    if (version >= 5) rights |= access_ioctl_device;
    return rights;
}

long create_ruleset(const RulesetAttributes* attributes, std::size_t size, unsigned flags) {
    return ::syscall(SYS_landlock_create_ruleset, attributes, size, flags);
}

Descriptor make_ruleset(std::uint64_t files, Landlock::Tcp tcp, int version) {
    RulesetAttributes attributes{files, 0, 0};
    if (version >= 4 && tcp == Landlock::Tcp::denied) attributes.network = access_bind_tcp | access_connect_tcp;
    if (version >= 6) attributes.scopes = scope_abstract_sockets | scope_signals;
    Descriptor rules(static_cast<int>(create_ruleset(&attributes, sizeof attributes, 0)));
    if (!rules) throw std::system_error(errno, std::generic_category(), "landlock_create_ruleset");
    return rules;
}

}  // namespace

int Landlock::version() {
    static const long found = create_ruleset(nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return found > 0 ? static_cast<int>(found) : 0;
}

Landlock::Landlock(Deny deny, Tcp tcp)
    : denied_(change_rights(version()) | (deny == Deny::everything ? execute_rights | read_rights : 0)),
      rules_(make_ruleset(denied_, tcp, version())) {}

Landlock& Landlock::allow_reading(const std::string& path) {
    allow(path, read_rights);
    return *this;
}

Landlock& Landlock::allow_changes(const std::string& path) {
    allow(path, read_rights | change_rights(version()));
    return *this;
}

Landlock& Landlock::allow_execution(const std::string& path) {
    allow(path, execute_rights);
    return *this;
}

void Landlock::allow(const std::string& path, std::uint64_t rights) {
    const Descriptor place(::open(path.c_str(), O_PATH | O_CLOEXEC));
    struct stat status {};
    if (!place || ::fstat(place.get(), &status) != 0) return;
    if (!S_ISDIR(status.st_mode)) rights &= file_rights;
    const landlock_path_beneath_attr rule{rights & denied_, place.get()};
    if (rule.allowed_access == 0) return;
    if (::syscall(SYS_landlock_add_rule, rules_.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) {
        throw std::system_error(errno, std::generic_category(), "landlock_add_rule");
    }
}

int Landlock::restrict_self() const noexcept {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    return ::syscall(SYS_landlock_restrict_self, rules_.get(), 0) == 0 ? 0 : errno;
}

}  // namespace uhost
