// Renames in a merge: which files and folders went where on each side, and what that makes of the paths.
#include <algorithm>
#include <utility>

#include "api/git/merge/folder_renames.hpp"

namespace uhost::git {
namespace {

using PathMap = std::map<std::string, std::string>;

/// A file that one side renamed.
struct SideRename {
    unsigned side;
    std::string from, to;
};

/// A file that one side added, perhaps as a new name of another.
struct Added {
    std::string path;
    std::optional<std::string> from;
};

class MergeRenames {
public:
    explicit MergeRenames(MergeState& state) : state_(state) {}

    void run() {
        const auto matters = [&](unsigned side) {
            const auto& changes = state_.sides[side];
            return !changes.relevant_sources.empty() && !(changes.removed.empty() && changes.added.empty());
        };
        if (!matters(our_stage) && !matters(their_stage)) return;
        std::array<std::vector<Added>, 3> added;
        std::array<PathMap, 3> folders;
        for (const unsigned side : {our_stage, their_stage}) {
            FolderRenames renames(state_.sides[side]);
            added[side] = find_on(side, matters(side), renames);
            if (!state_.is_virtual) folders[side] = renames.settle(state_.result);
        }
        drop_renamed_on_both(folders);
        std::vector<SideRename> renames;
        for (const unsigned side : {our_stage, their_stage}) follow_folders(side, folders, added, renames);
        std::ranges::stable_sort(renames, {}, &SideRename::from);
        for (std::size_t i = 0; i < renames.size(); ++i) {
            const bool on_both = i + 1 < renames.size() && renames[i].from == renames[i + 1].from;
            const auto* source = find(renames[i].from);
            if (source == nullptr || source->removed) continue;
            if (on_both) {
                apply_both(renames[i], renames[i + 1]);
                ++i;
            } else {
                apply(renames[i]);
            }
        }
    }

private:
    MergePath* find(const std::string& path) {
        const auto found = state_.paths.find(path);
        return found == state_.paths.end() ? nullptr : &found->second;
    }

    std::vector<Added> find_on(unsigned side, bool matters, FolderRenames& folders) {
        auto& changes = state_.sides[side];
        std::vector<Added> added;
        for (const auto& file : changes.added) added.push_back({file.path, std::nullopt});
        if (!matters) return added;
        RenameFinder finder(state_.reader(), state_.contents.signatures(), changes.removed, changes.added);
        leave_out_empty(changes, finder);
        finder.on_pair([&](const Rename& rename) {
            folders.count(changes.removed[rename.from].path, changes.added[rename.to].path);
        });
        finder.match_same_content();
        state_.check_stop();
        folders.guess();
        finder.match_names(hints(changes, finder, folders));
        std::vector<std::string_view> sources;
        std::vector<std::size_t> numbers;
        for (std::size_t i = 0; i < changes.removed.size(); ++i) {
            if (finder.is_source_used(i)) continue;
            if (!changes.relevant_sources.contains(changes.removed[i].path)) {
                finder.leave_out(i);
                continue;
            }
            sources.push_back(changes.removed[i].path);
            numbers.push_back(i);
        }
        const auto settled = folders.find_settled(sources);
        for (std::size_t i = 0; i < settled.size(); ++i) {
            if (settled[i]) finder.leave_out(numbers[i]);
        }
        state_.check_stop();
        finder.match_similar(state_.options.rename_limit * state_.options.rename_limit);
        for (const auto& rename : finder.take()) added[rename.to].from = changes.removed[rename.from].path;
        return added;
    }

    /// Empty files are no evidence of a rename.
    static void leave_out_empty(const SideChanges& changes, RenameFinder& finder) {
        static const Oid empty = *Oid::from_hex("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        for (std::size_t i = 0; i < changes.removed.size(); ++i) {
            if (changes.removed[i].entry.oid == empty) finder.leave_out(i);
        }
        for (std::size_t i = 0; i < changes.added.size(); ++i) {
            if (changes.added[i].entry.oid == empty) finder.leave_out_target(i);
        }
    }

