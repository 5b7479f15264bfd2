#pragma once

#include <map>
#include <span>
#include <stop_token>
#include <unordered_map>

#include "api/git/diff.hpp"
#include "api/git/log_walk.hpp"

namespace uhost::git {

/// A commit of upstream that makes the change of another one.
struct UpstreamMatch {
    enum class By : std::uint8_t { patch_id, trailer, tweaked };
    By by;
    Oid upstream;
    std::string difference;  ///< where the two patches differ: the diff from the one to the other
};

/// Finds commits that upstream has already: with the same patch, as `git cherry` compares them (without white space and
/// line numbers); with the same trailer; or by the same author, of the same time and subject, which is what a
/// commit keeps when it is tweaked. For one thread.
class UpstreamMatches {
public:
    /// Upstream are the commits of `range`; `wanted` are those that will be looked for. `trailer` such as "Change-Id";
    /// "" for none.
    UpstreamMatches(const Repository& repository, LogQuery range, std::span<const LoggedCommit> wanted,
                    std::string trailer, std::stop_token stop);

    std::optional<UpstreamMatch> find(const LoggedCommit& commit);

private:
    struct Known {
        Oid id, parent;
    };
    /// The paths that wanted commits change, as a tree: what changes anything else cannot be one of them.
    struct Paths {
        std::map<std::string, Paths, std::less<>> below;
    };
    using Index = std::unordered_multimap<std::string, Known>;

    void add_by_files(ObjectReader& reader, const Commit& commit);
    std::string patch_of(const Oid& parent, const Oid& commit, std::string* text);
    std::optional<UpstreamMatch> tweaked(const LoggedCommit& commit, const Known& upstream, UpstreamMatch::By by);

    const Repository& repository_;
    std::string trailer_;
    std::stop_token stop_;
    Paths wanted_;
    Index by_files_, by_trailer_, by_author_;
};

/// The value of the last trailer `name` in a message's last paragraph; nothing if there is none.
std::optional<std::string> trailer_in(std::string_view message, std::string_view name);

}  // namespace uhost::git
