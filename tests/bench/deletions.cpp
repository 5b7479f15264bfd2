// Measures the walk over deleted files against git's own log on the same repositories, and checks that both find the
// same deletions.
//
//   deletions [FOLDER]      FOLDER as `make_repository` prints it; made if need be when not given
//   deletions --walk REPOSITORY full|first-parent|renames [HIDE]     one walk, what is measured: the
//       seconds without the start of the process, then "COMMIT PATH" a line
//
// Prints a line for each state: name, seconds of ours, seconds of the peer, ratio, target, same answer (yes/no),
// separated by tabs. Each side is a process of its own, run in turns; the fastest run counts.

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include "api/git/history/deletions.hpp"
#include "api/git/libgit2.hpp"
#include "host/core/error.hpp"
#include "tests/bench/process_run.hpp"

namespace {

using uhost::git::DeletionQuery;
using uhost::git::DeletionWalk;
using uhost::git::Oid;
using Answer = std::multiset<std::string>;
using Command = std::vector<std::string>;

constexpr const char* folder_of_tests = "tests/crashes";
constexpr int rounds = 7;

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

/// What a walk printed, without the time it took.
std::vector<std::string> deletions_in(const ProcessRun& walk) {
    auto lines = lines_of(walk.output);
    lines.erase(lines.begin());
    return lines;
}

/// "COMMIT PATH" for each file that `git log --format='commit %H' --name-only` lists.
Answer answer_of_git(const std::string& output) {
    Answer answer;
    std::string commit;
    for (const std::string& line : lines_of(output)) {
        if (line.starts_with("commit ")) {
            commit = line.substr(7);
        } else if (!line.empty()) {
            answer.insert(commit + ' ' + line);
        }
    }
    return answer;
}

Command git_log(const std::string& repository, bool first_parent) {
    Command command{"git",         "-C",           repository,          "log", "--full-history", "--diff-filter=D",
                    "--name-only", "--no-renames", "--format=commit %H"};
    if (first_parent) command.insert(command.end(), {"--first-parent", "--diff-merges=first-parent"});
    command.insert(command.end(), {"HEAD", "--", folder_of_tests});
    return command;
}

/// What git's log leaves out: the files that a merge itself removed. Of a path in both parents and not in the merge, a
/// combined diff gives the status once for each parent.
Answer removed_by_merges(const std::string& repository) {
    const ProcessRun raw = run_process({"git", "-C", repository, "log", "--full-history", "--merges", "-c", "--raw",
                                        "--no-renames", "--format=commit %H", "HEAD", "--", folder_of_tests});
    Answer answer;
    std::string commit;
    for (const std::string& line : lines_of(raw.output)) {
        if (line.starts_with("commit ")) commit = line.substr(7);
        const std::size_t tab = line.find('\t');
        if (!line.starts_with("::") || tab == std::string::npos) continue;
        const std::string status = line.substr(line.rfind(' ', tab) + 1, tab - line.rfind(' ', tab) - 1);
        if (status.find_first_not_of('D') == std::string::npos) answer.insert(commit + ' ' + line.substr(tab + 1));
    }
    return answer;
}

void print(const std::string& name, double ours, double peer, double target, bool equal) {
    std::printf("%s\t%.3f\t%.3f\t%.3f\t%.2f\t%s\n", name.c_str(), ours, peer, ours / peer, target,
                equal ? "yes" : "no");
    std::fflush(stdout);
}

bool compare(const std::string& self, const std::string& repository, bool first_parent, const std::string& name) {
    const Command ours{self, "--walk", repository, first_parent ? "first-parent" : "full"};
    const Command peer = git_log(repository, first_parent);
    ProcessRun best_ours, best_peer;
    for (int i = 0; i < rounds; ++i) {
        ProcessRun a = run_process(ours);
        ProcessRun b = run_process(peer);
        if (i == 0 || a.seconds < best_ours.seconds) best_ours = std::move(a);
        if (i == 0 || b.seconds < best_peer.seconds) best_peer = std::move(b);
    }
    Answer expected = answer_of_git(best_peer.output);
    if (!first_parent) expected.merge(removed_by_merges(repository));
    const auto found = deletions_in(best_ours);
    const bool equal = Answer(found.begin(), found.end()) == expected && !expected.empty();
    print(name, best_ours.seconds, best_peer.seconds, 1.0, equal);
    std::fprintf(stderr, "%s: %zu deletions, peak memory %.0f MiB (git: %.0f MiB)\n", name.c_str(), found.size(),
                 static_cast<double>(best_ours.peak_kib) / 1024, static_cast<double>(best_peer.peak_kib) / 1024);
    return equal;
}

/// A month later: the mainline has 200 merges more than when the history was walked before. Both are walks of ours, so
/// the start of the process is left out.
bool compare_incremental(const std::string& self, const std::string& repository, const std::string& name) {
    const std::string before = lines_of(run_process({"git", "-C", repository, "rev-parse", "HEAD~200"}).output).at(0);
    const Command cold{self, "--walk", repository, "full"};
    const Command increment{self, "--walk", repository, "full", before};
    double best_cold = 1e9, best_increment = 1e9;
    ProcessRun last_cold, last_increment;
    for (int i = 0; i < rounds; ++i) {
        last_cold = run_process(cold);
        last_increment = run_process(increment);
        best_cold = std::min(best_cold, std::stod(last_cold.output));
        best_increment = std::min(best_increment, std::stod(last_increment.output));
    }
    const bool equal = deletions_in(last_increment) == deletions_in(last_cold);
    print(name, best_increment, best_cold, 0.5, equal);
    return equal;
}

std::vector<uhost::git::Deletion> all_of(DeletionWalk walk) {
    std::vector<uhost::git::Deletion> all;
    for (auto batch = walk.next_batch(1000); !batch.empty(); batch = walk.next_batch(1000)) {
        std::move(batch.begin(), batch.end(), std::back_inserter(all));
    }
    return all;
}

/// Prints the time of a walk and what it found; with `before`, of one that knows what there was at that commit.
void walk(const std::string& repository, const std::string& mode, const char* before) {
    DeletionQuery query;
    query.path = folder_of_tests;
    query.first_parent = mode == "first-parent";
    query.renames = mode == "renames";
    uhost::git::start_libgit2();
    std::unordered_map<Oid, std::string, uhost::git::OidHash> known;
    const auto line = [](const uhost::git::Deletion& d) { return d.commit.hex() + ' ' + d.path + '\n'; };
    if (before != nullptr) {
        query.tip = Oid::from_hex(before);
        uhost::git::EarlierWalk earlier{*query.tip, {}};
        for (const auto& deletion : all_of(DeletionWalk(repository, query))) {
            earlier.found[deletion.commit] = {deletion.merge, deletion.pull_request};
            known[deletion.commit] += line(deletion);
        }
        query.tip.reset();
        query.earlier = std::move(earlier);
    }
    const auto begin = std::chrono::steady_clock::now();
    std::string out;
    for (const auto& deletion : all_of(DeletionWalk(repository, query))) {
        out += deletion.as_before ? known.at(deletion.commit) : line(deletion);
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    std::printf("%.6f\n%s", taken.count(), out.c_str());
}

std::string repositories(int argc, char** argv) {
    if (argc > 1) return argv[1];
    return lines_of(run_process({UHOST_SOURCE_DIR "/tests/bench/make_repository"}).output).at(0);
}

int bench(int argc, char** argv) {
    const std::string self = std::filesystem::read_symlink("/proc/self/exe");
    const std::string folder = repositories(argc, argv);
    const std::string plain = folder + "/history.git";
    const std::string graph = folder + "/history-graph.git";
    bool equal = compare(self, plain, false, "deletions full history, no commit-graph");
    equal &= compare(self, graph, false, "deletions full history, changed-path filters");
    equal &= compare(self, plain, true, "deletions first-parent, no commit-graph");
    equal &= compare(self, graph, true, "deletions first-parent, changed-path filters");
    equal &= compare_incremental(self, plain, "deletions incremental against cold");
    return equal ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        if (argc >= 4 && std::string(argv[1]) == "--walk") {
            walk(argv[2], argv[3], argc > 4 ? argv[4] : nullptr);
            return 0;
        }
        return bench(argc, argv);
    } catch (const uhost::Error& error) {
        std::cerr << "deletions: " << error.message() << "\n  " << error.hint() << "\n";
    } catch (const std::exception& error) {
        std::cerr << "deletions: " << error.what() << "\n";
    }
    return 3;
}