    static RenameFinder::NameHints hints(const SideChanges& changes, const RenameFinder& finder,
                                         const FolderRenames& folders) {
        std::unordered_map<std::string_view, std::size_t> places;
        for (std::size_t i = 0; i < changes.added.size(); ++i) {
            if (!finder.is_target_used(i)) places[changes.added[i].path] = i;
        }
        return {[&changes](std::size_t from) { return changes.relevant_sources.contains(changes.removed[from].path); },
                [&changes, &folders, places = std::move(places)](std::size_t from) -> std::optional<std::size_t> {
                    const auto path = folders.likely_path(changes.removed[from].path);
                    if (!path) return std::nullopt;
                    const auto place = places.find(*path);
                    return place == places.end() ? std::nullopt : std::optional(place->second);
                }};
    }

    static void drop_renamed_on_both(std::array<PathMap, 3>& folders) {
        for (auto at = folders[our_stage].begin(); at != folders[our_stage].end();) {
            if (folders[their_stage].erase(at->first) > 0) {
                at = folders[our_stage].erase(at);
            } else {
                ++at;
            }
        }
    }

    /// The nearest folder above `path` that went elsewhere, with where it went.
    static PathMap::const_iterator renamed_folder(const PathMap& folders, std::string_view path) {
        for (auto folder = folder_of(path); !folder.empty(); folder = folder_of(folder)) {
            if (const auto found = folders.find(std::string(folder)); found != folders.end()) return found;
        }
        return folders.end();
    }

    static std::string moved(const PathMap::value_type& folder, const std::string& path) {
        const auto rest = path.substr(folder.first.size() + 1);
        return folder.second.empty() ? rest : folder.second + '/' + rest;
    }

    /// Where files of one side would be put by folders that the other side renamed, with the files of each place.
    using Places = std::map<std::string, std::set<std::string>>;
    Places places_of(unsigned side, const std::array<PathMap, 3>& folders, const std::vector<Added>& added) const {
        Places places;
        for (const auto& file : added) {
            const auto folder = renamed_folder(folders[3 - side], file.path);
            if (folder != folders[3 - side].end()) places[moved(*folder, file.path)].insert(file.path);
        }
        return places;
    }

    /// Moves what this side added to folders that the other side renamed.
    void follow_folders(unsigned side, const std::array<PathMap, 3>& folders,
                        const std::array<std::vector<Added>, 3>& added, std::vector<SideRename>& renames) {
        const auto places = places_of(side, folders, added[side]);
        const auto other_places = places_of(3 - side, folders, added[3 - side]);
        std::set<std::string> reported;
        for (auto file : added[side]) {
            const auto old_path = file.path;
            const auto folder = renamed_folder(folders[3 - side], file.path);
            const bool moves = folder != folders[3 - side].end() && !other_places.contains(file.path) &&
                               !folders[side].contains(folder->second);
            if (moves) {
                const auto place = moved(*folder, file.path);
                if (reported.contains(place) || is_in_the_way(place, side) || places.at(place).size() > 1) {
                    if (reported.insert(place).second) {
                        state_.result.conflicts.push_back({ConflictKind::directory_rename, place, {}, {}, {}, {}});
                    }
                    state_.result.clean = false;
                } else {
                    move_path(file.path, place);
                    file.path = place;
                }
            }
            if (file.from) renames.push_back({side, *file.from, file.path});
        }
    }

    bool is_in_the_way(const std::string& path, unsigned side) {
        if (const auto* there = find(path)) return ((there->file_mask | there->folder_mask) & mask_of(side)) != 0;
        return !state_.entry_at(side, path).is_absent();
    }

    void move_path(const std::string& from, const std::string& to) {
        auto node = state_.paths.extract(from);
        auto& file = node.mapped();
        if (!file.original.is_absent() && !file.original.is_tree()) state_.edit.set(from, {});
        file.folder_mask = 0;
        file.path_conflict = true;
        file.kind = ConflictKind::directory_rename;
        file.original = state_.entry_at(our_stage, to);
        auto* there = find(to);
        if (there == nullptr) {
            if (file.original.is_tree()) file.folder_mask |= mask_of(our_stage);
            node.key() = to;
            state_.paths.insert(std::move(node));
            return;
        }
        const unsigned side = file.file_mask / 2;
        there->file_mask |= file.file_mask;
        there->match_mask = 0;
        there->names[side] = file.names[side];
        there->stages[side] = file.stages[side];
        there->path_conflict = true;
        there->kind = ConflictKind::directory_rename;
    }

