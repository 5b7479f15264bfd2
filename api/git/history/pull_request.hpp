#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace uhost::git {

/// The number of the pull request that the subject of a commit names as its own: `Auto merge of #N`, `Rollup merge of
/// #N` (bors), `Merge pull request #N` (GitHub's merge button) at its start, or `(#N)` at its end (GitHub's squash).
/// A number that is merely mentioned does not count, nor does one longer than nine digits.
std::optional<std::int64_t> pull_request_of(std::string_view subject) noexcept;

}  // namespace uhost::git
