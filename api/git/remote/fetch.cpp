// Fetching with libgit2. It swallows what git refuses, so what a fetch would do is worked out beforehand.
#include <fmt/format.h>

#include <algorithm>

#include "api/git/ancestry.hpp"
#include "api/git/libgit2.hpp"
#include "api/git/remote/conversation.hpp"
#include "api/git/remote/git_program.hpp"
#include "api/git/remote/remote.hpp"

namespace uhost::git {

namespace {

using Heads = std::map<std::string, Oid>;

constexpr std::string_view tag_references = "refs/tags/";

/// One reference here that a fetch sets.
struct FetchUpdate {
    std::string destination;
    Oid after;
    bool force;
};

RefspecHandle parse_fetch_refspec(const std::string& text) {
    RefspecHandle refspec;
    const auto outcome = attempt(git_refspec_parse, out(refspec), text.c_str(), 1);
    if (outcome.ok() && !text.starts_with('-') && text.find('\0') == std::string::npos) return refspec;
    throw Error("git.refspec", fmt::format("'{}' is not a refspec", text.substr(0, 200)))
        .hint("write 'main' or 'refs/heads/there:refs/heads/here'")
        .native(outcome.message);
}

/// The reference over there that a short name stands for, by git's rules.
Heads::const_iterator find_source(const Heads& heads, const std::string& name) {
    for (const char* prefix : {"", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"}) {
        if (const auto found = heads.find(prefix + name); found != heads.end()) return found;
    }
    return heads.find("refs/remotes/" + name + "/HEAD");
}

std::string full_destination(const std::string& name) {
    if (name.empty() || name.starts_with("refs/")) return name;
    for (const char* folder : {"heads/", "tags/", "remotes/"}) {
        if (name.starts_with(folder)) return "refs/" + name;
    }
    return "refs/heads/" + name;
}

void add_pattern(const git_refspec* refspec, const Heads& heads, std::vector<FetchUpdate>& updates) {
    for (const auto& [name, id] : heads) {
        if (name.ends_with("^{}") || git_refspec_src_matches(refspec, name.c_str()) != 1) continue;
        Buffer destination;
        if (git_refspec_transform(&destination.raw, refspec, name.c_str()) != 0) continue;
        updates.push_back({destination.text(), id, git_refspec_force(refspec) == 1});
    }
}

/// Adds what a refspec updates, and gives it with full names. Raises `git.unknown_revision` for a name that the other
/// side does not have.
std::string add_updates(const std::string& text, const Heads& heads, const std::string& what,
                        std::vector<FetchUpdate>& updates) {
    const auto refspec = parse_fetch_refspec(text);
    const std::string source = git_refspec_src(refspec.get());
    const char* given = git_refspec_dst(refspec.get());
    const std::string destination = full_destination(given == nullptr ? "" : given);
    if (source.find('*') != std::string::npos) {
        add_pattern(refspec.get(), heads, updates);
        return text;
    }
    auto id = Oid::from_hex(source);
    std::string name = source;
    if (!id) {
        const auto found = find_source(heads, source.empty() ? "HEAD" : source);
        if (found == heads.end()) {
            throw Error("git.unknown_revision", fmt::format("{}: the other side has no '{}'", what, source))
                .hint("see what it has with ls_remote")
                .with("revision", source);
        }
        name = found->first;
        id = found->second;
    }
    if (destination.empty()) return name;
    const bool force = git_refspec_force(refspec.get()) == 1;
    updates.push_back({destination, *id, force});
    return fmt::format("{}{}:{}", force ? "+" : "", name, destination);
}

std::optional<Oid> current_value(git_repository* repository, const std::string& name) {
    git_oid id;
    if (git_reference_name_to_id(&id, repository, name.c_str()) != 0) return std::nullopt;
    return from_git_oid(id);
}

/// What can be refused before anything is received.
void check_beforehand(git_repository* repository, const std::vector<FetchUpdate>& updates, const std::string& what) {
    for (const auto& update : updates) {
        if (is_checked_out(repository, update.destination)) throw checked_out_error(what, update.destination);
        const auto before = current_value(repository, update.destination);
        if (!update.destination.starts_with(tag_references) || update.force || !before || *before == update.after) {
            continue;
        }
        throw tag_exists_error(what, update.destination);
    }
}

void check_branch(git_repository* repository, const FetchUpdate& update) {
    if (!update.destination.starts_with("refs/heads/")) return;
    const auto id = to_git_oid(update.after);
    CommitHandle commit;
    if (!attempt(git_commit_lookup, out(commit), repository, &id).ok()) throw not_a_commit_error(update.destination);
}

void check_targets(git_repository* repository, const std::vector<FetchUpdate>& updates, const std::string& what) {
    for (const auto& update : updates) {
        check_branch(repository, update);
        const auto before = current_value(repository, update.destination);
        if (update.force || !before || *before == update.after) continue;
        if (is_known_ancestor(repository, *before, update.after)) continue;
        throw Error("git.not_fast_forward",
                    fmt::format("{}: {} has commits that the other side has not", what, update.destination))
            .hint("a '+' before the refspec throws them away")
            .with("ref", update.destination);
    }
}

/// libgit2 does not give a tag that it follows by itself another name.
void update_rest(git_repository* repository, const std::vector<FetchUpdate>& updates, const std::string& what) {
    for (const auto& update : updates) {
        if (current_value(repository, update.destination) == update.after) continue;
        ReferenceHandle reference;
        const auto id = to_git_oid(update.after);
        check(attempt(git_reference_create, out(reference), repository, update.destination.c_str(), &id, 1, "fetch"),
              what + ": cannot update " + update.destination, repository);
    }
}

std::vector<std::string> refspecs_of(const git_remote* remote, const FetchQuery& query) {
    auto refspecs = query.refspecs;
    if (refspecs.empty()) {
        StringArray configured;
        check(attempt(git_remote_get_fetch_refspecs, &configured.raw, remote), "cannot read the refspecs");
        refspecs = configured.texts();
    }
    if (query.tags == "all") refspecs.emplace_back("refs/tags/*:refs/tags/*");
    return refspecs;
}

git_remote_autotag_option_t tag_option(const std::string& tags) {
    if (tags == "all") return GIT_REMOTE_DOWNLOAD_TAGS_ALL;
    if (tags == "none") return GIT_REMOTE_DOWNLOAD_TAGS_NONE;
    return GIT_REMOTE_DOWNLOAD_TAGS_UNSPECIFIED;
}

/// Whether a clone has only part of the history or of the objects, which libgit2 cannot complete.
bool is_partial(git_repository* repository) {
    if (git_repository_is_shallow(repository) == 1) return true;
    ConfigHandle config;
    check(attempt(git_repository_config_snapshot, out(config), repository), "cannot read the settings", repository);
    const char* promisor = nullptr;
    return attempt(git_config_get_string, &promisor, config.get(), "extensions.partialclone").ok();
}

FetchResult fetch_with_libgit2(git_repository* repository, const FetchQuery& query, const TransferOptions& options) {
    prepare_for_remotes();
    const auto what = "cannot fetch from " + without_credentials(query.remote);
    const auto remote = find_remote(repository, query.remote);
    Conversation conversation(options, url_of(remote.get(), false), repository);
    const DisconnectGuard disconnect(remote);
    git_fetch_options native = GIT_FETCH_OPTIONS_INIT;
    conversation.set_callbacks(native.callbacks);
    native.download_tags = tag_option(query.tags);
    native.proxy_opts.type = GIT_PROXY_AUTO;
    git_remote_connect_options connecting = GIT_REMOTE_CONNECT_OPTIONS_INIT;
    connecting.callbacks = native.callbacks;
    connecting.proxy_opts.type = GIT_PROXY_AUTO;
    const git_remote_head** listed = nullptr;
    std::size_t count = 0;
    auto outcome = attempt(git_remote_connect_ext, remote.get(), GIT_DIRECTION_FETCH, &connecting);
    if (outcome.ok()) outcome = attempt(git_remote_ls, &listed, &count, remote.get());
    if (!outcome.ok()) conversation.conclude(outcome, what);
    FetchResult result;
    Heads heads;
    for (std::size_t i = 0; i < count; ++i) {
        const auto& head = *listed[i];
        heads.emplace(head.name, from_git_oid(head.oid));
        if (std::string_view(head.name) != "HEAD") continue;
        result.head = {head.name, from_git_oid(head.oid), head.symref_target != nullptr ? head.symref_target : ""};
    }
    std::vector<FetchUpdate> updates;
    std::vector<std::string> complete;
    for (const auto& refspec : refspecs_of(remote.get(), query)) {
        complete.push_back(add_updates(refspec, heads, what, updates));
    }
    check_beforehand(repository, updates, what);
    BorrowedStrings borrowed(complete);
    const auto refspecs = borrowed.raw();
    outcome = attempt(git_remote_download, remote.get(), query.refspecs.empty() ? nullptr : &refspecs, &native);
    if (!outcome.ok()) conversation.conclude(outcome, what);
    check_targets(repository, updates, what);
    const auto before = references_of(repository);
    // First what is gone, which may be in the way of what is new.
    if (query.prune) outcome = attempt(git_remote_prune, remote.get(), &native.callbacks);
    if (outcome.ok()) {
        outcome = attempt(git_remote_update_tips, remote.get(), &native.callbacks, 1, native.download_tags, "fetch");
    }
    conversation.conclude(outcome, what);
    update_rest(repository, updates, what);
    const auto* stats = git_remote_stats(remote.get());
    result.changes = changes_between(before, references_of(repository));
    result.received_objects = stats->received_objects;
    result.received_bytes = stats->received_bytes;
    return result;
}

}  // namespace

std::map<std::string, Oid> references_of(git_repository* repository) {
    std::map<std::string, Oid> references;
    for (const auto& reference : list_references(repository, "")) {
        if (reference.id && !reference.symbolic) references.emplace(reference.name, *reference.id);
    }
    return references;
}

std::vector<ReferenceChange> changes_between(const std::map<std::string, Oid>& before,
                                             const std::map<std::string, Oid>& after) {
    std::vector<ReferenceChange> changes;
    for (const auto& [name, id] : after) {
        const auto old = before.find(name);
        if (old == before.end()) {
            changes.push_back({name, std::nullopt, id});
        } else if (old->second != id) {
            changes.push_back({name, old->second, id});
        }
    }
    for (const auto& [name, id] : before) {
        if (!after.contains(name)) changes.push_back({name, id, std::nullopt});
    }
    return changes;
}

FetchResult fetch(const Repository& repository, const FetchQuery& query, const TransferOptions& options) {
    const auto lease = repository.lease();
    const bool by_program = options.access.transport == Transport::git || query.depth || query.deepen ||
                            query.unshallow || !query.filter.empty() || is_partial(lease);
    if (by_program) return program::fetch(repository, query, options);
    return fetch_with_libgit2(lease, query, options);
}

}  // namespace uhost::git
