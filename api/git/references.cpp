#include "api/git/references.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "api/git/libgit2.hpp"
#include "api/git/remote/url.hpp"

namespace uhost::git {

namespace {

constexpr std::size_t max_references = 1'000'000;
constexpr std::string_view tag_prefix = "refs/tags/";

Reference describe(git_reference* reference) {
    Reference described;
    described.name = git_reference_name(reference);
    if (const char* target = git_reference_symbolic_target(reference)) described.symbolic = target;
    ReferenceHandle resolved;
    if (git_reference_resolve(out(resolved), reference) == 0) {
        described.id = from_git_oid(*git_reference_target(resolved.get()));
    }
    return described;
}

void describe_annotation(const git_tag* object, Tag& tag) {
    tag.object = from_git_oid(*git_tag_id(object));
    if (const char* message = git_tag_message(object)) tag.message = message;
    if (const auto* tagger = git_tag_tagger(object)) {
        tag.tagger = {tagger->name, tagger->email, tagger->when.time, tagger->when.offset};
    }
}

std::optional<Tag> describe_tag(git_repository* repository, const Reference& reference) {
    if (!reference.id) return std::nullopt;
    Tag tag{reference.name.substr(tag_prefix.size()), *reference.id, "", std::nullopt, std::nullopt, ""};
    const auto oid = to_git_oid(*reference.id);
    ObjectHandle object;
    if (git_object_lookup(out(object), repository, &oid, GIT_OBJECT_ANY) != 0) return std::nullopt;
    if (git_object_type(object.get()) == GIT_OBJECT_TAG) {
        describe_annotation(reinterpret_cast<git_tag*>(object.get()), tag);
        ObjectHandle target;
        if (git_object_peel(out(target), object.get(), GIT_OBJECT_ANY) != 0) return std::nullopt;
        object = std::move(target);
    }
    tag.target = from_git_oid(*git_object_id(object.get()));
    tag.kind = git_object_type2string(git_object_type(object.get()));
    return tag;
}

Remote describe_remote(const git_remote* remote) {
    Remote described;
    described.name = git_remote_name(remote);
    if (const char* url = git_remote_url(remote)) described.url = without_credentials(url);
    if (const char* url = git_remote_pushurl(remote)) described.push_url = without_credentials(url);
    StringArray fetch, push;
    check(attempt(git_remote_get_fetch_refspecs, &fetch.raw, remote), "cannot read the refspecs of " + described.name);
    check(attempt(git_remote_get_push_refspecs, &push.raw, remote), "cannot read the refspecs of " + described.name);
    described.fetch = fetch.texts();
    described.push = push.texts();
    return described;
}

}  // namespace

std::vector<Reference> list_references(git_repository* repository, const std::string& prefix) {
    ReferenceIteratorHandle iterator;
    check(attempt(git_reference_iterator_new, out(iterator), repository), "cannot list the references", repository);
    std::vector<Reference> references;
    while (true) {
        ReferenceHandle reference;
        const auto outcome = attempt(git_reference_next, out(reference), iterator.get());
        if (outcome.code == GIT_ITEROVER) break;
        check(outcome, "cannot list the references", repository);
        if (!std::string_view(git_reference_name(reference.get())).starts_with(prefix)) continue;
        if (references.size() >= max_references) {
            throw Error("git.limit", "the repository has more than a million references").hint("ask for a 'prefix'");
        }
        references.push_back(describe(reference.get()));
    }
    std::ranges::sort(references, {}, &Reference::name);
    return references;
}

std::vector<Tag> list_tags(git_repository* repository) {
    std::vector<Tag> tags;
    for (const auto& reference : list_references(repository, std::string(tag_prefix))) {
        if (auto tag = describe_tag(repository, reference)) tags.push_back(std::move(*tag));
    }
    return tags;
}

std::vector<Remote> list_remotes(git_repository* repository) {
    StringArray names;
    check(attempt(git_remote_list, &names.raw, repository), "cannot list the remotes", repository);
    std::vector<Remote> remotes;
    for (const auto& name : names.texts()) {
        RemoteHandle remote;
        check(attempt(git_remote_lookup, out(remote), repository, name.c_str()), "cannot read the remote " + name,
              repository);
        remotes.push_back(describe_remote(remote.get()));
    }
    return remotes;
}

void check_new_name(const std::string& name) {
    if (!name.starts_with('-') && name != "HEAD") return;
    throw Error("git.reference_name", fmt::format("'{}' cannot be the name of a branch or tag", name.substr(0, 200)))
        .hint("choose one that does not begin with '-', which programs would take for an option, and is not HEAD");
}

bool is_checked_out(git_repository* repository, const std::string& name) {
    if (git_repository_is_bare(repository) == 1) return false;
    ReferenceHandle branch;
    if (git_reference_lookup(out(branch), repository, name.c_str()) == 0) {
        return git_branch_is_checked_out(branch.get()) == 1;
    }
    ReferenceHandle head;
    if (git_reference_lookup(out(head), repository, "HEAD") != 0) return false;
    const char* target = git_reference_symbolic_target(head.get());
    return target != nullptr && name == target;
}

namespace {

std::optional<Oid> value_of(git_repository* repository, const std::string& name) {
    ReferenceHandle reference;
    const auto outcome = attempt(git_reference_lookup, out(reference), repository, name.c_str());
    if (outcome.code == GIT_ENOTFOUND) return std::nullopt;
    check(outcome, "cannot read the reference " + name, repository);
    if (git_reference_type(reference.get()) == GIT_REFERENCE_SYMBOLIC) {
        throw Error("git.symbolic_reference", name + " stands for another reference")
            .hint(fmt::format("update {} instead", git_reference_symbolic_target(reference.get())));
    }
    return from_git_oid(*git_reference_target(reference.get()));
}

void check_name(const std::string& name) {
    int valid = 0;
    git_reference_name_is_valid(&valid, name.c_str());
    if (valid != 0 && name.starts_with("refs/") && name.find('\0') == std::string::npos) return;
    throw Error("git.reference_name", fmt::format("'{}' is not a valid name for a reference", name.substr(0, 200)))
        .hint("write it in full, as in refs/heads/topic; see 'git help check-ref-format'");
}

void check_target(git_repository* repository, const ReferenceUpdate& update) {
    if (!update.target) return;
    const auto oid = to_git_oid(*update.target);
    ObjectHandle object;
    check(attempt(git_object_lookup, out(object), repository, &oid, GIT_OBJECT_ANY),
          fmt::format("cannot point {} at {}", update.name, update.target->hex()), repository);
    if (update.name.starts_with("refs/heads/") && git_object_type(object.get()) != GIT_OBJECT_COMMIT) {
        throw Error("git.not_a_commit", fmt::format("the branch {} has to point at a commit, {} is not one",
                                                    update.name, update.target->hex()))
            .hint("for a tag, name its commit: 'v1.0^{commit}'");
    }
}

Error changed(const ReferenceUpdate& update, const std::optional<Oid>& current, const std::optional<Oid>& expected) {
    return Error("git.reference_changed",
                 fmt::format("{} is {}, expected {}", update.name, current ? current->hex() : "not there",
                             expected ? expected->hex() : "nothing"))
        .hint("someone else changed it; look at it again, then decide")
        .with("ref", update.name)
        .with("actual", current ? current->hex() : "")
        .with("expected", expected ? expected->hex() : "");
}

void check_expected(const ReferenceUpdate& update, const std::optional<Oid>& current) {
    if (std::holds_alternative<Absent>(update.expected) && current) throw changed(update, current, std::nullopt);
    if (const auto* expected = std::get_if<Oid>(&update.expected); expected != nullptr && current != *expected) {
        throw changed(update, current, *expected);
    }
    if (!update.target && !current) {
        throw Error("git.reference_changed", fmt::format("cannot delete {}: it is not there", update.name))
            .hint("see 'git for-each-ref' for what is")
            .with("ref", update.name);
    }
}

// A reference is a file: there cannot be "a" and "a/b" at once, not even in the course of one transaction.
void check_conflicts(const std::set<std::string>& existing, std::span<const ReferenceUpdate> updates) {
    auto all = existing;
    for (const auto& update : updates) all.insert(update.name);
    for (const auto& update : updates) {
        if (!update.target) continue;
        auto clash = all.lower_bound(update.name + "/");
        const bool below = clash != all.end() && clash->starts_with(update.name + "/");
        auto found = below ? *clash : std::string();
        for (auto slash = update.name.rfind('/'); found.empty() && slash != std::string::npos && slash > 0;
             slash = update.name.rfind('/', slash - 1)) {
            if (all.contains(update.name.substr(0, slash))) found = update.name.substr(0, slash);
        }
        if (found.empty()) continue;
        throw Error("git.reference_conflict", fmt::format("{} cannot be there together with {}", update.name, found))
            .hint("choose another name, or delete the other one first");
    }
}

std::set<std::string> existing_names(git_repository* repository) {
    StringArray names;
    check(attempt(git_reference_list, &names.raw, repository), "cannot list the references", repository);
    const auto list = names.texts();
    return {list.begin(), list.end()};
}

void check_names(std::span<const ReferenceUpdate> updates) {
    std::set<std::string> seen;
    for (const auto& update : updates) {
        check_name(update.name);
        if (!seen.insert(update.name).second) {
            throw Error("argument", fmt::format("{} is updated twice", update.name)).hint("name each reference once");
        }
    }
}

TransactionHandle lock(git_repository* repository, std::span<const ReferenceUpdate> updates) {
    std::vector<std::string> names;  // in one order for all, so that two processes cannot wait for each other
    for (const auto& update : updates) names.push_back(update.name);
    std::ranges::sort(names);
    TransactionHandle transaction;
    check(attempt(git_transaction_new, out(transaction), repository), "cannot begin a transaction", repository);
    for (const auto& name : names) {
        check(attempt(git_transaction_lock_ref, transaction.get(), name.c_str()), "cannot lock " + name, repository);
    }
    return transaction;
}

// The state before, as far as it is not there any more. Returns whether that worked.
bool set_back(git_repository* repository, const std::vector<ReferenceChange>& changes) {
    bool restored = true;
    for (const auto& change : changes) {
        if (value_of(repository, change.name) == change.before) continue;
        int code = 0;
        if (change.before) {
            ReferenceHandle reference;
            const auto oid = to_git_oid(*change.before);
            code = git_reference_create(out(reference), repository, change.name.c_str(), &oid, 1, "set back");
        } else {
            code = git_reference_remove(repository, change.name.c_str());
        }
        restored = restored && code == 0;
    }
    return restored;
}

void write(git_repository* repository, TransactionHandle transaction, const std::vector<ReferenceChange>& changes,
           const std::string& message) {
    for (const auto& change : changes) {
        const auto* name = change.name.c_str();
        const auto oid = to_git_oid(change.after.value_or(Oid{}));
        const auto updated =
            change.after ? attempt(git_transaction_set_target, transaction.get(), name, &oid, nullptr, message.c_str())
                         : attempt(git_transaction_remove, transaction.get(), name);
        check(updated, "cannot update " + change.name, repository);
    }
    const auto committed = attempt(git_transaction_commit, transaction.get());
    if (committed.ok()) return;
    auto error = failure(committed, "cannot write the references", repository);
    transaction.reset();
    if (set_back(repository, changes)) throw error;
    throw Error("git.failed", "cannot write the references, and some could not be set back")
        .hint("compare 'git for-each-ref' with what you expect")
        .native(error.native());
}

std::vector<ReferenceChange> changes_of(git_repository* repository, std::span<const ReferenceUpdate> updates) {
    std::vector<ReferenceChange> changes;
    for (const auto& update : updates) {
        const auto current = value_of(repository, update.name);
        check_expected(update, current);
        changes.push_back({update.name, current, update.target});
    }
    return changes;
}

}  // namespace

std::vector<ReferenceChange> check_updates(git_repository* repository, std::span<const ReferenceUpdate> updates) {
    check_names(updates);
    for (const auto& update : updates) check_target(repository, update);
    auto changes = changes_of(repository, updates);
    check_conflicts(existing_names(repository), updates);
    return changes;
}

std::vector<ReferenceChange> apply_updates(git_repository* repository, std::span<const ReferenceUpdate> updates,
                                           const std::string& message) {
    check_updates(repository, updates);  // before any lock: a conflict would fail as a strange file error
    if (updates.empty()) return {};
    auto transaction = lock(repository, updates);
    auto changes = changes_of(repository, updates);
    check_conflicts(existing_names(repository), updates);
    write(repository, std::move(transaction), changes, message);
    return changes;
}

}  // namespace uhost::git
