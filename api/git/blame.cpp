#include "api/git/blame.hpp"

#include <algorithm>
#include <map>
#include <queue>

#include "api/git/history/changes.hpp"
#include "api/git/history/commit_table.hpp"
#include "api/git/history/history.hpp"
#include "api/git/history/line_diff.hpp"
#include "api/git/history/renames.hpp"
#include "api/git/revision.hpp"

namespace uhost::git {
namespace {

constexpr std::size_t max_blamed_bytes = 64 << 20;

/// Lines of the blamed file that a version of it has; counted from 0.
struct Lines {
    std::size_t final_start, start, count;
};

/// A version of the file: its path in one commit. It is suspected of its lines until a parent turns out to have them.
struct Version {
    CommitTable::Index commit;
    std::string path;
    PathEntry entry;
    std::vector<Lines> suspected;
    bool waiting = false;

    // While it is compared with its neighbours.
    std::string content;
    std::vector<Line> lines;
    bool loaded = false;
};

/// Walks back from the newest version, in the manner of git's blame.c: what a parent has as well is the parent's, what
/// is left over is the version's own.
class BlameWalk {
public:
    BlameWalk(const Repository& repository, const BlameQuery& query)
        : query_(query),
          store_(repository.objects()),
          reader_(*store_),
          table_(reader_),
          differ_(lines_) {}

    std::optional<std::vector<BlameHunk>> run(const Oid& commit, const std::stop_token& stop) {
        const auto path = plain_path(query_.path);
        auto* newest = version(table_.find(commit), path);
        if (newest == nullptr) return std::nullopt;
        load(*newest);
        if (newest->content.size() > max_blamed_bytes) {
            throw Error("git.limit", "'" + path + "' is larger than 64 MiB").hint("blame a smaller file");
        }
        if (newest->lines.empty()) return std::vector<BlameHunk>();
        suspect(*newest, {wanted_lines(path, newest->lines.size())});
        while (!queue_.empty()) {
            if (stop.stop_requested()) throw cancelled();
            auto& next = *queue_.top().version;
            queue_.pop();
            next.waiting = false;
            pass_to_parents(next);
        }
        return hunks();
    }

private:
    using Index = CommitTable::Index;

    struct Waiting {
        std::int64_t time;
        std::size_t order;
        Version* version;
        bool operator<(const Waiting& other) const noexcept {
            return time != other.time ? time < other.time : order > other.order;
        }
    };

    Lines wanted_lines(const std::string& path, std::size_t count) const {
        const auto first = std::max<std::size_t>(query_.first_line, 1);
        const auto last = query_.last_line == 0 ? count : query_.last_line;
        if (last > count || first > last) {
            throw Error("argument",
                        "'" + path + "' has no lines " + std::to_string(first) + " to " + std::to_string(last))
                .hint("it has " + std::to_string(count) + " lines");
        }
        return {first - 1, first - 1, last - first + 1};
    }

    std::vector<Index> parents_of(const Version& child) {
        const auto count = table_.parent_count(child.commit);
        std::vector<Index> parents;
        for (std::uint32_t i = 0; i < (query_.first_parent ? std::min(count, 1U) : count); ++i) {
            parents.push_back(table_.parent(child.commit, i));
        }
        return parents;
    }

    /// The version of a file in a commit; null if it is not a file there.
    Version* version(Index commit, const std::string& path) {
        const auto [place, is_new] = versions_.try_emplace({commit, path});
        auto& found = place->second;
        if (is_new) {
            found.commit = commit;
            found.path = path;
            found.entry = paths_.try_emplace(path, reader_, path).first->second.find(table_.tree(commit));
        }
        return found.entry.is_file() ? &found : nullptr;
    }

    /// The version of the same file in a parent, where a filter says that the commit left it alone.
    Version* unchanged_version(const Version& child, Index parent) {
        const auto [filter, is_first] = filters_.try_emplace(child.path);
        if (is_first) filter->second.emplace_back(child.path);
        if (table_.may_have_changed(child.commit, filter->second)) return nullptr;
        const auto [place, is_new] = versions_.try_emplace({parent, child.path});
        auto& found = place->second;
        if (is_new) {
            found.commit = parent;
            found.path = child.path;
            found.entry = child.entry;
        }
        return &found;
    }

    /// What the file was called in a parent that does not have its path.
    Version* renamed_version(const Version& child, Index parent) {
        const auto before = root_entry(table_.tree(parent)), after = root_entry(table_.tree(child.commit));
        const auto removed = diff_entries(reader_, before, after, "", DifferenceOf::removed).removed;
        const TreeFile added{child.path, child.entry};
        const auto renames = find_renames(reader_, removed, {&added, 1});
        return renames.empty() ? nullptr : version(parent, removed[renames.front().from].path);
    }

    void load(Version& version) {
        if (std::exchange(version.loaded, true)) return;
        version.content = as_text(reader_.read(version.entry.oid, ObjectType::blob));
        version.lines = lines_.lines_of(version.content);
    }

    void suspect(Version& version, std::vector<Lines> lines) {
        if (lines.empty()) return;
        version.suspected.insert(version.suspected.end(), lines.begin(), lines.end());
        if (std::exchange(version.waiting, true)) return;
        queue_.push({table_.time(version.commit), order_++, &version});
    }

