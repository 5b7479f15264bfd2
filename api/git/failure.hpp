#pragma once

#include <optional>

#include "host/core/error.hpp"

struct git_repository;

namespace uhost::git {

/// Turns libgit2's return code into an exception: nothing happens for 0 and above. `what` says what was tried, as in
/// "cannot read the tree of 'main'". Kinds: `git.missing_object`, `git.shallow` (something is missing and the clone is
/// shallow), `git.locked`, `git.ambiguous`, `git.cancelled`, `git.corrupt_object`, `git.exists`, else `git.failed`.
/// `repository` may be null.
void check(int code, const std::string& what, git_repository* repository = nullptr);

/// The error that check() throws.
Error failure(int code, const std::string& what, git_repository* repository = nullptr);

/// The error for a full disk or a file that may not be written, if that is what libgit2 last complained of: kind
/// `git.file`.
std::optional<Error> system_failure(const std::string& what);

/// An object that should be there is not; why depends on the kind of clone.
Error missing_object_error(const std::string& what, git_repository* repository);

/// A clone without the history that was asked for.
Error shallow_error(const std::string& what);

}  // namespace uhost::git
