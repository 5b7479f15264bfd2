#include "api/git/failure.hpp"

#include <cerrno>
#include <cstring>

#include "api/git/handles.hpp"

namespace uhost::git {
namespace {

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

Error classify(int code, int error_class, const std::string& what, git_repository* repository) {
    switch (code) {
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
            return Error("git.bare", what + ": the repository is bare, it has no work tree")
                .hint("open a clone that has one");
        case GIT_ENOTFOUND:
            if (error_class == GIT_ERROR_ODB) return missing_object_error(what, repository);
            break;
        default:
            break;
    }
    if (is_damage(error_class)) {
        return Error("git.corrupt_object", what + ": the object cannot be read")
            .hint("check the repository with 'git fsck --full'");
    }
    return Error("git.failed", what);
}

}  // namespace

Error missing_object_error(const std::string& what, git_repository* repository) {
    if (repository != nullptr && git_repository_is_shallow(repository) == 1) return shallow_error(what);
    if (repository != nullptr && is_partial_clone(repository)) {
        return Error("git.missing_object", what + ": an object is missing")
            .hint("this is a partial clone; fetch its objects with 'git fetch --refetch --no-filter'");
    }
    return Error("git.missing_object", what + ": an object is missing")
        .hint("check the repository with 'git fsck'; 'git fetch --refetch' may bring the object back");
}

Error shallow_error(const std::string& what) {
    return Error("git.shallow", what + ": the clone is shallow and its history ends before that")
        .hint("run 'git fetch --unshallow'; on GitHub Actions, give actions/checkout 'fetch-depth: 0'");
}

std::optional<Error> system_failure(const std::string& what) {
    const auto native = last_libgit2_message();
    const auto says = [&](int code) { return native.find(std::strerror(code)) != std::string::npos; };
    for (const int code : {ENOSPC, EDQUOT, EROFS, EACCES}) {
        if (says(code)) return system_error("git.file", what, code).native(native);
    }
    return std::nullopt;
}

Error failure(int code, const std::string& what, git_repository* repository) {
    const git_error* last = git_error_last();
    auto native = last_libgit2_message();
    if (auto error = system_failure(what)) return *error;
    return classify(code, last != nullptr ? last->klass : GIT_ERROR_NONE, what, repository).native(std::move(native));
}

void check(int code, const std::string& what, git_repository* repository) {
    if (code < 0) throw failure(code, what, repository);
}

}  // namespace uhost::git
