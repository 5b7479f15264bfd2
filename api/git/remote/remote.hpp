#pragma once

#include <map>
#include <span>

#include "api/git/references.hpp"
#include "api/git/remote/transfer.hpp"
#include "api/git/repository.hpp"

namespace uhost::git {

/// How to reach a remote, when to stop, and where to report progress. For one call.
struct TransferOptions {
    RemoteAccess access;
    std::stop_token stop;
    std::shared_ptr<Progress> progress;
};

struct FetchQuery {
    std::string remote = "origin";      ///< a remote's name, or a URL
    std::vector<std::string> refspecs;  ///< none: those of the remote
    bool prune = false;                 ///< delete remote-tracking references that are gone there
    std::string tags = "auto";          ///< "auto", "all" or "none"
    std::optional<std::int64_t> depth;  ///< commits of history from each tip; for a shallow clone
    std::optional<std::int64_t> deepen;  ///< so many more than now
    bool unshallow = false;             ///< all of it
    std::string filter;                 ///< "blob:none" and the like; for a partial clone
};

struct RemoteReference {
    std::string name;
    Oid id;
    std::string symbolic;  ///< what HEAD stands for; "" otherwise
};

struct FetchResult {
    std::vector<ReferenceChange> changes;
    std::uint64_t received_objects = 0, received_bytes = 0;
    std::optional<RemoteReference> head;  ///< the remote's, if libgit2 asked
};

/// Brings objects and references from a remote. Objects first, then references, all or none: ended early, it leaves
/// references as they were. Shallow and partial clones are left to the git program. Raises `git.unknown_remote`,
/// `git.url`, `git.auth`, `git.network`, `git.certificate`, `git.host_key`, `git.remote_not_found`, `git.offline`,
/// `git.cancelled`, `git.refspec`, and, where git refuses: `git.unknown_revision` (the remote has no such reference),
/// `git.not_fast_forward`, `git.exists` (a tag that is another here), `git.checked_out`.
FetchResult fetch(const Repository& repository, const FetchQuery& query, const TransferOptions& options);

struct PushQuery {
    std::string remote = "origin";
    std::vector<std::string> refspecs;         ///< "refs/heads/a:refs/heads/b"; "+…" forces, ":b" deletes
    std::map<std::string, Expected> expected;  ///< by the other side's names: what they have to be there
    std::vector<std::string> push_options;     ///< for the server's hooks; sent by the git program
};

/// Sends objects and asks the remote to update its references. Raises as fetch, and `git.not_fast_forward`,
/// `git.push_rejected` (the server's own decision; others of the same push may have been made),
/// `git.reference_changed` (not as expected: nothing was sent).
std::vector<ReferenceChange> push(const Repository& repository, const PushQuery& query, const TransferOptions& options);

/// Refspecs in full: "topic" and "topic:other" become "refs/heads/topic:refs/heads/…" for what is a branch or tag here;
/// others stay as they are. Raises `git.refspec` for what is none.
std::vector<std::string> full_refspecs(git_repository* repository, const std::vector<std::string>& refspecs);

/// What a push of full refspecs asks for, as far as this side knows.
std::vector<ReferenceChange> planned_changes(git_repository* repository, const std::vector<std::string>& refspecs);

/// Every reference that is there but symbolic ones, with what it points at; and how one state became another.
std::map<std::string, Oid> references_of(git_repository* repository);
std::vector<ReferenceChange> changes_between(const std::map<std::string, Oid>& before,
                                             const std::map<std::string, Oid>& after);

/// What a remote has, by name. `repository` may be null for a URL. Raises as fetch.
std::vector<RemoteReference> list_remote(const std::shared_ptr<Repository>& repository, const std::string& remote,
                                         const TransferOptions& options);

/// Raises `git.reference_changed` unless a reference of the other side, which is `current`, is as expected.
void check_expected(const std::string& name, const std::optional<Oid>& current, const Expected& expected);

/// The URL of a remote, with what login it may hold.
std::string url_of(const git_remote* remote, bool to_push);

/// The URL that a remote's name stands for in a repository, without credentials; a URL stands for itself.
std::string remote_url(const Repository& repository, const std::string& remote, bool to_push);

struct CloneQuery {
    std::string url;
    std::filesystem::path path;
    bool bare = false;
    bool mirror = false;  ///< of a bare one: every reference under its own name, and kept so by fetching
    bool checkout = true;
    std::string branch;                 ///< "": what the remote's HEAD is
    std::optional<std::int64_t> depth;  ///< as for FetchQuery
    std::string filter;
};

/// Copies a repository into a folder that does not exist or is empty. It is made beside it and moved there when
/// complete, so that nothing half-made is left. Raises as fetch, and `git.exists`.
std::shared_ptr<Repository> clone(const CloneQuery& query, const TransferOptions& options);

}  // namespace uhost::git
