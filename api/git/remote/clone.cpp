#include <git2/sys/odb_backend.h>

#include <memory>

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
    start_libgit2();
    RepositoryHandle source;
    if (git_repository_open(out(source), url.path.c_str()) != 0) return;  // cloning says what is wrong
    if (git_repository_is_shallow(source.get()) == 1) throw shallow_error("cannot clone " + url.path);
}

// libgit2 writes files without asking whether to continue, but reads each of them from the object database first. This
// backend knows no object, so that the real ones are asked, and fails once the transfer is stopped.
class StoppingBackend : public git_odb_backend {
public:
    static void add_to(git_repository* repository, const Transfer& transfer) {
        OdbHandle database;
        check(attempt(git_repository_odb, out(database), repository), "cannot open the clone's objects");
        auto backend = std::make_unique<StoppingBackend>(transfer);
        constexpr int before_all_others = 1000;
        check(attempt(git_odb_add_backend, database.get(), backend.get(), before_all_others), "cannot check out");
        backend.release();  // the database frees it
    }

    explicit StoppingBackend(const Transfer& transfer) : git_odb_backend{}, transfer_(transfer) {
        git_odb_init_backend(this, GIT_ODB_BACKEND_VERSION);
        read = [](void**, std::size_t*, git_object_t*, git_odb_backend* self, const git_oid*) { return answer(self); };
        read_header = [](std::size_t*, git_object_t*, git_odb_backend* self, const git_oid*) { return answer(self); };
        free = [](git_odb_backend* self) { delete static_cast<StoppingBackend*>(self); };
    }

private:
    static int answer(const git_odb_backend* self) noexcept {
        return static_cast<const StoppingBackend*>(self)->transfer_.stopped() ? GIT_EUSER : GIT_ENOTFOUND;
    }

    const Transfer& transfer_;
};

// A path would mean something else to whoever reads it from the clone's configuration.
std::string absolute_source(const std::string& url) {
    const auto parsed = parse_remote_url(url);
    std::error_code failed;
    return parsed.scheme.empty() ? fs::absolute(url, failed).lexically_normal().string() : url;
}

// HEAD of a bare clone: the branch or tag that was asked for, else what the remote's is.
void set_head(git_repository* repository, const std::string& branch, const std::optional<RemoteReference>& remote) {
    const auto what = "cannot set HEAD of the clone";
    if (!branch.empty()) {
        const auto name = "refs/heads/" + branch;
        git_oid id;
        if (git_reference_name_to_id(&id, repository, name.c_str()) == 0) {
            return check(attempt(git_repository_set_head, repository, name.c_str()), what, repository);
        }
        if (git_reference_name_to_id(&id, repository, ("refs/tags/" + branch).c_str()) == 0) {
            return check(attempt(git_repository_set_head_detached, repository, &id), what, repository);
        }
        throw Error("git.unknown_revision", "the other side has no branch or tag '" + branch.substr(0, 200) + "'")
            .hint("see what it has with ls_remote")
            .with("revision", branch);
    }
    if (!remote) return;
    if (!remote->symbolic.empty()) {
        return check(attempt(git_repository_set_head, repository, remote->symbolic.c_str()), what, repository);
    }
    const auto id = to_git_oid(remote->id);
    check(attempt(git_repository_set_head_detached, repository, &id), what, repository);
}

void clone_with_libgit2(const std::string& url, const CloneQuery& query, const fs::path& folder,
                        const TransferOptions& options) {
    const auto what = "cannot clone " + without_credentials(query.url);
    Conversation conversation(options, url, nullptr);
    git_clone_options native = GIT_CLONE_OPTIONS_INIT;
    conversation.set_callbacks(native.fetch_opts.callbacks);
    native.fetch_opts.proxy_opts.type = GIT_PROXY_AUTO;
    native.checkout_opts.checkout_strategy = GIT_CHECKOUT_NONE;
    if (!query.branch.empty()) native.checkout_branch = query.branch.c_str();
    RepositoryHandle handle;
    auto outcome = attempt(git_clone, out(handle), url.c_str(), folder.c_str(), &native);
    const bool has_files = !query.bare && query.checkout && outcome.ok() &&
                           git_repository_head_unborn(handle.get()) == 0;
    if (has_files) {
        const auto& transfer = conversation.transfer();
        StoppingBackend::add_to(handle.get(), transfer);
        git_checkout_options files = GIT_CHECKOUT_OPTIONS_INIT;
        files.checkout_strategy = GIT_CHECKOUT_SAFE | GIT_CHECKOUT_RECREATE_MISSING;
        outcome = attempt(git_checkout_head, handle.get(), &files);
    }
    conversation.conclude(outcome, what);
    if (conversation.transfer().stopped()) throw Error("git.cancelled", what + ": cancelled");
}

// libgit2's own bare clone has remote-tracking branches, as one with a work tree.
void clone_bare(const std::string& url, const CloneQuery& query, const fs::path& folder,
                const TransferOptions& options) {
    init_repository(folder, true, "");
    const auto repository = Repository::open(folder);
    const auto lease = repository->lease();
    RemoteHandle remote;
    git_remote_create_options creation = GIT_REMOTE_CREATE_OPTIONS_INIT;
    creation.repository = lease;
    creation.name = "origin";
    creation.fetchspec = query.mirror ? "+refs/*:refs/*" : nullptr;
    creation.flags = GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
    check(attempt(git_remote_create_with_opts, out(remote), url.c_str(), &creation), "cannot make the remote", lease);
    if (query.mirror) {
        ConfigHandle config;
        check(attempt(git_repository_config, out(config), lease.get()), "cannot configure the clone", lease);
        check(attempt(git_config_set_bool, config.get(), "remote.origin.mirror", 1), "cannot configure the clone");
    }
    FetchQuery everything;
    everything.refspecs = {query.mirror ? "+refs/*:refs/*" : "+refs/heads/*:refs/heads/*"};
    everything.tags = query.mirror ? "none" : "all";
    const auto fetched = fetch(*repository, everything, options);
    set_head(lease, query.branch, fetched.head);
    fs::remove(folder / "FETCH_HEAD");
}

}  // namespace

std::shared_ptr<Repository> clone(const CloneQuery& query, const TransferOptions& options) {
    std::error_code ignored;
    auto target = fs::absolute(query.path, ignored).lexically_normal();
    if (target.filename().empty()) target = target.parent_path();
    check_target(target);
    const auto url = absolute_source(query.url);
    check_online(options.access, url);
    const bool by_program =
        options.access.transport == Transport::git || query.depth.has_value() || !query.filter.empty();
    if (!by_program) check_local_source(parse_remote_url(url));
    std::error_code failed;
    fs::create_directories(target.parent_path(), failed);
    if (failed) {
        throw system_error("git.clone", "cannot make the folder " + target.parent_path().string(), failed.value());
    }
    AtomicFolder folder(target, "git.clone");
    if (by_program) {
        program::clone(url, query, folder.temporary_path(), options);
    } else if (query.bare) {
        clone_bare(url, query, folder.temporary_path(), options);
    } else {
        clone_with_libgit2(url, query, folder.temporary_path(), options);
    }
    folder.commit();
    return Repository::open(target);
}

}  // namespace uhost::git
