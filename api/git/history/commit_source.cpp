#include "api/git/history/commit_source.hpp"

namespace uhost::git {
namespace {

// Opening a commit-graph, which checks all of it, takes as long as reading some hundred commits.
constexpr std::size_t steps_before_graph = 512;

}  // namespace

std::optional<CommitGraph> usable_commit_graph(const ObjectStore& store) {
    if (store.has_shallow() || store.has_replacements() || !store.setting("core.commitGraph", true))
        return std::nullopt;
    return CommitGraph::open(store.folders());
}

Oid peel_to_commit(const ObjectStore& store, const Oid& oid) {
    const git_oid id = to_git_oid(oid);
    git_object* object = nullptr;
    const int code = git_object_lookup(&object, store.repository(), &id, GIT_OBJECT_ANY);
    if (code != 0) {
        throw Error("git.missing_object",
                    "revision " + oid.hex() + " is missing from the repository at " + store.path().string())
            .hint("fetch it, or name a revision that is there; see 'git fsck --connectivity-only'")
            .native(last_libgit2_message())
            .with("oid", oid.hex());
    }
    const ObjectHandle owned(object);
    git_object* commit = nullptr;
    if (git_object_peel(&commit, object, GIT_OBJECT_COMMIT) != 0) {
        throw Error("git.not_a_commit", "revision " + oid.hex() + " is not a commit")
            .hint("name a commit, a branch or a tag of a commit")
            .native(last_libgit2_message())
            .with("oid", oid.hex());
    }
    const ObjectHandle owned_commit(commit);
    return from_git_oid(*git_object_id(commit));
}

std::optional<Oid> head_commit(const ObjectStore& store) {
    git_oid id;
    const int code = git_reference_name_to_id(&id, store.repository(), "HEAD");
    if (code == GIT_ENOTFOUND) return std::nullopt;
    if (code != 0) {
        throw Error("git.head", "cannot read HEAD of the repository at " + store.path().string())
            .hint("see 'git symbolic-ref HEAD' and 'git fsck'")
            .native(last_libgit2_message());
    }
    return peel_to_commit(store, from_git_oid(id));
}

bool continues_mainline(const ObjectStore& store, const Oid& older, const Oid& newer) {
    ObjectReader reader(store);
    std::optional<CommitGraph> graph;
    std::vector<std::uint32_t> parents;
    CommitLinks links;
    Oid current = newer;
    for (std::size_t step = 0; current != older; ++step) {
        if (step == steps_before_graph) graph = usable_commit_graph(store);
        if (const auto position = graph ? graph->find(current) : std::nullopt) {
            parents.clear();
            graph->append_parents(*position, parents);
            if (parents.empty()) return false;
            current = graph->oid(parents.front());
        } else {
            read_commit_links(reader, current, links);
            if (links.parents.empty() || store.is_shallow(current)) return false;
            current = links.parents.front();
        }
    }
    return true;
}

}  // namespace uhost::git
