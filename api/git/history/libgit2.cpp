#include "api/git/history/libgit2.hpp"

#include <iterator>

namespace uhost::git {
namespace {

/// Extensions that change nothing for a reader of history; libgit2 1.5 refuses repositories that name them.
const char* harmless_extensions[] = {"partialclone", "preciousobjects", "worktreeconfig"};

// libgit2 would keep 256 MiB of objects and map packs whole: a lot for a script that reads a few files of a large
// repository. Object data that is read once gains nothing from more.
constexpr ssize_t most_cached_bytes = 32 << 20;
constexpr std::size_t mapped_window_bytes = 16 << 20;
constexpr std::size_t most_mapped_bytes = 64 << 20;

struct Library {
    Library() {
        git_libgit2_init();
        git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, harmless_extensions, std::size(harmless_extensions));
        git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, most_cached_bytes);
        git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, mapped_window_bytes);
        git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, most_mapped_bytes);
    }
    ~Library() { git_libgit2_shutdown(); }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
};

/// libgit2 1.5 says only that the setting safe.directory is missing.
bool belongs_to_another(int code, const std::string& native) {
    return code == GIT_EOWNER || native.find("safe.directory") != std::string::npos;
}

Error open_error(int code, const std::filesystem::path& path) {
    const std::string where = path.string();
    const std::string native = last_libgit2_message();
    if (belongs_to_another(code, native)) {
        return Error("git.owner", "the repository at " + where + " belongs to another user")
            .hint("if you trust it: git config --global --add safe.directory '" + where + "'")
            .native(native)
            .with("path", where);
    }
    if (code == GIT_ENOTFOUND) {
        return Error("git.not_found", "no git repository at " + where)
            .hint("name the folder of a repository, or make one with 'git init'")
            .native(native)
            .with("path", where);
    }
    return Error("git.open", "cannot open the repository at " + where)
        .hint("check that it can be read and that 'git -C " + where + " status' works")
        .native(native)
        .with("path", where);
}

}  // namespace

void start_libgit2() { static const Library library; }

RepositoryHandle open_repository(const std::filesystem::path& path) {
    start_libgit2();
    git_repository* repository = nullptr;
    const int code = git_repository_open(&repository, path.c_str());
    if (code != 0) throw open_error(code, path);
    return RepositoryHandle(repository);
}

std::string last_libgit2_message() {
    const git_error* error = git_error_last();
    return error != nullptr && error->message != nullptr ? error->message : "";
}

}  // namespace uhost::git
