// Random histories against a naive model that works on sets of ancestors and maps of paths, with every way that the
// objects and the commit-graph can be stored.

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <set>
#include <sstream>
#include <tuple>

#include "api/git/history/deletions.hpp"
#include "git_history_repository.hpp"

namespace uhost::git::testing {
namespace {

using Files = std::map<std::string, std::string>;

struct ModelCommit {
    std::vector<int> parents;
    Files files;
    std::string subject;
    std::int64_t time = 0;
    std::set<int> ancestors;  // itself among them
};

struct Expected {
    int commit;
    std::string path;
    int merge;  // 0 for none
    std::optional<std::int64_t> pull_request;
    bool present;
    bool in_mainline;

    auto operator<=>(const Expected&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Expected& expected) {
    return out << expected.commit << ' ' << expected.path << " merge " << expected.merge << " pull request "
               << expected.pull_request.value_or(0) << (expected.present ? " present" : "")
               << (expected.in_mainline ? "" : " not in the mainline");
}

/// A history as the tests think of it, and the repository made from it.
class Model {
public:
    explicit Model(unsigned seed) : random_(seed) {
        commits_.emplace_back();  // numbers start at 1
        const int count = 12 + pick(50);
        for (int i = 1; i <= count; ++i) add_commit();
        merge_loose_ends();
    }

    int tip() const { return static_cast<int>(commits_.size()) - 1; }
    const ModelCommit& operator[](int number) const { return commits_[number]; }
    int pick(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }

    void write(TestRepository& repository, int from, int to) {
        for (int number = from; number <= to; ++number) {
            const ModelCommit& commit = commits_[number];
            const Files none;
            const Files& before = commit.parents.empty() ? none : commits_[commit.parents[0]].files;
            CommitPlan plan{commit.parents, {}, commit.subject, commit.time};
            for (const auto& [path, content] : before) {
                if (!commit.files.contains(path)) plan.changes.push_back(drop(path));
            }
            for (const auto& [path, content] : commit.files) {
                if (!before.contains(path) || before.at(path) != content) plan.changes.push_back(put(path, content));
            }
            repository.commit(std::move(plan));
        }
        repository.write(to);
    }

    std::set<int> range(int tip, bool first_parent) const {
        if (!first_parent) return commits_[tip].ancestors;
        std::set<int> result;
        for (int at = tip; at != 0; at = first_parent_of(at)) result.insert(at);
        return result;
    }

    std::vector<Expected> deletions(int tip, const std::string& path, bool first_parent,
                                    std::optional<std::int64_t> since) const {
        std::vector<Expected> result;
        for (const int number : range(tip, first_parent)) {
            const ModelCommit& commit = commits_[number];
            if (commit.parents.empty() || (since && commit.time < *since)) continue;
            for (const auto& [file, content] : commits_[commit.parents[0]].files) {
                const bool inside = path.empty() || file == path || file.starts_with(path + "/");
                if (!inside || commit.files.contains(file)) continue;
                const bool in_all = std::all_of(commit.parents.begin(), commit.parents.end(), [&](int parent) {
                    return parent == commit.parents[0] || commits_[parent].files.contains(file);
                });
                if (!in_all && !first_parent) continue;
                const auto around = merges_around(number, tip, first_parent);
                Expected expected{number, file, around.empty() ? 0 : around.front(), pull_request_of(commit.subject),
                                  commits_[tip].files.contains(file),
                                  around.empty() || commits_[first_parent_of(around.front())].files.contains(file)};
                for (auto merge = around.rbegin(); merge != around.rend() && !expected.pull_request; ++merge) {
                    expected.pull_request = pull_request_of(commits_[*merge].subject);
                }
                result.push_back(expected);
            }
        }
        std::sort(result.begin(), result.end());
        return result;
    }

private:
    int first_parent_of(int number) const { return commits_[number].parents.empty() ? 0 : commits_[number].parents[0]; }

    /// The merges that brought a commit in, from the mainline inwards. The mainline of a merge's side are the first
    /// parents of its other parents that the merge brought in.
    std::vector<int> merges_around(int number, int tip, bool first_parent) const {
        std::vector<int> around;
        std::vector<int> line = line_from(tip, {});
        while (!first_parent && std::find(line.begin(), line.end(), number) == line.end()) {
            // The line is newest first: the last one that reaches the commit is the oldest.
            const auto merge = std::find_if(line.rbegin(), line.rend(),
                                            [&](int at) { return commits_[at].ancestors.contains(number); });
            around.push_back(*merge);
            const std::set<int> known =
                first_parent_of(*merge) == 0 ? std::set<int>{} : commits_[first_parent_of(*merge)].ancestors;
            // Of several sides the commit lies on that of the first that has it on its line, else of any that reach it.
            line = side_line(*merge, number, known);
        }
        return around;
    }

    std::vector<int> line_from(int start, const std::set<int>& known) const {
        std::vector<int> line;
        for (int at = start; at != 0 && !known.contains(at); at = first_parent_of(at)) line.push_back(at);
        return line;
    }

