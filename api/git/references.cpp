#include "api/git/references.hpp"

#include <algorithm>

#include "api/git/failure.hpp"
#include "api/git/remote/url.hpp"

namespace uhost::git {
namespace {

constexpr std::size_t most_references = 1'000'000;
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
    tag.type = git_object_type2string(git_object_type(object.get()));
    return tag;
}

Remote describe_remote(const git_remote* remote) {
    Remote described;
    described.name = git_remote_name(remote);
    if (const char* url = git_remote_url(remote)) described.url = without_credentials(url);
    if (const char* url = git_remote_pushurl(remote)) described.push_url = without_credentials(url);
    StringArray fetch, push;
    check(git_remote_get_fetch_refspecs(&fetch.raw, remote), "cannot read the refspecs of " + described.name);
    check(git_remote_get_push_refspecs(&push.raw, remote), "cannot read the refspecs of " + described.name);
    described.fetch = fetch.texts();
    described.push = push.texts();
    return described;
}

}  // namespace

std::vector<Reference> list_references(git_repository* repository, const std::string& prefix) {
    ReferenceIteratorHandle iterator;
    check(git_reference_iterator_new(out(iterator), repository), "cannot list the references", repository);
    std::vector<Reference> references;
    while (true) {
        ReferenceHandle reference;
        const int code = git_reference_next(out(reference), iterator.get());
        if (code == GIT_ITEROVER) break;
        check(code, "cannot list the references", repository);
        if (!std::string_view(git_reference_name(reference.get())).starts_with(prefix)) continue;
        if (references.size() >= most_references) {
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
    check(git_remote_list(&names.raw, repository), "cannot list the remotes", repository);
    std::vector<Remote> remotes;
    for (const auto& name : names.texts()) {
        RemoteHandle remote;
        check(git_remote_lookup(out(remote), repository, name.c_str()), "cannot read the remote " + name, repository);
        remotes.push_back(describe_remote(remote.get()));
    }
    return remotes;
}

}  // namespace uhost::git