    ContentMerge merge_contents(const std::string& path, const std::array<PathEntry, 3>& stages,
                                const std::array<std::string, 3>& names) {
        auto& state = state_;
        return state.contents.merge({path, stages[0], stages[1], stages[2], state.options.style, state.labels_of(names),
                                     1 + 2 * state.depth, state.options.favor_theirs, state.is_virtual});
    }

    /// Both sides renamed a file: to one name, or to two.
    void apply_both(const SideRename& ours, const SideRename& theirs) {
        auto& base = *find(ours.from);
        auto* first = find(ours.to);
        auto* second = find(theirs.to);
        if (first == nullptr || second == nullptr) return;
        if (ours.to == theirs.to) {
            first->stages[base_stage] = base.stages[base_stage];
            first->names[base_stage] = ours.from;
            first->file_mask |= mask_of(base_stage);
            base.removed = true;
            return;
        }
        const auto merged = merge_contents(ours.from, {base.stages[0], first->stages[1], second->stages[2]},
                                           {ours.from, ours.to, theirs.to});
        const bool took_ours = !merged.clean && merged.entry == first->stages[our_stage];
        const auto their_entry = second->stages[their_stage];
        first->stages[our_stage] = merged.entry;
        second->stages[their_stage] = took_ours ? their_entry : merged.entry;
        for (auto* path : {first, second, &base}) {
            path->path_conflict = true;
            path->kind = ConflictKind::rename_rename;
        }
        first->hunks = merged.hunks;
        second->hunks = merged.hunks;
    }

    void apply(const SideRename& rename) {
        auto& source = *find(rename.from);
        auto* found = find(rename.to);
        if (found == nullptr) return;
        auto& target = *found;
        const unsigned side = rename.side, other = 3 - side;
        bool source_deleted = source.file_mask == mask_of(base_stage);
        bool collides = (target.file_mask & mask_of(other)) != 0;
        const bool type_changed =
            !source_deleted && is_regular_mode(source.stages[other].mode) != is_regular_mode(target.stages[side].mode);
        if (type_changed && collides) {
            // A rename on both sides, one of which put something else in the old place.
            collides = false;
        }
        if (collides && !source_deleted) {
            apply_collision(rename, source, target);
        } else if (collides) {
            target.path_conflict = true;
            target.kind = ConflictKind::rename_delete;
        } else {
            target.stages[base_stage] = source.stages[base_stage];
            target.file_mask |= mask_of(base_stage);
            target.names[base_stage] = rename.from;
            if (type_changed) {
                source.stages[base_stage] = {};
                source.file_mask &= ~mask_of(base_stage);
            } else if (source_deleted) {
                target.path_conflict = true;
                target.kind = ConflictKind::rename_delete;
            } else {
                target.stages[other] = source.stages[other];
                target.file_mask |= mask_of(other);
                target.names[other] = rename.from;
            }
        }
        if (!type_changed) source.removed = true;
    }

    /// The new name is taken on the other side, by another file or another rename.
    void apply_collision(const SideRename& rename, const MergePath& source, MergePath& target) {
        const unsigned side = rename.side, other = 3 - side;
        std::array<PathEntry, 3> stages{source.stages[base_stage], {}, {}};
        stages[side] = target.stages[side];
        stages[other] = source.stages[other];
        std::array<std::string, 3> names{rename.from, rename.from, rename.from};
        names[side] = rename.to;
        auto merged = merge_contents(rename.from, stages, names);
        target.stages[side] = merged.entry;
        target.kind = ConflictKind::rename_add;
        target.hunks = std::move(merged.hunks);
    }

    static bool is_regular_mode(std::uint32_t mode) noexcept { return mode >> 12 == 010; }

    MergeState& state_;
};

}  // namespace

void merge_renames(MergeState& state) {
    if (state.options.renames) MergeRenames(state).run();
}

}  // namespace uhost::git
