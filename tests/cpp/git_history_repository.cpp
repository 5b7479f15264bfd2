#include "git_history_repository.hpp"

#include <stdlib.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>

namespace uhost::git::testing {
namespace {

namespace filesystem = std::filesystem;

constexpr const char* clean_environment =
    "env -u GIT_DIR -u GIT_WORK_TREE -u GIT_INDEX_FILE GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null LC_ALL=C ";

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

/// "COMMIT PATH" for the rows of `--raw` whose status, once for each parent, is nothing but D. Submodules are left out.
void add_raw_deletions(const std::string& output, std::vector<std::string>& answer) {
    std::string commit;
    for (const std::string& line : lines_of(output)) {
        if (line.starts_with("commit ")) commit = line.substr(7);
        const std::size_t tab = line.find('\t');
        if (!line.starts_with(":") || tab == std::string::npos || line.find(":160000") == 0) continue;
        const std::size_t space = line.rfind(' ', tab);
        const std::string status = line.substr(space + 1, tab - space - 1);
        if (status.find_first_not_of('D') == std::string::npos) answer.push_back(commit + ' ' + line.substr(tab + 1));
    }
}

}  // namespace

std::string run_shell(const std::string& command) {
    std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
    REQUIRE(pipe != nullptr);
    std::string output;
    std::array<char, 4096> buffer;
    for (std::size_t size; (size = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0;) {
        output.append(buffer.data(), size);
    }
    const int status = ::pclose(pipe.release());
    INFO(command);
    REQUIRE(status == 0);
    return output;
}

filesystem::path make_temporary_folder() {
    std::string name = (filesystem::temp_directory_path() / "uhost-test-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    return name;
}

TestRepository::TestRepository(const std::vector<std::string>& init_options) : path_(make_temporary_folder()) {
    std::string command = "init --quiet --initial-branch=main";
    for (const std::string& option : init_options) command += ' ' + option;
    git(command);
    git("config user.name 'Tess Tester'");
    git("config user.email tess@example.org");
}

TestRepository::~TestRepository() {
    std::error_code ignored;
    filesystem::remove_all(path_, ignored);
}

std::string TestRepository::git(const std::string& arguments) const {
    return run_shell(clean_environment + ("git -C '" + path_.string() + "' ") + arguments);
}

int TestRepository::commit(CommitPlan plan) {
    const int number = ++commits_;
    time_ = plan.time != 0 ? plan.time : time_ + 3600;
    std::ostringstream out;
    out << "commit refs/heads/made\nmark :" << number << "\nauthor " << plan.author << ' ' << time_ << " +0000\n"
        << "committer Carl Committer <carl@example.org> " << time_ << " +0000\n"
        << "data " << plan.subject.size() << '\n'
        << plan.subject << '\n';
    // fast-import continues from the branch's last commit by default.
    if (plan.parents.empty()) stream_ += "reset refs/heads/made\n";
    for (std::size_t i = 0; i < plan.parents.size(); ++i)
        out << (i == 0 ? "from :" : "merge :") << plan.parents[i] << '\n';
    for (const Change& change : plan.changes) {
        if (!change.content) {
            out << "D " << change.path << '\n';
        } else if (change.mode == "160000") {
            out << "M 160000 " << *change.content << ' ' << change.path << '\n';
        } else {
            out << "M " << change.mode << " inline " << change.path << "\ndata " << change.content->size() << '\n'
                << *change.content << '\n';
        }
    }
    stream_ += out.str() + '\n';
    return number;
}

int TestRepository::next(std::vector<Change> changes, std::string subject) {
    CommitPlan plan;
    if (commits_ > 0) plan.parents = {commits_};
    plan.changes = std::move(changes);
    plan.subject = std::move(subject);
    return commit(std::move(plan));
}

void TestRepository::write(int tip) {
    const filesystem::path stream = path_ / "stream";
    const filesystem::path marks = path_ / "marks";
    std::ofstream(stream, std::ios::binary) << stream_;
    const std::string had = oids_.empty() ? "" : "--import-marks='" + marks.string() + "' ";
    git("fast-import --quiet --force " + had + "--export-marks='" + marks.string() + "' < '" + stream.string() + "'");
    stream_.clear();
    std::ifstream file(marks);
    std::string mark, hex;
    while (file >> mark >> hex) oids_[std::stoi(mark.substr(1))] = Oid::from_hex(hex).value();
    git("update-ref refs/heads/main " + oid(tip == 0 ? commits_ : tip).hex());
}

Oid TestRepository::oid(int commit) const { return oids_.at(commit); }

std::vector<Deletion> all_deletions(const filesystem::path& repository, DeletionQuery query, std::size_t batch) {
    DeletionWalk walk(repository, std::move(query));
    std::vector<Deletion> all;
    while (true) {
        auto some = walk.next_batch(batch);
        if (some.empty()) return all;
        REQUIRE(some.size() <= batch);
        std::move(some.begin(), some.end(), std::back_inserter(all));
    }
}

std::vector<std::string> commits_and_paths(const std::vector<Deletion>& deletions) {
    std::vector<std::string> result;
    for (const Deletion& deletion : deletions) result.push_back(deletion.commit.hex() + ' ' + deletion.path);
    std::sort(result.begin(), result.end());
    return result;
}

std::vector<std::string> answer_of_git(const TestRepository& repository, const DeletionQuery& query) {
    std::string options =
        "-c core.quotePath=false log --full-history --no-renames --raw --no-abbrev --format='commit %H' ";
    std::string range = (query.tip ? query.tip->hex() : "main");
    if (!query.path.empty()) range += " -- '" + query.path + "'";
    std::vector<std::string> answer;
    if (query.first_parent) {
        add_raw_deletions(repository.git(options + "--first-parent --diff-merges=first-parent " + range), answer);
    } else {
        add_raw_deletions(repository.git(options + "--no-merges " + range), answer);
        add_raw_deletions(repository.git(options + "--merges -c " + range), answer);
    }
    std::sort(answer.begin(), answer.end());
    return answer;
}

Deletion only(const std::vector<Deletion>& deletions, const std::string& path) {
    std::vector<Deletion> found;
    std::copy_if(deletions.begin(), deletions.end(), std::back_inserter(found),
                 [&](const Deletion& deletion) { return deletion.path == path; });
    INFO(path);
    REQUIRE(found.size() == 1);
    return found.front();
}

std::vector<std::string> paths_of(const std::vector<Deletion>& deletions) {
    std::vector<std::string> paths;
    for (const Deletion& deletion : deletions) paths.push_back(deletion.path);
    return paths;
}

}  // namespace uhost::git::testing
