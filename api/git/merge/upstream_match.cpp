#include "api/git/merge/upstream_match.hpp"

#include <strings.h>

#include <algorithm>
#include <ranges>

#include "api/git/history/new_objects.hpp"
#include "api/git/hunk_writer.hpp"

namespace uhost::git {
namespace {

constexpr std::size_t commits_per_batch = 512;
constexpr std::size_t max_upstream_commits = 500'000;
constexpr std::string_view empty_tree_id = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/// What two equal patches have in common for sure: which files, and what they are before and after.
std::string files_key(const std::vector<ChangedFile>& files) {
    std::string key;
    for (const auto& file : files) {
        key += file.path + '\0' + std::to_string(file.before.mode) + ' ' + std::to_string(file.after.mode) + '\n';
    }
    return key;
}

std::string author_key(const Commit& commit) {
    return commit.author.email + '\0' + std::to_string(commit.author.time) + '\0' + commit.subject;
}

/// Lines as patch ids take them: without white space, and without their numbers.
std::string bare_patch(const std::vector<DiffFile>& files) {
    std::string patch;
    for (const auto& file : files) {
        patch += file.path + '\0' + std::to_string(file.before.mode) + ' ' + std::to_string(file.after.mode) + '\n';
        if (file.binary) patch += file.before.oid.hex() + file.after.oid.hex();
        for (const auto& hunk : file.hunks) {
            for (const auto& line : hunk.lines) {
                patch += line.origin;
                std::ranges::copy_if(hunk.text_of(line), std::back_inserter(patch),
                                     [](unsigned char c) { return c != ' ' && (c < '\t' || c > '\r'); });
            }
        }
    }
    return patch;
}

/// The diff from one patch to the other.
std::string difference_of(const ObjectStore& store, const std::string& ours, const std::string& theirs) {
    NewObjects texts;
    ObjectReader reader(store);
    reader.read_also(texts);
    DiffFile file;
    file.status = "modified";
    file.path = file.old_path = "patch";
    file.before = {0100644, texts.add(ObjectType::blob, ours)};
    file.after = {0100644, texts.add(ObjectType::blob, theirs)};
    LineBudget budget(1'000'000);
    const DiffQuery query;
    HunkWriter(reader, query, budget).write(file, TextKind::text);
    return patch_text({file});
}

}  // namespace

std::optional<std::string> trailer_in(std::string_view message, std::string_view name) {
    while (message.ends_with('\n')) message.remove_suffix(1);
    const auto paragraph = message.rfind("\n\n");
    if (paragraph == std::string_view::npos) return std::nullopt;
    message.remove_prefix(paragraph + 2);
    std::optional<std::string> value;
    for (auto line : lines_in(message)) {
        if (line.size() <= name.size() || line[name.size()] != ':') continue;
        if (strncasecmp(line.data(), name.data(), name.size()) != 0) continue;
        line.remove_prefix(name.size() + 1);
        const auto first = line.find_first_not_of(" \t"), last = line.find_last_not_of(" \t\r\n");
        if (first != std::string_view::npos) value = line.substr(first, last - first + 1);
    }
    return value;
}

UpstreamMatches::UpstreamMatches(const Repository& repository, LogQuery range, std::span<const LoggedCommit> wanted,
                                 std::string trailer, std::stop_token stop)
    : repository_(repository), trailer_(std::move(trailer)), stop_(std::move(stop)) {
    for (const auto& each : wanted) {
        for (const auto& file : each.files) {
            Paths* at = &wanted_;
            for (const auto part : std::views::split(file.path, '/')) at = &at->below[{part.begin(), part.end()}];
        }
    }
    const auto store = repository.objects();
    ObjectReader reader(*store);
    range.merges = false;
    LogWalk walk(repository, std::move(range));
    std::size_t seen = 0;
    while (true) {
        const auto batch = walk.next_batch(commits_per_batch, stop_);
        for (const auto& [commit, files, path] : batch) {
            const Known known{commit.id, commit.parents.empty() ? Oid{} : commit.parents.front()};
            add_by_files(reader, commit);
            by_author_.emplace(author_key(commit), known);
            if (trailer_.empty()) continue;
            if (const auto value = trailer_in(commit.message, trailer_)) by_trailer_.emplace(*value, known);
        }
        if (batch.size() < commits_per_batch) break;
        if ((seen += batch.size()) > max_upstream_commits) {
            throw Error("git.limit", "upstream has more than 500,000 commits that the replayed ones do not have")
                .hint("replay onto a commit that is nearer");
        }
    }
}

namespace {

/// Whether two trees differ in nothing but paths of `wanted`, or what is below these.
template <class Paths>
bool differs_only_in(ObjectReader& reader, const PathEntry& before, const PathEntry& after, const Paths& wanted) {
    TreeCursor old_tree(reader, before), new_tree(reader, after);
    while (true) {
        TreeCursor::skip_same(old_tree, new_tree);
        if (old_tree.at_end() && new_tree.at_end()) return true;
        const int order = old_tree.at_end()   ? 1
                          : new_tree.at_end() ? -1
                                              : compare_tree_rows(old_tree.row(), new_tree.row());
        const auto& row = order <= 0 ? old_tree.row() : new_tree.row();
        const auto found = wanted.below.find(row.name);
        if (found == wanted.below.end()) return false;
        const auto old_entry = order <= 0 ? old_tree.row().entry : PathEntry{};
        const auto new_entry = order >= 0 ? new_tree.row().entry : PathEntry{};
        const bool is_folder = row.entry.is_tree();
        if (is_folder && !differs_only_in(reader, old_entry, new_entry, found->second)) return false;
        if (order <= 0) old_tree.next();
        if (order >= 0) new_tree.next();
    }
}

}  // namespace

void UpstreamMatches::add_by_files(ObjectReader& reader, const Commit& commit) {
    PathEntry before;
    if (!commit.parents.empty()) {
        CommitLinks links;
        read_commit_links(reader, commit.parents.front(), links);
        before = root_entry(links.tree);
    }
    const auto after = root_entry(commit.tree);
    if (!differs_only_in(reader, before, after, wanted_)) return;
    std::vector<ChangedFile> files;
    for (auto& [path, old_entry, new_entry] : changed_in(reader, before, after, {})) {
        files.push_back({"", path, path, old_entry, new_entry});
    }
    by_files_.emplace(files_key(files), Known{commit.id, commit.parents.empty() ? Oid{} : commit.parents.front()});
}

std::string UpstreamMatches::patch_of(const Oid& parent, const Oid& commit, std::string* text) {
    DiffQuery query;
    query.against = DiffQuery::Against::revision;
    query.old_revision = parent.is_zero() ? std::string(empty_tree_id) : parent.hex();
    query.new_revision = commit.hex();
    query.renames = false;
    const auto files = diff(repository_, query, stop_);
    if (text != nullptr) *text = patch_text(files);
    return bare_patch(files);
}

std::optional<UpstreamMatch> UpstreamMatches::find(const LoggedCommit& logged) {
    const auto& commit = logged.commit;
    if (commit.parents.size() > 1) return std::nullopt;
    const Oid parent = commit.parents.empty() ? Oid{} : commit.parents.front();
    const auto [first, last] = by_files_.equal_range(files_key(logged.files));
    if (first != last && !logged.files.empty()) {
        const auto patch = patch_of(parent, commit.id, nullptr);
        for (auto at = first; at != last; ++at) {
            if (patch_of(at->second.parent, at->second.id, nullptr) == patch) {
                return UpstreamMatch{UpstreamMatch::By::patch_id, at->second.id, {}};
            }
        }
    }
    if (!trailer_.empty()) {
        if (const auto value = trailer_in(commit.message, trailer_)) {
            const auto found = by_trailer_.find(*value);
            if (found != by_trailer_.end()) return tweaked(logged, found->second, UpstreamMatch::By::trailer);
        }
    }
    const auto found = by_author_.find(author_key(commit));
    if (found == by_author_.end()) return std::nullopt;
    return tweaked(logged, found->second, UpstreamMatch::By::tweaked);
}

std::optional<UpstreamMatch> UpstreamMatches::tweaked(const LoggedCommit& logged, const Known& upstream,
                                                      UpstreamMatch::By by) {
    const auto& commit = logged.commit;
    std::string ours, theirs;
    patch_of(commit.parents.empty() ? Oid{} : commit.parents.front(), commit.id, &ours);
    patch_of(upstream.parent, upstream.id, &theirs);
    return UpstreamMatch{by, upstream.id, difference_of(*repository_.objects(), ours, theirs)};
}

}  // namespace uhost::git
