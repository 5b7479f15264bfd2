#include "api/git/remote/remote.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "api/git/libgit2.hpp"
#include "api/git/remote/conversation.hpp"
#include "api/git/remote/git_program.hpp"
#include "api/git/revision.hpp"

namespace uhost::git {

namespace {

struct Refspec {
    bool force = false;
    std::string source, destination;
};

Refspec parse_refspec(const std::string& text) {
    Refspec refspec;
    std::string_view rest = text;
    if (rest.starts_with('+')) {
        refspec.force = true;
        rest.remove_prefix(1);
    }
    const auto colon = rest.find(':');
    refspec.source = rest.substr(0, colon);
    if (colon != std::string_view::npos) refspec.destination = rest.substr(colon + 1);
    const bool malformed =
        (refspec.source.empty() && refspec.destination.empty()) ||
        rest.find(':', colon == std::string_view::npos ? colon : colon + 1) != std::string_view::npos ||
        rest.find('\0') != std::string_view::npos;
    if (!malformed) return refspec;
    throw Error("git.refspec", fmt::format("'{}' is not a refspec to push", text.substr(0, 200)))
        .hint("write 'topic', 'refs/heads/here:refs/heads/there', '+…' to force, ':refs/heads/gone' to delete");
}

std::string full_name(git_repository* repository, const std::string& name) {
    ReferenceHandle reference;
    if (name.empty() || git_reference_dwim(out(reference), repository, name.c_str()) != 0) return name;
    ReferenceHandle resolved;  // HEAD is pushed as the branch it stands for
    if (git_reference_resolve(out(resolved), reference.get()) != 0) return name;
    return git_reference_name(resolved.get());
}

RefspecHandle parse_pattern(const std::string& text) {
    RefspecHandle pattern;
    const auto outcome = attempt(git_refspec_parse, out(pattern), text.c_str(), 0);
    if (outcome.ok() && *git_refspec_dst(pattern.get()) != '\0') return pattern;
    throw Error("git.refspec", fmt::format("'{}' is not a refspec to push", text.substr(0, 200)))
        .hint("write 'refs/heads/*:refs/heads/*'")
        .native(outcome.message);
}

Refspec complete(git_repository* repository, const std::string& text) {
    auto refspec = parse_refspec(text);
    refspec.source = full_name(repository, refspec.source);
    if (refspec.destination.empty()) refspec.destination = refspec.source;
    if (refspec.destination.starts_with("refs/")) return refspec;
    const bool tag = refspec.source.starts_with("refs/tags/");
    refspec.destination = (tag ? "refs/tags/" : "refs/heads/") + refspec.destination;
    return refspec;
}

}  // namespace

std::vector<std::string> full_refspecs(git_repository* repository, const std::vector<std::string>& refspecs) {
    std::vector<std::string> full;
    const auto add = [&](bool force, const std::string& source, const std::string& destination) {
        full.push_back(fmt::format("{}{}:{}", force ? "+" : "", source, destination));
    };
    for (const auto& text : refspecs) {
        if (text.find('*') == std::string::npos) {
            const auto refspec = complete(repository, text);
            add(refspec.force, refspec.source, refspec.destination);
            continue;
        }
        const auto pattern = parse_pattern(text);
        for (const auto& reference : list_references(repository, "")) {
            Buffer destination;
            if (git_refspec_src_matches(pattern.get(), reference.name.c_str()) != 1) continue;
            check(attempt(git_refspec_transform, &destination.raw, pattern.get(), reference.name.c_str()),
                  "cannot push " + reference.name, repository);
            add(git_refspec_force(pattern.get()) == 1, reference.name, destination.text());
        }
    }
    return full;
}

std::vector<ReferenceChange> planned_changes(git_repository* repository, const std::vector<std::string>& refspecs) {
    std::vector<ReferenceChange> changes;
    for (const auto& text : refspecs) {
        const auto refspec = parse_refspec(text);
        const auto after = refspec.source.empty() ? std::nullopt : resolve(repository, refspec.source);
        if (!refspec.source.empty() && !after) {
            throw Error("git.unknown_revision", fmt::format("nothing is called '{}'", refspec.source))
                .hint("name a branch or a tag of this repository")
                .with("revision", refspec.source);
        }
        changes.push_back({refspec.destination, std::nullopt, after});
    }
    return changes;
}
namespace {

/// What the callbacks of one call collect; beside the transfer, which is their payload.
struct Collected {
    std::vector<ReferenceChange> changes;
    std::vector<std::pair<std::string, std::string>> rejected;  ///< reference, the server's words
    const std::map<std::string, Expected>* expected = nullptr;
};

// libgit2 has one payload for all callbacks; this finds ours for the call that runs on this thread.
thread_local Collected* collected = nullptr;

class Collecting {
public:
    explicit Collecting(Collected& into) : outer_(std::exchange(collected, &into)) {}
    Collecting(const Collecting&) = delete;
    Collecting& operator=(const Collecting&) = delete;
    ~Collecting() { collected = outer_; }

private:
    Collected* outer_;
};

std::optional<Oid> id_or_nothing(const git_oid& oid) {
    const auto id = from_git_oid(oid);
    return id.is_zero() ? std::nullopt : std::optional(id);
}

int on_push_status(const char* name, const char* status, void* payload) noexcept {
    return static_cast<Transfer*>(payload)->guard([&] {
        if (status != nullptr) collected->rejected.emplace_back(name, status);
        return 0;
    });
}

}  // namespace

void check_expected(const std::string& name, const std::optional<Oid>& current, const Expected& expected) {
    const auto* id = std::get_if<Oid>(&expected);
    const bool fits = std::holds_alternative<Anything>(expected) || (id != nullptr ? current == *id : !current);
    if (fits) return;
    throw Error("git.reference_changed",
                fmt::format("{} is {} on the other side, expected {}", name, current ? current->hex() : "not there",
                            id != nullptr ? id->hex() : "nothing"))
        .hint("someone else changed it; fetch and look at it again, then decide")
        .with("ref", name)
        .with("actual", current ? current->hex() : "")
        .with("expected", id != nullptr ? id->hex() : "");
}

namespace {

// Called when the other side has listed what it has, before anything is sent.
int on_negotiation(const git_push_update** updates, std::size_t count, void* payload) noexcept {
    auto& transfer = *static_cast<Transfer*>(payload);
    return transfer.guard([&] {
        for (std::size_t i = 0; i < count; ++i) {
            const std::string name = updates[i]->dst_refname;
            const auto before = id_or_nothing(updates[i]->src), after = id_or_nothing(updates[i]->dst);
            const auto wanted = collected->expected->find(name);
            if (wanted != collected->expected->end()) check_expected(name, before, wanted->second);
            collected->changes.push_back({name, before, after});
        }
        return transfer.stopped() ? Transfer::stop_code : 0;
    });
}

std::string name_or_url(const std::string& remote) { return without_credentials(remote); }

/// libgit2 pushes references only: a commit without one gets one for the time of the push.
class PushSources {
public:
    PushSources(git_repository* repository, std::vector<std::string> refspecs)
        : repository_(repository), refspecs_(std::move(refspecs)) {
        for (auto& refspec : refspecs_) name_source(refspec);
    }
    PushSources(const PushSources&) = delete;
    PushSources& operator=(const PushSources&) = delete;
    ~PushSources() {
        for (const auto& name : made_) git_reference_remove(repository_, name.c_str());
    }

