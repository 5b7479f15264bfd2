// Decides what becomes of each path that more than one side changed, once renames are known.
#include <algorithm>
#include <ranges>

#include "api/git/merge/merge_state.hpp"

namespace uhost::git {
namespace {

bool is_same_kind(const PathEntry& a, const PathEntry& b) noexcept { return a.mode >> 12 == b.mode >> 12; }

class PathDecider {
public:
    explicit PathDecider(MergeState& state) : state_(state) {}

    void run() {
        std::vector<std::string> paths, with_folders;
        for (const auto& [path, file] : state_.paths) (file.folder_in_the_way() ? with_folders : paths).push_back(path);
        for (const auto& path : paths) {
            state_.check_stop();
            decide(path, state_.paths.at(path), false);
        }
        // From the deepest: whether a folder is left depends on those in it.
        for (const auto& path : with_folders | std::views::reverse) decide_with_folder(path);
    }

private:
    /// A file and a folder want one path. The folder stays, if anything is left in it.
    void decide_with_folder(const std::string& path) {
        auto& file = state_.paths.at(path);
        if (file.removed || !state_.edit.has_entries(state_.reader(), state_.roots[our_stage], path)) {
            decide(path, file, false);
            return;
        }
        if (file.file_mask == mask_of(base_stage)) return;
        MergePath elsewhere = file;
        const unsigned side = (file.folder_mask & mask_of(our_stage)) != 0 ? their_stage : our_stage;
        place(path, file, {});
        elsewhere.original = {};
        elsewhere.kind = ConflictKind::directory_file;
        decide(unique_path(path, side), elsewhere, true, side);
    }

    std::string unique_path(const std::string& path, unsigned side) {
        auto label = side == our_stage ? state_.options.labels.ours : state_.options.labels.theirs;
        std::ranges::replace(label, '/', '_');
        const auto wanted = path + "~" + label;
        auto found = wanted;
        for (unsigned suffix = 0; state_.exists(found); ++suffix) found = wanted + "_" + std::to_string(suffix);
        state_.paths[found];
        return found;
    }

    void decide(const std::string& path, MergePath& file, bool moved, unsigned moved_from = 0) {
        if (file.removed) {
            place(path, file, {});
        } else if (file.match_mask != 0) {
            const auto& taken = file.stages[file.match_mask == 3 ? their_stage : our_stage];
            settle(path, file, taken, taken.is_absent() || (!moved && !file.path_conflict), {});
        } else if (file.file_mask >= 6 && !is_same_kind(file.stages[our_stage], file.stages[their_stage])) {
            decide_types(path, file);
        } else if (file.file_mask >= 6) {
            decide_contents(path, file, moved, moved_from);
        } else if (file.file_mask == 3 || file.file_mask == 5) {
            const unsigned side = file.file_mask == 5 ? their_stage : our_stage;
            if (!file.kind) file.kind = ConflictKind::modify_delete;
            settle(path, file, file.stages[state_.is_virtual ? base_stage : side], false, {});
        } else if (file.file_mask == 2 || file.file_mask == 4) {
            const unsigned side = file.file_mask / 2;
            settle(path, file, file.stages[side], !moved && !file.path_conflict, {});
        } else {
            settle(path, file, {}, !file.path_conflict, {});
        }
    }

    void decide_contents(const std::string& path, MergePath& file, bool moved, unsigned moved_from) {
        const auto& [base, ours, theirs] = file.stages;
        auto merged =
            state_.contents.merge({path, base, ours, theirs, state_.options.style, state_.labels_of(file.names),
                                   2 * state_.depth, state_.options.favor_theirs, state_.is_virtual});
        if (merged.clean && merged.merged) state_.result.merged.push_back(path);
        if (merged.clean && moved) {
            file.file_mask = mask_of(moved_from);
            file.stages = {};
            file.stages[moved_from] = merged.entry;
        }
        if (!merged.clean && !file.kind) file.kind = kind_of(file, merged);
        settle(path, file, merged.entry, merged.clean && !moved && !file.path_conflict, merged);
    }

    static ConflictKind kind_of(const MergePath& file, const ContentMerge& merged) {
        if (file.stages[our_stage].is_submodule()) return ConflictKind::submodule;
        if (file.file_mask == 6) return ConflictKind::add_add;
        if (merged.binary) return ConflictKind::binary;
        const bool only_mode = !merged.text_conflict && merged.driver.empty() && is_regular(merged.entry);
        return only_mode ? ConflictKind::mode : ConflictKind::content;
    }

    static bool is_regular(const PathEntry& entry) noexcept { return entry.mode >> 12 == 010; }

    /// A file on one side and a link or submodule on the other: each gets a path of its own.
    void decide_types(const std::string& path, MergePath& file) {
        file.kind = ConflictKind::type;
        if (state_.is_virtual) {
            settle(path, file, file.stages[base_stage], false, {});
            return;
        }
        const auto base = file.stages[base_stage], ours = file.stages[our_stage], theirs = file.stages[their_stage];
        const bool move_ours = is_regular(ours) || !is_regular(theirs), move_theirs = !is_regular(ours);
        const auto side_alone = [&](unsigned side) {
            MergePath alone = file;
            alone.stages = {};
            alone.stages[side] = file.stages[side];
            alone.file_mask = mask_of(side);
            if (is_same_kind(base, file.stages[side])) {
                alone.stages[base_stage] = base;
                alone.file_mask |= mask_of(base_stage);
            }
            return alone;
        };
        auto our_file = side_alone(our_stage), their_file = side_alone(their_stage);
        const auto our_path = move_ours ? unique_path(path, our_stage) : path;
        const auto their_path = move_theirs ? unique_path(path, their_stage) : path;
        if (move_ours && move_theirs) place(path, file, {});
        if (our_path != path) our_file.original = {};
        if (their_path != path) their_file.original = {};
        settle(our_path, our_file, ours, false, {});
        settle(their_path, their_file, theirs, false, {});
    }

    /// Puts `entry` at `path`. Our folder at a path is not ours to remove: the changes below it decide.
    void place(const std::string& path, const MergePath& file, const PathEntry& entry) {
        if (entry == file.original || (entry.is_absent() && file.original.is_tree())) return;
        state_.edit.set(path, entry);
    }

    void settle(const std::string& path, const MergePath& file, const PathEntry& entry, bool clean,
                const ContentMerge& contents) {
        const bool take_theirs = !clean && state_.options.favor_theirs && !contents.merged;
        place(path, file, take_theirs ? file.stages[their_stage] : entry);
        if (clean) return;
        state_.result.clean = false;
        Conflict conflict{file.kind.value_or(ConflictKind::content), path, {}, contents.hunks, {}, contents.driver};
        if (conflict.hunks.empty()) conflict.hunks = file.hunks;
        for (unsigned stage = 0; stage < 3; ++stage) {
            if ((file.file_mask & mask_of(stage)) != 0) {
                conflict.sides[stage] = ConflictSide{file.names[stage], file.stages[stage]};
            }
        }
        if (!conflict.hunks.empty() && !state_.is_virtual) conflict.text = text_of(entry);
        state_.result.conflicts.push_back(std::move(conflict));
    }

    std::optional<std::string> text_of(const PathEntry& entry) {
        const auto text = as_text(state_.reader().read(entry.oid, ObjectType::blob));
        if (!state_.contents.may_give(text.size())) return std::nullopt;
        return std::string(text);
    }

    MergeState& state_;
};

}  // namespace

void merge_paths(MergeState& state) { PathDecider(state).run(); }

}  // namespace uhost::git
