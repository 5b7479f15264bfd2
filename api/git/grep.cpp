#include "api/git/grep.hpp"

#include <algorithm>
#include <atomic>
#include <future>

#include "api/git/history/changes.hpp"
#include "api/git/history/history.hpp"
#include "api/git/libgit2.hpp"
#include "api/git/revision.hpp"
#include "api/re/line_search.hpp"

namespace uhost::git {
namespace {

/// Searches files; for one thread.
class FileGrep {
public:
    FileGrep(const ObjectStore& store, const GrepQuery& query) : reader_(store), search_(query.pattern) {}

    void search(const std::string& path, const Oid& blob, std::vector<GrepMatch>& matches) {
        auto text = as_text(reader_.read(blob, ObjectType::blob));
        if (is_binary(text)) return;
        const auto whole = text;
        if (text.ends_with('\n')) text.remove_suffix(1);
        if (whole.empty()) return;
        std::size_t line = 1, counted = 0;
        for (search_.begin(text); search_.next();) {
            const auto at = search_.line_offset();
            line += static_cast<std::size_t>(std::ranges::count(text.substr(counted, at - counted), '\n'));
            counted = at;
            matches.push_back({path, line, search_.groups().front()->begin + 1, std::string(search_.line())});
        }
    }

private:
    ObjectReader reader_;
    re::LineSearch search_;
};

}  // namespace

std::vector<GrepMatch> grep(const Repository& repository, const GrepQuery& query, const std::stop_token& stop) {
    const auto tree = require_tree(repository.lease(), query.revision);
    if (!tree) return {};
    const auto store = repository.objects();
    ObjectReader reader(*store);
    auto files = changed_in(reader, {}, root_entry(from_git_oid(*git_tree_id(tree.get()))), plain_paths(query.paths));
    std::erase_if(files, [](const ChangedPath& file) { return file.after.mode >> 12 != 010; });
    std::vector<std::vector<GrepMatch>> found(files.size());
    std::atomic<std::size_t> count = 0;
    const auto run = [&](std::size_t first, std::size_t step) {
        FileGrep grep(*store, query);
        for (std::size_t i = first; i < files.size(); i += step) {
            if (stop.stop_requested()) throw cancelled();
            grep.search(files[i].path, files[i].after.oid, found[i]);
            if (count.fetch_add(found[i].size()) + found[i].size() <= query.max_matches) continue;
            throw Error("git.limit", "more than " + std::to_string(query.max_matches) + " lines match, at " +
                                         files[i].path)
                .hint("name 'paths', or raise 'limit'");
        }
    };
    auto second = std::async(std::launch::async, [&] { run(1, 2); });
    run(0, 2);
    second.get();
    std::vector<GrepMatch> matches;
    for (auto& of_file : found) std::ranges::move(of_file, std::back_inserter(matches));
    return matches;
}

}  // namespace uhost::git
