#include "api/git/libgit2.hpp"

#include <dlfcn.h>

#include <cerrno>
#include <cstring>
#include <iterator>

struct mbedtls_x509_crt;

namespace uhost::git {
namespace {

/// Extensions that change nothing for a reader of history; libgit2 1.5 refuses repositories that name them.
const char* harmless_extensions[] = {"partialclone", "preciousobjects", "worktreeconfig"};

// libgit2 would keep 256 MiB of objects and map packs whole: a lot for a script that reads a few files of a large
// repository. Object data that is read once gains nothing from more.
constexpr ssize_t max_cached_bytes = 32 << 20;
constexpr std::size_t mapped_window_bytes = 16 << 20;
constexpr std::size_t max_mapped_bytes = 64 << 20;

// While libgit2 starts: where it looks for the system's certificates, which are not read then.
thread_local std::string* skipped_certificates = nullptr;

struct Library {
    std::string certificates;

    Library() {
        skipped_certificates = &certificates;
        git_libgit2_init();
        skipped_certificates = nullptr;
        git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, harmless_extensions, std::size(harmless_extensions));
        git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, max_cached_bytes);
        git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, mapped_window_bytes);
        git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, max_mapped_bytes);
    }
    ~Library() { git_libgit2_shutdown(); }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
};

const Library& library() {
    static const Library started;
    return started;
}

bool is_partial_clone(git_repository* repository) {
    ConfigHandle config;
    if (git_repository_config_snapshot(out(config), repository) != 0) return false;
    int flag = 0;
    return git_config_get_bool(&flag, config.get(), "remote.origin.promisor") == 0 && flag != 0;
}

bool is_damage(int error_class) {
    return error_class == GIT_ERROR_ZLIB || error_class == GIT_ERROR_OBJECT || error_class == GIT_ERROR_ODB ||
           error_class == GIT_ERROR_TREE || error_class == GIT_ERROR_TAG;
}

Error classify(const Outcome& outcome, const std::string& what, git_repository* repository) {
    switch (outcome.code) {
        case GIT_EUSER:
            return Error("git.cancelled", what + ": cancelled");
        case GIT_ELOCKED:
            return Error("git.locked", what + ": another process holds a lock")
                .hint("wait for it to end; if none runs, remove the .lock file named below");
        case GIT_EAMBIGUOUS:
            return Error("git.ambiguous", what + ": the abbreviation fits several objects").hint("give more digits");
        case GIT_EEXISTS:
            return Error("git.exists", what + ": it is there already");
        case GIT_EBAREREPO:
            return bare_error(what);
        case GIT_ENOTFOUND:
            if (outcome.error_class == GIT_ERROR_ODB) return missing_object_error(what, repository);
            break;
        default:
            break;
    }
    if (is_damage(outcome.error_class)) {
        return Error("git.corrupt_object", what + ": the object cannot be read")
            .hint("check the repository with 'git fsck --full'");
    }
    return Error("git.failed", what);
}

}  // namespace

void start_libgit2() { library(); }

Outcome load_certificates(const std::string& file) {
    const auto& chosen = file.empty() ? library().certificates : file;
    if (chosen.empty()) return {};
    return attempt([&] { return git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, chosen.c_str(), nullptr); });
}

Outcome outcome_of(int code) {
    if (code >= 0) return {code, GIT_ERROR_NONE, {}};
    const git_error* error = git_error_last();
    if (error == nullptr || error->message == nullptr) return {code, GIT_ERROR_NONE, {}};
    return {code, error->klass, error->message};
}

Error missing_object_error(const std::string& what, git_repository* repository) {
    if (repository != nullptr && git_repository_is_shallow(repository) == 1) return shallow_error(what);
    if (repository != nullptr && is_partial_clone(repository)) {
        return Error("git.missing_object", what + ": an object is missing")
            .hint("this is a partial clone; fetch its objects with 'git fetch --refetch --no-filter'");
    }
    return Error("git.missing_object", what + ": an object is missing")
        .hint("check the repository with 'git fsck'; 'git fetch --refetch' may bring the object back");
}

std::string shell_quoted(const std::string& text) {
    std::string result = "'";
    for (const char c : text) {
        if (c == '\'' || c == '!')
            result.append("'\\").append(1, c).append("'");
        else
            result.append(1, c);
    }
    return result.append("'");
}

Error shallow_error(const std::string& what) {
    return Error("git.shallow", what + ": the clone is shallow and its history ends before that")
        .hint("run 'git fetch --unshallow'; on GitHub Actions, give actions/checkout 'fetch-depth: 0'");
}

Error bare_error(const std::string& what) {
    return Error("git.bare", what + ": the repository is bare, it has no work tree").hint("open a clone that has one");
}

// libgit2 has no error codes for these; it appends the system's own words.
std::optional<Error> system_failure(const Outcome& outcome, const std::string& what) {
    for (const int code : {ENOSPC, EDQUOT, EROFS, EACCES}) {
        if (outcome.mentions(std::strerror(code))) {
            return system_error("git.file", what, code).native(outcome.message);
        }
    }
    return std::nullopt;
}

Error failure(const Outcome& outcome, const std::string& what, git_repository* repository) {
    if (auto error = system_failure(outcome, what)) return *error;
    return classify(outcome, what, repository).native(outcome.message);
}

void check(const Outcome& outcome, const std::string& what, git_repository* repository) {
    if (!outcome.ok()) throw failure(outcome, what, repository);
}

}  // namespace uhost::git

/// Stands before mbedTLS's function of this name, which libgit2 calls when it starts to read the system's certificates:
/// some hundred of them, half of the time that opening a repository takes, and of use to https remotes only.
extern "C" __attribute__((visibility("default"))) int mbedtls_x509_crt_parse_file(mbedtls_x509_crt* chain,
                                                                                  const char* path) {
    using Parse = int (*)(mbedtls_x509_crt*, const char*);
    static const auto parse = reinterpret_cast<Parse>(dlsym(RTLD_NEXT, "mbedtls_x509_crt_parse_file"));
    if (uhost::git::skipped_certificates != nullptr) {
        *uhost::git::skipped_certificates = path;
        return 0;
    }
    constexpr int file_error = -0x3e00;  // MBEDTLS_ERR_PK_FILE_IO_ERROR
    return parse != nullptr ? parse(chain, path) : file_error;
}