    const std::vector<std::string>& refspecs() const { return refspecs_; }

private:
    void name_source(std::string& refspec) {
        const auto begin = refspec.starts_with('+') ? 1U : 0U;
        const auto colon = refspec.find(':');
        const auto source = refspec.substr(begin, colon - begin);
        if (source.empty() || source.starts_with("refs/")) return;
        const auto id = resolve(repository_, source);
        if (!id) return;
        const auto name = fmt::format("refs/uhost/push/{}-{}", id->hex(), getpid());
        const auto oid = to_git_oid(*id);
        ReferenceHandle reference;
        check(attempt(git_reference_create, out(reference), repository_, name.c_str(), &oid, 1, "push"),
              "cannot name what is to be pushed", repository_);
        made_.push_back(name);
        refspec.replace(begin, source.size(), name);
    }

    git_repository* repository_;
    std::vector<std::string> refspecs_, made_;
};

}  // namespace

std::vector<ReferenceChange> push(const Repository& repository, const PushQuery& query,
                                  const TransferOptions& options) {
    const bool by_program = options.access.transport == Transport::git || !query.push_options.empty();
    if (by_program) return program::push(repository, query, options);
    const auto lease = repository.lease();
    prepare_for_remotes();
    const auto remote = find_remote(lease, query.remote);
    Conversation conversation(options, url_of(remote.get(), true), lease);
    const DisconnectGuard disconnect(remote);
    Collected found;
    found.expected = &query.expected;
    const Collecting collecting(found);
    git_push_options native = GIT_PUSH_OPTIONS_INIT;
    conversation.set_callbacks(native.callbacks);
    native.callbacks.push_update_reference = on_push_status;
    native.callbacks.push_negotiation = on_negotiation;
    native.proxy_opts.type = GIT_PROXY_AUTO;
    const PushSources sources(lease, query.refspecs);
    BorrowedStrings borrowed(sources.refspecs());
    const auto refspecs = borrowed.raw();
    const auto outcome = attempt(git_remote_push, remote.get(), &refspecs, &native);
    if (found.rejected.empty() || !outcome.ok()) {
        conversation.conclude(outcome, "cannot push to " + name_or_url(query.remote));
    }
    if (!found.rejected.empty()) {
        const auto& [name, reason] = found.rejected.front();
        throw push_rejected_error(name_or_url(query.remote), name, reason, found.rejected.size());
    }
    return std::move(found.changes);
}

std::vector<RemoteReference> list_remote(const std::shared_ptr<Repository>& repository, const std::string& name,
                                         const TransferOptions& options) {
    if (options.access.transport == Transport::git) return program::list_remote(repository, name, options);
    prepare_for_remotes();
    std::optional<Lease> lease;
    if (repository) lease.emplace(repository->lease());
    git_repository* handle = lease ? lease->get() : nullptr;
    RemoteHandle remote;
    if (handle != nullptr) {
        remote = find_remote(handle, name);
    } else {
        static_cast<void>(parse_remote_url(name));
        check(attempt(git_remote_create_detached, out(remote), name.c_str()), "cannot use " + name_or_url(name));
    }
    Conversation conversation(options, url_of(remote.get(), false), handle);
    const DisconnectGuard disconnect(remote);
    git_remote_connect_options native = GIT_REMOTE_CONNECT_OPTIONS_INIT;
    conversation.set_callbacks(native.callbacks);
    native.proxy_opts.type = GIT_PROXY_AUTO;
    const auto what = "cannot list " + name_or_url(name);
    const git_remote_head** heads = nullptr;
    std::size_t count = 0;
    auto outcome = attempt(git_remote_connect_ext, remote.get(), GIT_DIRECTION_FETCH, &native);
    if (outcome.ok()) outcome = attempt(git_remote_ls, &heads, &count, remote.get());
    conversation.conclude(outcome, what);
    std::vector<RemoteReference> references;
    for (std::size_t i = 0; i < count; ++i) {
        const auto* head = heads[i];
        references.push_back(
            {head->name, from_git_oid(head->oid), head->symref_target != nullptr ? head->symref_target : ""});
    }
    return references;
}

std::string url_of(const git_remote* remote, bool to_push) {
    const char* push_url = to_push ? git_remote_pushurl(remote) : nullptr;
    return push_url != nullptr ? push_url : git_remote_url(remote);
}

std::string remote_url(const Repository& repository, const std::string& name, bool to_push) {
    return without_credentials(url_of(find_remote(repository.lease(), name).get(), to_push));
}

}  // namespace uhost::git
