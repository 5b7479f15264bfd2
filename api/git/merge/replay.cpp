#include "api/git/merge/replay.hpp"

#include <fmt/format.h>

#include <unordered_map>
#include <unordered_set>

#include "api/git/ancestry.hpp"
#include "api/git/commit_creation.hpp"
#include "api/git/log_walk.hpp"
#include "api/git/merge/upstream_match.hpp"
#include "api/git/revision.hpp"
#include "host/core/utf8.hpp"

namespace uhost::git {
namespace {

constexpr std::size_t max_replayed = 100'000;
constexpr std::size_t max_subject_bytes = 100;  // in labels, which stand at every conflict and in names of files

std::string person_line(const Person& person) {
    const int offset = std::abs(person.offset_minutes);
    return fmt::format("{} <{}> {} {}{:02}{:02}", person.name, person.email, person.time,
                       person.offset_minutes < 0 ? '-' : '+', offset / 60, offset % 60);
}

bool starts_header(std::string_view line, std::string_view name) {
    return line.starts_with(name) && line.size() > name.size() && line[name.size()] == ' ';
}

/// The bytes of a commit with another tree, other parents and another committer. A signature is left out, and so are
/// the tags that a merge was of.
std::string with_tree(std::string_view original, const Oid& tree, const std::vector<Oid>& parents,
                      const Person& committer) {
    std::string text = "tree " + tree.hex() + "\n";
    for (const auto& parent : parents) text += "parent " + parent.hex() + "\n";
    bool left_out = false;
    while (!original.empty()) {
        const auto size = std::min(original.find('\n'), original.size() - 1) + 1;
        const auto line = original.substr(0, size);
        if (line == "\n") break;
        original.remove_prefix(size);
        const bool continues = line.starts_with(' ');
        if (!continues) {
            left_out = starts_header(line, "tree") || starts_header(line, "parent") || starts_header(line, "gpgsig") ||
                       starts_header(line, "gpgsig-sha256") || starts_header(line, "mergetag");
        }
        if (left_out) continue;
        text += starts_header(line, "committer") ? "committer " + person_line(committer) + "\n" : std::string(line);
    }
    return text.append(original);
}

class Replayer {
public:
    Replayer(const Repository& repository, const ReplayRequest& request, const Oid& onto, const std::stop_token& stop)
        : repository_(repository),
          request_(request),
          onto_(onto),
          session_(repository, onto, stop),
          committer_(identity_of(repository, request.committer, "COMMITTER")),
          stop_(stop) {}

    Replay run(std::vector<LoggedCommit> commits) {
        result_.tip = onto_;
        for (const auto& each : commits) own_.insert(each.commit.id);
        std::optional<UpstreamMatches> upstream;
        if (request_.skip_upstream && !commits.empty()) {
            upstream.emplace(repository_, upstream_range(commits), commits, request_.trailer, stop_);
        }
        for (std::size_t i = 0; i < commits.size(); ++i) {
            if (replay_one(commits[i], upstream ? &*upstream : nullptr)) continue;
            for (std::size_t j = i + 1; j < commits.size(); ++j) result_.rest.push_back(commits[j].commit.id);
            break;
        }
        if (request_.write) session_.write();
        return std::move(result_);
    }

private:
    /// What `onto` has and the commits do not come from.
    LogQuery upstream_range(const std::vector<LoggedCommit>& commits) const {
        LogQuery range;
        range.tips = {onto_};
        range.hide = {commits.back().commit.id};
        for (const auto& each : commits) {
            for (const auto& parent : each.commit.parents) {
                if (!own_.contains(parent)) range.hide.push_back(parent);
            }
        }
        return range;
    }

    /// False where a conflict ends it.
    bool replay_one(const LoggedCommit& logged, UpstreamMatches* upstream) {
        const auto& commit = logged.commit;
        if (commit.parents.size() > 1 && !request_.preserve_merges) {
            drop(commit.id, DroppedCommit::Reason::merge, result_.tip);
            return true;
        }
        const auto parents = new_parents(commit);
        if (parents == commit.parents && !parents.empty()) {
            done(commit.id, commit.id, commit.tree);
            return true;
        }
        if (const auto match = upstream != nullptr ? upstream->find(logged) : std::nullopt) {
            const auto reason = match->by == UpstreamMatch::By::patch_id  ? DroppedCommit::Reason::patch_id
                                : match->by == UpstreamMatch::By::trailer ? DroppedCommit::Reason::trailer
                                                                          : DroppedCommit::Reason::tweaked;
            drop(commit.id, reason, parents.front());
            result_.dropped.back().upstream = match->upstream;
            result_.dropped.back().difference = match->difference;
            return true;
        }
        return pick(commit, parents);
    }