    void pass_to_parents(Version& child) {
        const auto origins = origins_of(child);
        for (Version* origin : origins) {
            if (child.suspected.empty()) break;
            if (origin->entry.oid == child.entry.oid) {
                suspect(*origin, std::exchange(child.suspected, {}));
            } else {
                pass_unchanged(child, *origin);
            }
        }
        own_.insert(own_.end(), child.suspected.size(), &child);
        for (const auto& lines : child.suspected) own_lines_.push_back(lines);
        child.suspected.clear();
        child.content = {};
        child.lines = {};
        child.loaded = false;
    }

    /// The versions in the parents, those of the same content once; only one where one has the very content.
    std::vector<Version*> origins_of(const Version& child) {
        const auto parents = parents_of(child);
        std::vector<Version*> found(parents.size(), nullptr);
        std::vector<bool> has_path(found.size());
        for (const bool renamed : {false, true}) {
            for (std::size_t i = 0; i < found.size(); ++i) {
                if (has_path[i]) continue;
                const auto parent = parents[i];
                Version* origin = renamed ? renamed_version(child, parent) : nullptr;
                if (!renamed && i == 0) origin = unchanged_version(child, parent);
                if (!renamed && origin == nullptr) origin = version(parent, child.path);
                has_path[i] = origin != nullptr;
                if (origin == nullptr || origin->entry.mode >> 12 != child.entry.mode >> 12) continue;
                if (origin->entry.oid == child.entry.oid) return {origin};
                const bool known = std::ranges::any_of(found, [&](const Version* other) {
                    return other != nullptr && other->entry.oid == origin->entry.oid;
                });
                if (!known) found[i] = origin;
            }
        }
        std::erase(found, nullptr);
        return found;
    }

    /// Gives an origin the lines that are the same there.
    void pass_unchanged(Version& child, Version& origin) {
        load(child);
        load(origin);
        const auto tail = equal_tail_lines(origin.content, child.content);
        const std::span old_lines(origin.lines), new_lines(child.lines);
        const auto& changes =
            differ_.compare(old_lines.first(old_lines.size() - tail), new_lines.first(new_lines.size() - tail));
        std::ranges::sort(child.suspected, {}, &Lines::start);
        std::vector<Lines> kept, passed;
        std::size_t next = 0;                // the first change that does not end before the current line
        std::size_t old_at = 0, new_at = 0;  // behind the change before that
        for (auto lines : child.suspected) {
            while (lines.count > 0) {
                while (next < changes.size() && changes[next].new_start + changes[next].new_count <= lines.start) {
                    old_at = changes[next].old_start + changes[next].old_count;
                    new_at = changes[next].new_start + changes[next].new_count;
                    ++next;
                }
                const bool changed = next < changes.size() && changes[next].new_start <= lines.start;
                const auto end = next == changes.size() ? SIZE_MAX
                                 : changed              ? changes[next].new_start + changes[next].new_count
                                                        : changes[next].new_start;
                const auto count = std::min(lines.count, end - lines.start);
                if (changed) {
                    kept.push_back({lines.final_start, lines.start, count});
                } else {
                    passed.push_back({lines.final_start, lines.start - new_at + old_at, count});
                }
                lines = {lines.final_start + count, lines.start + count, lines.count - count};
            }
        }
        child.suspected = std::move(kept);
        suspect(origin, std::move(passed));
    }

    std::vector<BlameHunk> hunks() {
        std::vector<std::size_t> order(own_.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        std::ranges::sort(order, {}, [this](std::size_t i) { return own_lines_[i].final_start; });
        std::vector<BlameHunk> hunks;
        std::map<Index, Person> authors;
        const Version* last = nullptr;
        for (const auto i : order) {
            const auto& lines = own_lines_[i];
            const auto* version = own_[i];
            const bool continues =
                version == last && hunks.back().original_line + hunks.back().line_count == lines.start + 1;
            if (continues) {
                hunks.back().line_count += lines.count;
                continue;
            }
            const auto [author, is_new] = authors.try_emplace(version->commit);
            if (is_new) author->second = read_commit(reader_, table_.id(version->commit)).author;
            hunks.push_back({lines.final_start + 1, lines.count, table_.id(version->commit), author->second,
                             version->path, lines.start + 1, table_.parent_count(version->commit) == 0});
            last = version;
        }
        return hunks;
    }

    const BlameQuery& query_;
    std::shared_ptr<const ObjectStore> store_;
    ObjectReader reader_;
    CommitTable table_;
    std::map<std::string, TreePaths> paths_;
    std::map<std::string, std::vector<BloomPath>> filters_;
    std::map<std::pair<Index, std::string>, Version> versions_;
    std::priority_queue<Waiting> queue_;
    std::size_t order_ = 0;
    LineTable lines_;
    LineDiffer differ_;
    std::vector<const Version*> own_;  // for each of own_lines_
    std::vector<Lines> own_lines_;
};

}  // namespace

std::optional<std::vector<BlameHunk>> blame(const Repository& repository, const BlameQuery& query,
                                            const std::stop_token& stop) {
    const auto commit = require_commit(repository.lease(), query.revision);
    return BlameWalk(repository, query).run(commit, stop);
}

}  // namespace uhost::git
