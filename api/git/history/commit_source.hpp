#pragma once

#include <optional>

#include "api/git/history/commit_graph.hpp"
#include "api/git/history/commit_object.hpp"
#include "api/git/history/object_reader.hpp"

namespace uhost::git {

/// Opens the commit-graph of a repository, unless git itself would not use it: `core.commitGraph` is false, objects
/// are replaced, or the clone is shallow (the parents it lists are not those git then sees).
std::optional<CommitGraph> usable_commit_graph(const ObjectStore& store);

/// Turns the revision `oid` (a commit, or a tag of one) into its commit. Raises `git.missing_object`, or
/// `git.not_a_commit` if it leads to something else.
Oid peel_to_commit(const ObjectStore& store, const Oid& oid);

/// The commit HEAD is at; nothing in a repository without a commit. Raises `git.head` if HEAD cannot be read.
std::optional<Oid> head_commit(const ObjectStore& store);

/// Whether `older` is on the chain of first parents that starts at `newer`. What was indexed for `older` then still
/// holds at `newer`, so that a walk that hides `older` completes it; if not, history was rewritten (or `older` was
/// merged into another mainline, which changes what `merge` names), and the index has to be made anew.
bool continues_mainline(const ObjectStore& store, const Oid& older, const Oid& newer);

}  // namespace uhost::git