    bool pick(const Commit& commit, const std::vector<Oid>& parents) {
        const PathEntry base = commit.parents.empty() ? PathEntry{} : tree_of(commit.parents.front());
        const PathEntry ours = tree_of(parents.front()), theirs{tree_mode, commit.tree};
        auto merge = session_.merge({base, ours, theirs}, options_for(commit));
        Oid tree = merge.tree;
        if (!merge.clean) {
            result_.conflicts.push_back({commit.id, commit.subject, std::move(merge)});
            if (!request_.continue_on_conflict) return false;
            auto favoring = options_for(commit);
            favoring.favor_theirs = true;
            tree = session_.merge({base, ours, theirs}, favoring).tree;
        } else if (tree == ours.oid && parents.size() == 1 && !(base == theirs)) {
            drop(commit.id, DroppedCommit::Reason::empty, parents.front());
            return true;
        }
        const auto original = std::string(as_text(session_.reader().read(commit.id, ObjectType::commit)));
        done(commit.id, session_.objects().add(ObjectType::commit, with_tree(original, tree, parents, committer_)),
             tree);
        return true;
    }

    MergeOptions options_for(const Commit& commit) const {
        auto options = request_.options;
        const auto short_id = commit.id.hex().substr(0, 7);
        if (options.labels.ours.empty()) options.labels.ours = "HEAD";
        if (options.labels.theirs.empty()) options.labels.theirs = fmt::format("{} ({})", short_id, utf8::truncate(commit.subject, max_subject_bytes));
        if (options.labels.base.empty()) options.labels.base = "parent of " + options.labels.theirs;
        return options;
    }

    /// What takes the place of the parents: what they became; for those before the first one replayed, `onto`.
    std::vector<Oid> new_parents(const Commit& commit) const {
        if (!request_.preserve_merges || commit.parents.empty()) return {result_.tip};
        std::vector<Oid> parents;
        for (const auto& parent : commit.parents) {
            const auto found = became_.find(parent);
            if (found != became_.end()) {
                parents.push_back(found->second);
            } else {
                parents.push_back(parents.empty() ? onto_ : parent);
            }
        }
        return parents;
    }

    PathEntry tree_of(const Oid& commit) { return {tree_mode, session_.tree_of(commit)}; }

    void done(const Oid& original, const Oid& commit, const Oid& tree) {
        result_.commits.push_back({original, commit, tree});
        result_.tip = commit;
        became_[original] = commit;
    }

    void drop(const Oid& original, DroppedCommit::Reason reason, const Oid& in_its_place) {
        result_.dropped.push_back({original, reason, std::nullopt, {}});
        result_.tip = became_[original] = in_its_place;
    }

    const Repository& repository_;
    const ReplayRequest& request_;
    Oid onto_;
    MergeSession session_;
    Person committer_;
    std::stop_token stop_;
    Replay result_;
    std::unordered_map<Oid, Oid, OidHash> became_;
    std::unordered_set<Oid, OidHash> own_;
};

std::vector<LoggedCommit> in_range(const Repository& repository, const std::string& range,
                                   const std::stop_token& stop) {
    LogQuery query;
    set_range(repository, range, query);
    query.order = LogOrder::topo;
    query.reverse = true;
    query.files = true;
    query.renames = false;
    query.limit = max_replayed;
    LogWalk walk(repository, query);
    return walk.next_batch(max_replayed, stop);
}

}  // namespace

Replay replay(const Repository& repository, const ReplayRequest& request, const std::stop_token& stop) {
    const auto lease = repository.lease();
    const auto onto = require_commit(lease, request.onto);
    if (request.range) return Replayer(repository, request, onto, stop).run(in_range(repository, *request.range, stop));
    std::vector<LoggedCommit> commits;
    for (const auto& revision : request.commits) {
        LogQuery query;
        query.tips = {require_commit(lease, revision)};
        query.limit = 1;
        query.files = true;
        query.renames = false;
        LogWalk walk(repository, query);
        for (auto& logged : walk.next_batch(1, stop)) commits.push_back(std::move(logged));
    }
    return Replayer(repository, request, onto, stop).run(std::move(commits));
}

Oid commit_as(const Repository& repository, const std::string& as, const std::string& tree,
              const std::vector<std::string>& parents, const Person& committer, bool write) {
    const auto lease = repository.lease();
    const auto original = require_commit(lease, as);
    std::vector<Oid> parent_ids;
    for (const auto& parent : parents) parent_ids.push_back(require_commit(lease, parent));
    const auto tree_handle = require_tree(lease, tree);
    MergeSession session(repository, std::nullopt, {});
    const auto tree_id =
        tree_handle ? from_git_oid(*git_tree_id(tree_handle.get())) : session.objects().add(ObjectType::tree, "");
    const auto bytes = std::string(as_text(session.reader().read(original, ObjectType::commit)));
    const auto made = session.objects().add(
        ObjectType::commit, with_tree(bytes, tree_id, parent_ids, identity_of(repository, committer, "COMMITTER")));
    if (write) session.write();
    return made;
}

}  // namespace uhost::git
