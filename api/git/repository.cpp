#include "api/git/repository.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <chrono>

#include "api/git/history/objects.hpp"
#include "api/git/libgit2.hpp"

namespace uhost::git {
namespace {

// Handles beyond this are closed: the worker pool has four threads.
constexpr std::size_t max_idle = 4;

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

Error open_error(const Outcome& outcome, const std::string& path) {
    const auto& native = outcome.message;
    // Without any safe.directory setting, libgit2 1.5 complains of that, not of the owner.
    if (outcome.code == GIT_EOWNER || outcome.mentions("safe.directory")) {
        const auto folder = guarded_folder(path);
        return Error("git.owner", "the repository " + folder + " belongs to another user")
            .hint("if you trust it: git config --global --add safe.directory " + shell_quoted(folder))
            .native(native)
            .with("path", folder);
    }
    if (outcome.code == GIT_ENOTFOUND) {
        return Error("git.not_found", "no git repository at " + path + " or above")
            .hint("name a folder of a repository, or make one with 'git init'")
            .native(native)
            .with("path", path);
    }
    if (outcome.mentions("extension") || outcome.mentions("object format") || outcome.mentions("repository version")) {
        return Error("git.unsupported", "the repository at " + path + " has a format that libgit2 cannot read")
            .hint("SHA-256 and reftable repositories are not supported; clone it in the classic format")
            .native(native)
            .with("path", path);
    }
    return Error("git.open", "cannot open the repository at " + path)
        .hint("check that it can be read, and what 'git -C " + shell_quoted(path) + " status' says")
        .native(native)
        .with("path", path);
}

RepositoryHandle open_exactly(const std::string& path, unsigned flags) {
    RepositoryHandle handle;
    const auto outcome =
        attempt(git_repository_open_ext, out(handle), path.c_str(), flags | GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
    if (!outcome.ok()) throw open_error(outcome, path);
    return handle;
}

bool has_setting(git_repository* repository, const char* name) {
    ConfigHandle config;
    if (!attempt(git_repository_config_snapshot, out(config), repository).ok()) return false;
    const char* value = nullptr;
    return attempt(git_config_get_string, &value, config.get(), name).ok();
}

// Whether `work_tree` has a file ".git" that leads to this git folder, to which nothing may lead back.
bool leads_to(const std::string& work_tree, const std::string& git_folder) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(work_tree + "/.git", ignored)) return false;
    return without_slash(git_repository_path(open_exactly(work_tree, 0).get())) == git_folder;
}

// Without `core.bare`, libgit2 takes the folder around any git folder for its work tree; git does so only for one that
// is called ".git".
bool is_bare_without_saying_so(git_repository* repository, const std::string& git_folder) {
    return std::filesystem::path(git_folder).filename() != ".git" && !has_setting(repository, "core.worktree");
}

// What an ObjectStore is made from. None of these files is written in place, so a change shows.
constexpr const char* files_of_objects[] = {"config",
                                            "packed-refs",
                                            "refs/replace",
                                            "shallow",
                                            "objects/pack",
                                            "objects/info/alternates",
                                            "objects/info/commit-graph",
                                            "objects/info/commit-graphs/commit-graph-chain"};

// The state of files as text; empty if one was changed so recently that another change might not show in its time.
std::string state_of(const std::vector<std::filesystem::path>& files) {
    constexpr std::int64_t too_recent_ns = 100'000'000;
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto now_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
    std::string state;
    for (const auto& file : files) {
        struct stat found{};
        if (stat(file.c_str(), &found) != 0) {
            state += "-\n";
            continue;
        }
        const auto changed_ns = found.st_mtim.tv_sec * std::int64_t{1'000'000'000} + found.st_mtim.tv_nsec;
        if (now_ns - changed_ns < too_recent_ns) return {};
        state += fmt::format("{} {} {}\n", found.st_ino, found.st_size, changed_ns);
    }
    return state;
}

}  // namespace

RepositoryHandle open_repository(const std::filesystem::path& path) {
    start_libgit2();
    return open_exactly(path.string(), 0);
}

Lease::~Lease() {
    if (handle_) owner_->give_back(std::move(handle_));
}

std::shared_ptr<Repository> Repository::open(const std::filesystem::path& path) {
    start_libgit2();
    RepositoryHandle handle;
    const auto outcome =
        attempt(git_repository_open_ext, out(handle), path.c_str(), GIT_REPOSITORY_OPEN_CROSS_FS, nullptr);
    if (!outcome.ok()) throw open_error(outcome, path.string());
    return std::make_shared<Repository>(std::move(handle));
}

Repository::Repository(RepositoryHandle first)
    : git_folder_(without_slash(git_repository_path(first.get()))), reopen_at_(git_folder_) {
    const char* work_tree = git_repository_workdir(first.get());
    if (work_tree != nullptr && leads_to(without_slash(work_tree), git_folder_)) {
        reopen_at_ = without_slash(work_tree);
    } else if (work_tree != nullptr && is_bare_without_saying_so(first.get(), git_folder_)) {
        reopen_flags_ = GIT_REPOSITORY_OPEN_BARE;
        first = open_exactly(reopen_at_, reopen_flags_);
        work_tree = nullptr;
    }
    if (work_tree != nullptr) work_tree_ = without_slash(work_tree);
    common_folder_ = without_slash(git_repository_commondir(first.get()));
    object_folders_ = object_folders(common_folder_);
    for (const auto& folder : object_folders_) pack_folders_.push_back(folder / "pack");
    is_worktree_ = git_repository_is_worktree(first.get()) == 1;
    idle_.push_back(std::move(first));
}

/// Packs come while a repository is open: with a fetch, or when it is repacked.
void Repository::check_new_packs() const {
    const auto state = state_of(pack_folders_);
    {
        const std::lock_guard guard(mutex_);
        if (!state.empty() && state == state_of_packs_) return;
    }
    require_sound_indexes(object_folders_);
    const std::lock_guard guard(mutex_);
    state_of_packs_ = state;
}

Lease Repository::lease() const {
    check_new_packs();
    {
        const std::lock_guard guard(mutex_);
        if (!idle_.empty()) {
            auto handle = std::move(idle_.back());
            idle_.pop_back();
            return {shared_from_this(), std::move(handle)};
        }
    }
    return {shared_from_this(), open_exactly(reopen_at_, reopen_flags_)};
}

void Repository::give_back(RepositoryHandle handle) const {
    const std::lock_guard guard(mutex_);
    if (idle_.size() < max_idle) idle_.push_back(std::move(handle));
}

std::shared_ptr<const ObjectStore> Repository::objects() const {
    std::vector<std::filesystem::path> files;
    for (const auto* file : files_of_objects) files.push_back(std::filesystem::path(common_folder_) / file);
    const auto state = state_of(files);
    {
        const std::lock_guard guard(mutex_);
        if (objects_ && !state.empty() && state == state_of_objects_) return objects_;
    }
    auto opened = std::make_shared<const ObjectStore>(git_folder_);
    const std::lock_guard guard(mutex_);
    objects_ = opened;
    state_of_objects_ = state;
    return opened;
}

bool Repository::is_shallow() const { return git_repository_is_shallow(lease()) == 1; }

void init_repository(const std::filesystem::path& path, bool bare, const std::string& initial_branch) {
    start_libgit2();
    git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
    options.flags = GIT_REPOSITORY_INIT_MKPATH;
    if (bare) options.flags |= GIT_REPOSITORY_INIT_BARE;
    if (!initial_branch.empty()) options.initial_head = initial_branch.c_str();
    RepositoryHandle handle;
    const auto outcome = attempt(git_repository_init_ext, out(handle), path.c_str(), &options);
    if (outcome.ok()) return;
    throw Error("git.init", "cannot make a repository at " + path.string())
        .hint("check that the folder can be written")
        .native(outcome.message)
        .with("path", path.string());
}

}  // namespace uhost::git
