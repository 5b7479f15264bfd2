#include "api/git/repository.hpp"

#include "api/git/failure.hpp"

namespace uhost::git {
namespace {

// Handles beyond this are closed: the worker pool has four threads.
constexpr std::size_t most_idle = 4;

std::string without_slash(const char* folder) {
    std::string text = folder;
    while (text.size() > 1 && text.ends_with('/')) text.pop_back();
    return text;
}

// The folder that safe.directory has to name: the work tree, or the bare repository.
std::string guarded_folder(const std::string& path) {
    std::error_code ignored;
    for (auto folder = std::filesystem::absolute(path, ignored).lexically_normal();; folder = folder.parent_path()) {
        if (std::filesystem::exists(folder / ".git", ignored)) return without_slash(folder.c_str());
        if (folder == folder.root_path() || folder.empty()) break;
    }
    Buffer found;
    if (git_repository_discover(&found.raw, path.c_str(), 1, nullptr) == 0) return without_slash(found.raw.ptr);
    return path;
}

std::string quoted_for_shell(const std::string& text) {
    std::string quoted = "'";
    for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

Error open_error(int code, const std::string& path) {
    const auto native = last_libgit2_message();
    // Without any safe.directory setting, libgit2 1.5 complains of that, not of the owner.
    if (code == GIT_EOWNER || native.find("safe.directory") != std::string::npos) {
        const auto folder = guarded_folder(path);
        return Error("git.owner", "the repository " + folder + " belongs to another user")
            .hint("if you trust it: git config --global --add safe.directory " + quoted_for_shell(folder))
            .native(native)
            .with("path", folder);
    }
    if (code == GIT_ENOTFOUND) {
        return Error("git.not_found", "no git repository at " + path + " or above")
            .hint("name a folder of a repository, or make one with 'git init'")
            .native(native)
            .with("path", path);
    }
    if (native.find("extension") != std::string::npos || native.find("object format") != std::string::npos ||
        native.find("repository version") != std::string::npos) {
        return Error("git.unsupported", "the repository at " + path + " has a format that libgit2 cannot read")
            .hint("SHA-256 and reftable repositories are not supported; clone it in the classic format")
            .native(native)
            .with("path", path);
    }
    return Error("git.open", "cannot open the repository at " + path)
        .hint("check that it can be read, and what 'git -C " + quoted_for_shell(path) + " status' says")
        .native(native)
        .with("path", path);
}

}  // namespace

Lease::~Lease() {
    if (handle_) owner_->give_back(std::move(handle_));
}

std::shared_ptr<Repository> Repository::open(const std::filesystem::path& path) {
    start_libgit2();
    RepositoryHandle handle;
    const int code = git_repository_open_ext(out(handle), path.c_str(), GIT_REPOSITORY_OPEN_CROSS_FS, nullptr);
    if (code != 0) throw open_error(code, path.string());
    return std::make_shared<Repository>(std::move(handle));
}

Repository::Repository(RepositoryHandle first)
    : git_folder_(without_slash(git_repository_path(first.get()))),
      common_folder_(without_slash(git_repository_commondir(first.get()))),
      is_worktree_(git_repository_is_worktree(first.get()) == 1) {
    if (const char* folder = git_repository_workdir(first.get())) work_tree_ = without_slash(folder);
    idle_.push_back(std::move(first));
}

Lease Repository::lease() const {
    {
        const std::lock_guard guard(mutex_);
        if (!idle_.empty()) {
            auto handle = std::move(idle_.back());
            idle_.pop_back();
            return {shared_from_this(), std::move(handle)};
        }
    }
    RepositoryHandle handle;
    const auto& folder = work_tree_ ? *work_tree_ : git_folder_;
    const int code = git_repository_open(out(handle), folder.c_str());
    if (code != 0) throw open_error(code, folder);
    return {shared_from_this(), std::move(handle)};
}

void Repository::give_back(RepositoryHandle handle) const {
    const std::lock_guard guard(mutex_);
    if (idle_.size() < most_idle) idle_.push_back(std::move(handle));
}

bool Repository::is_shallow() const { return git_repository_is_shallow(lease()) == 1; }

void init_repository(const std::filesystem::path& path, bool bare, const std::string& initial_branch) {
    start_libgit2();
    git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
    options.flags = GIT_REPOSITORY_INIT_MKPATH;
    if (bare) options.flags |= GIT_REPOSITORY_INIT_BARE;
    if (!initial_branch.empty()) options.initial_head = initial_branch.c_str();
    RepositoryHandle handle;
    const int code = git_repository_init_ext(out(handle), path.c_str(), &options);
    if (code == 0) return;
    throw Error("git.init", "cannot make a repository at " + path.string())
        .hint("check that the folder can be written")
        .native(last_libgit2_message())
        .with("path", path.string());
}

}  // namespace uhost::git