    std::vector<int> side_line(int merge, int number, const std::set<int>& known) const {
        for (const int side : std::span(commits_[merge].parents).subspan(1)) {
            if (commits_[side].ancestors.contains(number)) return line_from(side, known);
        }
        return {};
    }

    void add_commit() {
        const int number = static_cast<int>(commits_.size());
        ModelCommit commit;
        const int kind = pick(20);
        if (number > 1 && kind != 0) {
            commit.parents.push_back(std::max(1, number - 1 - pick(kind < 12 ? 2 : 6)));
            // Two parents at most: with more, which of two sides a commit came by is a matter of taste.
            if (kind >= 14) {
                const int other = 1 + pick(number - 1);
                if (other != commit.parents[0]) commit.parents.push_back(other);
            }
        }
        start_from_parents(commit);
        for (int i = pick(4); i > 0; --i) change(commit.files);
        finish(std::move(commit));
    }

    void start_from_parents(ModelCommit& commit) {
        for (std::size_t i = 0; i < commit.parents.size(); ++i) {
            const ModelCommit& parent = commits_[commit.parents[i]];
            if (i == 0) commit.files = parent.files;
            if (i == 0) continue;
            // As merges do, take over some of what the other side has or has not.
            for (const auto& [path, content] : parent.files) {
                if (pick(2) == 0 && !clashes(commit.files, path)) commit.files[path] = content;
            }
            for (const auto& [path, content] : Files(commit.files)) {
                if (!parent.files.contains(path) && pick(3) == 0) commit.files.erase(path);
            }
        }
    }

    static bool clashes(const Files& files, const std::string& path) {
        return std::any_of(files.begin(), files.end(), [&](const auto& file) {
            return file.first.starts_with(path + "/") || path.starts_with(file.first + "/");
        });
    }

    void change(Files& files) {
        static const char* names[] = {"crashes/1.rs",     "crashes/2.rs", "crashes/2.rs/deep",
                                      "crashes/sub/3.rs", "crashes/sub",  "ui/1.rs",
                                      "ui/x/y.rs",        "top",          "crashes"};
        const std::string path = names[pick(9)];
        if (pick(2) == 0) {
            files.erase(path);
        } else if (!clashes(files, path)) {
            files[path] = "content " + std::to_string(pick(6)) + "\nsame\n";
        }
    }

    void finish(ModelCommit commit) {
        static const char* subjects[] = {"work",
                                         "work",
                                         "Fix (#%)",
                                         "Auto merge of #% - a:b, r=c",
                                         "Rollup merge of #% - a:b, r=c",
                                         "Merge branch 'x'"};
        const int number = static_cast<int>(commits_.size());
        commit.subject = subjects[pick(6)];
        if (const auto at = commit.subject.find('%'); at != std::string::npos) {
            commit.subject.replace(at, 1, std::to_string(1000 + number));
        }
        commit.time = 1'600'000'000 + number * 1000 + (pick(6) == 0 ? pick(60'000) - 30'000 : 0);
        commit.ancestors.insert(number);
        for (const int parent : commit.parents) {
            commit.ancestors.insert(commits_[parent].ancestors.begin(), commits_[parent].ancestors.end());
        }
        commits_.push_back(std::move(commit));
    }

    /// Makes the last commit reach most of the others, by merges on the mainline.
    void merge_loose_ends() {
        for (int i = 0; i < 6; ++i) {
            ModelCommit commit;
            const int last = tip();
            std::vector<int> loose;
            for (int number = 1; number < last; ++number) {
                if (!commits_[last].ancestors.contains(number)) loose.push_back(number);
            }
            commit.parents = {last};
            if (!loose.empty()) commit.parents.push_back(loose[pick(static_cast<int>(loose.size()))]);
            start_from_parents(commit);
            change(commit.files);
            finish(std::move(commit));
        }
    }

