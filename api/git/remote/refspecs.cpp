#include <fmt/format.h>

#include "api/git/failure.hpp"
#include "api/git/remote/remote.hpp"
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
        rest.find('\0') != std::string_view::npos || rest.find('*') != std::string_view::npos;
    if (!malformed) return refspec;
    throw Error("git.refspec", fmt::format("'{}' is no refspec to push", text.substr(0, 200)))
        .hint("write 'topic', 'refs/heads/here:refs/heads/there', '+…' to force, ':refs/heads/gone' to delete");
}

std::string full_name(git_repository* repository, const std::string& name) {
    ReferenceHandle reference;
    if (name.empty() || git_reference_dwim(out(reference), repository, name.c_str()) != 0) return name;
    ReferenceHandle resolved;  // HEAD is pushed as the branch it stands for
    if (git_reference_resolve(out(resolved), reference.get()) != 0) return name;
    return git_reference_name(resolved.get());
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
    for (const auto& text : refspecs) {
        const auto refspec = complete(repository, text);
        full.push_back(fmt::format("{}{}:{}", refspec.force ? "+" : "", refspec.source, refspec.destination));
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

}  // namespace uhost::git
