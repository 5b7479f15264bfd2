#include "api/git/libgit2.hpp"
#include "api/git/remote/conversation.hpp"
#include "api/git/remote/git_program.hpp"
#include "host/core/file.hpp"

namespace uhost::git {
namespace {

namespace fs = std::filesystem;

void check_target(const fs::path& target) {
    std::error_code failed;
    const auto status = fs::symlink_status(target, failed);
    if (!fs::exists(status)) return;
    if (fs::is_directory(status) && fs::is_empty(target, failed) && !failed) return;
    throw Error("git.exists", target.string() + " exists and is not an empty folder")
        .hint("clone into another folder")
        .with("path", target.string());
}

// A local clone copies object files; what a shallow clone lacks would be missing without a word.
void check_local_source(const RemoteUrl& url) {
    if (!url.is_local()) return;
    RepositoryHandle source;
    if (git_repository_open(out(source), url.path.c_str()) != 0) return;  // cloning says what is wrong
    if (git_repository_is_shallow(source.get()) == 1) throw shallow_error("cannot clone " + url.path);
}

int stop_checkout(git_checkout_notify_t, const char*, const git_diff_file*, const git_diff_file*, const git_diff_file*,
                  void* payload) noexcept {
    return static_cast<Transfer*>(payload)->stopped() ? GIT_EUSER : 0;
}

// A path would mean something else to whoever reads it from the clone's configuration.
std::string absolute_source(const std::string& url) {
    const auto parsed = parse_remote_url(url);
    std::error_code failed;
    return parsed.scheme.empty() ? fs::absolute(url, failed).lexically_normal().string() : url;
}

void clone_with_libgit2(const std::string& url, const CloneQuery& query, const fs::path& folder,
                        const TransferOptions& options) {
    Conversation conversation(options, url, nullptr);
    git_clone_options native = GIT_CLONE_OPTIONS_INIT;
    conversation.set_callbacks(native.fetch_opts.callbacks);
    native.fetch_opts.proxy_opts.type = GIT_PROXY_AUTO;
    native.bare = query.bare;
    if (!query.checkout) native.checkout_opts.checkout_strategy = GIT_CHECKOUT_NONE;
    native.checkout_opts.notify_flags = GIT_CHECKOUT_NOTIFY_ALL;
    native.checkout_opts.notify_cb = stop_checkout;
    native.checkout_opts.notify_payload = &conversation.transfer();
    if (!query.branch.empty()) native.checkout_branch = query.branch.c_str();
    RepositoryHandle handle;
    const auto outcome = attempt(git_clone, out(handle), url.c_str(), folder.c_str(), &native);
    conversation.conclude(outcome, "cannot clone " + without_credentials(query.url));
}

}  // namespace

std::shared_ptr<Repository> clone(const CloneQuery& query, const TransferOptions& options) {
    std::error_code ignored;
    auto target = fs::absolute(query.path, ignored).lexically_normal();
    if (target.filename().empty()) target = target.parent_path();
    check_target(target);
    const auto url = absolute_source(query.url);
    check_online(options.access, url);
    const bool by_program = options.access.transport == Transport::git;
    if (!by_program) check_local_source(parse_remote_url(url));
    std::error_code failed;
    fs::create_directories(target.parent_path(), failed);
    if (failed) {
        throw system_error("git.clone", "cannot make the folder " + target.parent_path().string(), failed.value());
    }
    AtomicFolder folder(target, "git.clone");
    if (by_program) {
        program::clone(url, query, folder.temporary_path(), options);
    } else {
        clone_with_libgit2(url, query, folder.temporary_path(), options);
    }
    folder.commit();
    return Repository::open(target);
}

}  // namespace uhost::git