    std::mt19937 random_;
    std::vector<ModelCommit> commits_;
};

std::vector<Expected> reported(const TestRepository& repository, const Model& model, const DeletionQuery& query) {
    std::map<Oid, int> numbers;
    for (int number = 1; number <= model.tip(); ++number) numbers[repository.oid(number)] = number;
    std::vector<Expected> result;
    std::set<int> given;
    int last = 0;
    for (const Deletion& deletion : all_deletions(repository.git_dir(), query, 3)) {
        const int number = numbers.at(deletion.commit);
        // Children come first, so no later commit descends from an earlier one.
        if (number != last) {
            for (const int before : given) CHECK_FALSE(model[number].ancestors.contains(before));
        }
        given.insert(number);
        last = number;
        result.push_back({number, deletion.path, deletion.merge ? numbers.at(*deletion.merge) : 0,
                          deletion.pull_request, deletion.present, deletion.in_mainline});
    }
    std::sort(result.begin(), result.end());
    return result;
}

void check_queries(const TestRepository& repository, Model& model) {
    for (const char* path : {"crashes", "", "crashes/sub", "crashes/2.rs"}) {
        for (const bool first_parent : {false, true}) {
            DeletionQuery query;
            query.path = path;
            query.first_parent = first_parent;
            query.renames = model.pick(2) == 0;
            query.threads = 1 + static_cast<unsigned>(model.pick(2));
            const int tip = model.tip();
            CAPTURE(path, first_parent);
            CHECK(reported(repository, model, query) == model.deletions(tip, path, first_parent, {}));
            query.since = 1'600'000'000 + model.pick(tip * 1000);
            CAPTURE(*query.since);
            CHECK(reported(repository, model, query) == model.deletions(tip, path, first_parent, query.since));
        }
    }
}

}  // namespace

TEST_CASE("Random histories give what a naive model gives, however they are stored", "[git]") {
    for (unsigned seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        Model model(seed);
        TestRepository repository;
        const int middle = 1 + model.pick(model.tip());
        model.write(repository, 1, middle);
        const int storage = static_cast<int>(seed % 6);
        if (storage == 1 || storage == 4)
            repository.git("commit-graph write --reachable --changed-paths --split=no-merge 2>&1");
        if (storage == 5) repository.git("commit-graph write --reachable 2>&1");  // stays behind the rest
        if (middle < model.tip()) model.write(repository, middle + 1, model.tip());
        if (storage == 2 || storage == 4) repository.git("repack -adfkq");
        if (storage == 3) repository.git("commit-graph write --reachable --changed-paths 2>&1");
        if (storage == 4) repository.git("commit-graph write --reachable --changed-paths --split=no-merge 2>&1");
        check_queries(repository, model);
        DeletionQuery query;
        query.path = "crashes";
        CHECK(commits_and_paths(all_deletions(repository.git_dir(), query)) == answer_of_git(repository, query));
    }
}

namespace {

using Record = std::tuple<Oid, std::string, std::int64_t, std::optional<std::int64_t>, std::optional<Oid>, bool,
                          std::optional<std::string>>;

std::vector<Record> records_of(const std::vector<Deletion>& deletions) {
    std::vector<Record> records;
    for (const Deletion& d : deletions) {
        records.emplace_back(d.commit, d.path, d.time, d.pull_request, d.merge, d.in_mainline, d.moved_to);
    }
    return records;
}

/// What a later walk is given of an earlier one from `tip`, and the earlier records by commit.
EarlierWalk earlier_of(const Oid& tip, const std::vector<Deletion>& deletions,
                       std::map<Oid, std::vector<Deletion>>& by_commit) {
    EarlierWalk earlier{tip, {}};
    for (const Deletion& deletion : deletions) {
        earlier.found[deletion.commit] = {deletion.merge, deletion.pull_request};
        by_commit[deletion.commit].push_back(deletion);
    }
    return earlier;
}

/// A walk that knows what one from `before` found; returns how many commits were as before.
int compare_with_whole(const TestRepository& repository, const DeletionQuery& whole, const Oid& before) {
    DeletionQuery query = whole;
    query.tip = before;
    std::map<Oid, std::vector<Deletion>> by_commit;
    query.earlier = earlier_of(before, all_deletions(repository.git_dir(), query), by_commit);
    query.tip = whole.tip;
    std::vector<Deletion> found;
    int as_before = 0;
    for (Deletion& deletion : all_deletions(repository.git_dir(), query, 7)) {
        if (!deletion.as_before) {
            found.push_back(std::move(deletion));
            continue;
        }
        ++as_before;
        const auto& records = by_commit.at(deletion.commit);
        found.insert(found.end(), records.begin(), records.end());
    }
    CHECK(records_of(found) == records_of(all_deletions(repository.git_dir(), whole)));
    return as_before;
}

}  // namespace

TEST_CASE("A walk that knows what another tip gave finds what one that knows nothing finds", "[git]") {
    int as_before = 0;
    for (unsigned seed = 100; seed < 180; ++seed) {
        CAPTURE(seed);
        Model model(seed);
        TestRepository repository;
        model.write(repository, 1, model.tip());
        if (seed % 3 == 0) repository.git("commit-graph write --reachable --changed-paths 2>&1");
        for (int i = 0; i < 8; ++i) {
            DeletionQuery query;
            query.path = i % 2 == 0 ? "crashes" : "";
            query.first_parent = i == 3;
            query.tip = repository.oid(model.tip());
            const int before = 1 + model.pick(model.tip());
            CAPTURE(i, before);
            as_before += compare_with_whole(repository, query, repository.oid(before));
        }
    }
    CHECK(as_before > 300);
}

TEST_CASE("Deletions come in git's order by dates", "[git]") {
    for (unsigned seed = 200; seed < 240; ++seed) {
        CAPTURE(seed);
        Model model(seed);
        TestRepository repository;
        model.write(repository, 1, model.tip());
        DeletionQuery query;
        std::vector<std::string> found, expected;
        for (const Deletion& deletion : all_deletions(repository.git_dir(), query)) {
            if (found.empty() || found.back() != deletion.commit.hex()) found.push_back(deletion.commit.hex());
        }
        std::istringstream order(repository.git("log --date-order --format=%H main"));
        for (std::string hex; order >> hex;) {
            if (std::find(found.begin(), found.end(), hex) != found.end()) expected.push_back(hex);
        }
        CHECK(found == expected);
    }
}

}  // namespace uhost::git::testing
