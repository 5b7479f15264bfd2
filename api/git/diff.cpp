#include "api/git/diff.hpp"

#include <algorithm>
#include <future>

#include "api/git/attributes.hpp"
#include "api/git/history/history.hpp"
#include "api/git/hunk_writer.hpp"
#include "api/git/libgit2.hpp"
#include "api/git/revision.hpp"

namespace uhost::git {
namespace {

PathEntry tree_of(git_repository* repository, const std::string& revision) {
    const auto tree = require_tree(repository, revision);
    return tree ? root_entry(from_git_oid(*git_tree_id(tree.get()))) : PathEntry{};
}

/// A file whose attributes name a driver is libgit2's, which knows how that finds functions.
void write_with_driver(const Repository& repository, DiffQuery query, DiffFile& file, const std::stop_token& stop) {
    query.paths = {file.path, file.old_path};
    for (auto& found : diff_with_libgit2(repository, query, stop)) {
        if (found.path == file.path) file = std::move(found);
    }
}

/// Counts lines and writes hunks, of every second file on a thread of its own.
void write_hunks(const Repository& repository, const ObjectStore& store, const DiffQuery& query,
                 std::vector<DiffFile>& files, const std::stop_token& stop) {
    DiffAttributes attributes(repository);
    std::vector<DiffAttributes::Answer> answers;
    for (const auto& file : files) answers.push_back(attributes.of(file.path));
    LineBudget budget(query.max_lines);
    const auto run = [&](std::size_t first, std::size_t step) {
        ObjectReader reader(store);
        HunkWriter writer(reader, query, budget);
        for (std::size_t i = first; i < files.size(); i += step) {
            if (stop.stop_requested()) throw cancelled();
            if (!answers[i].has_driver) writer.write(files[i], answers[i].kind);
        }
    };
    constexpr std::size_t worth_a_thread = 16;
    if (files.size() < worth_a_thread) {
        run(0, 1);
    } else {
        auto second = std::async(std::launch::async, [&] { run(1, 2); });
        run(0, 2);
        second.get();
    }
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (answers[i].has_driver) write_with_driver(repository, query, files[i], stop);
    }
}

std::vector<DiffFile> diff_trees(const Repository& repository, const DiffQuery& query, const std::stop_token& stop) {
    PathEntry before, after;
    {
        const auto lease = repository.lease();
        if (query.old_revision) before = tree_of(lease, *query.old_revision);
        after = tree_of(lease, query.new_revision);
    }
    const auto store = repository.objects();
    ObjectReader reader(*store);
    std::vector<DiffFile> files;
    const ChangesQuery changes{plain_paths(query.paths), query.renames, false, query.max_files};
    for (auto& file : TreeComparison(reader).compare(before, after, changes)) files.push_back({std::move(file), {}});
    if (query.stats) write_hunks(repository, *store, query, files, stop);
    return files;
}

}  // namespace

std::vector<DiffFile> diff(const Repository& repository, const DiffQuery& query, const std::stop_token& stop) {
    const bool trees =
        query.against == DiffQuery::Against::revision && !query.copies && !query.ignore_whitespace;
    return trees ? diff_trees(repository, query, stop) : diff_with_libgit2(repository, query, stop);
}

std::vector<std::string> changed_names(const Repository& repository, const std::string& old_revision,
                                       const std::string& new_revision, const std::vector<std::string>& paths) {
    const auto lease = repository.lease();
    const auto before = tree_of(lease, old_revision), after = tree_of(lease, new_revision);
    const auto store = repository.objects();
    ObjectReader reader(*store);
    std::vector<std::string> names;
    for (auto& file : changed_in(reader, before, after, plain_paths(paths))) names.push_back(std::move(file.path));
    return names;
}

}  // namespace uhost::git
