#include "api/git/history/deletions.hpp"

#include <algorithm>
#include <charconv>
#include <deque>
#include <unordered_set>

#include "api/git/history/history.hpp"
#include "api/git/history/walk_worker.hpp"

namespace uhost::git {

namespace {

constexpr std::string_view openings[] = {"Auto merge of #", "Rollup merge of #", "Merge pull request #"};
constexpr std::size_t max_digits = 9;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// The number that `text` starts with; `length` is that of its digits.
std::optional<std::int64_t> leading_number(std::string_view text, std::size_t& length) noexcept {
    length = 0;
    while (length < text.size() && is_digit(text[length])) ++length;
    if (length == 0 || length > max_digits) return std::nullopt;
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + length, number);
    return number > 0 ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> pull_request_of(std::string_view subject) noexcept {
    std::size_t length = 0;
    for (const std::string_view opening : openings) {
        if (!subject.starts_with(opening)) continue;
        if (const auto number = leading_number(subject.substr(opening.size()), length)) return number;
    }
    const std::size_t open = subject.rfind("(#");
    if (open == std::string_view::npos) return std::nullopt;
    const std::string_view rest = subject.substr(open + 2);
    const auto number = leading_number(rest, length);
    return number && rest.substr(length) == ")" ? number : std::nullopt;
}

namespace {

constexpr std::size_t first_window = 128;
constexpr std::size_t max_window = 4096;

PathEntry root_of(const History::Commit& commit) { return {tree_mode, commit.tree}; }

/// A damaged graph could make a wrong verdict, on which issues are closed.
const CommitGraph* sound_graph(const ObjectStore& store) {
    const auto* graph = store.commit_graph();
    return graph != nullptr && graph->is_sound() ? graph : nullptr;
}

Oid tip_of(const ObjectStore& store, const Oid& oid) { return peel_to_commit(store, oid); }

}  // namespace

/// A walk is made in windows: some hundred commits are taken from the order, what the path is in them and their parents
/// is looked up on all workers, and those that differ from every parent are compared file by file.
class DeletionWalk::State {
public:
    State(const std::filesystem::path& git_dir, DeletionQuery query)
        : query_(std::move(query)),
          store_(git_dir),
          wanted_{plain_path(query_.path), {query_.files.begin(), query_.files.end()}, query_.renames},
          bloom_path_(wanted_.path),
          tip_(query_.tip ? tip_of(store_, *query_.tip) : head_commit(store_)) {
        const unsigned threads = query_.threads > 1 ? 2 : 1;
        for (unsigned i = 0; i < threads; ++i) workers_.push_back(std::make_unique<WalkWorker>(store_, wanted_.path));
    }

    const std::optional<Oid>& tip() const noexcept { return tip_; }

    std::vector<Deletion> next_batch(std::size_t limit, const std::stop_token& stop) {
        if (stop.stop_requested()) throw cancelled();
        if (tip_ && !order_) load(stop);
        while (found_.empty() && fill_window(stop)) examine_window(stop);
        std::vector<Deletion> batch;
        for (; !found_.empty() && batch.size() < limit; found_.pop_front()) batch.push_back(std::move(found_.front()));
        return batch;
    }

private:
    using Index = History::Index;

    void load(const std::stop_token& stop);
    void mark_seen_before();
    bool fill_window(const std::stop_token& stop);
    bool is_candidate(Index index) const;
    bool is_as_before(Index index);
    void examine_window(const std::stop_token& stop);
    std::vector<Index> changed_among(const std::vector<Index>& indexes, const std::stop_token& stop);
    CommitSide side_of(WalkWorker& worker, Index index) const;
    std::vector<RemovedFile> removed_in(WalkWorker& worker, Index index) const;
    void add_records(Index index, std::vector<RemovedFile>& files, std::deque<Deletion>& into);
    std::optional<Oid> merge_of(Index index) const;
    std::optional<std::int64_t> pull_request_of_commit(Index index, std::string_view subject);
    std::optional<std::int64_t> pull_request_around(Index index);
    bool is_present(const std::string& path);

    DeletionQuery query_;
    ObjectStore store_;
    RemovedFilesQuery wanted_;
    BloomPath bloom_path_;
    std::optional<Oid> tip_;
    WalkWorkers workers_;
    const CommitGraph* graph_ = nullptr;
    std::optional<History> history_;
    std::optional<CommitOrder> order_;
    PathEntries entries_;
    std::vector<bool> seen_before_;  // by the earlier walk
    std::vector<Index> window_;  // taken from the order and not examined yet
    std::size_t window_size_ = first_window;
    std::deque<Deletion> found_;
    std::unordered_map<Index, std::optional<std::int64_t>> pull_requests_;  // of merges, by their own subjects
    std::optional<std::unordered_set<std::string>> present_;
};

void DeletionWalk::State::load(const std::stop_token& stop) {
    if (graph_ == nullptr) graph_ = sound_graph(store_);
    HistoryRange range{*tip_, {}, query_.since, query_.first_parent};
    history_.emplace(workers_[0]->reader, graph_, std::move(range));
    if (workers_.size() > 1 && graph_ == nullptr && !query_.earlier) {
        EntryPrefetch prefetch(*workers_[1]);
        history_->load(
            [&](Index index, const History::Commit& commit) {
                if (!query_.since || commit.time >= *query_.since) prefetch.add(index, commit.tree);
            },
            stop);
        entries_.resize(history_->commits().size());
        prefetch.finish(entries_);
    } else {
        history_->load({}, stop);
        entries_.resize(history_->commits().size());
    }
    order_.emplace(*history_);
    mark_seen_before();
}

/// Marks what the earlier walk went through: the ancestors of its tip, by the same parents.
void DeletionWalk::State::mark_seen_before() {
    seen_before_.assign(history_->commits().size(), false);
    const auto earlier_tip = query_.earlier ? history_->find(query_.earlier->tip) : std::nullopt;
    if (!earlier_tip) return;
    std::vector<Index> next{*earlier_tip};
    seen_before_[*earlier_tip] = true;
    while (!next.empty()) {
        const Index index = next.back();
        next.pop_back();
        for (const Index parent : history_->parents(index)) {
            if (!seen_before_[parent]) next.push_back(parent);
            seen_before_[parent] = true;
        }
    }
}

/// Takes commits from the order until there are enough to look at; false at the end of the history.
bool DeletionWalk::State::fill_window(const std::stop_token& stop) {
    if (!order_ || !window_.empty()) return !window_.empty();
    while (window_.size() < window_size_) {
        const auto index = order_->next();
        if (!index) break;
        if (is_candidate(*index)) window_.push_back(*index);
        if (stop.stop_requested()) throw cancelled();
    }
    window_size_ = std::min(2 * window_size_, max_window);
    return !window_.empty();
}

bool DeletionWalk::State::is_candidate(Index index) const {
    const History::Commit& commit = (*history_)[index];
    if (query_.since && commit.time < *query_.since) return false;
    if (query_.until && commit.time > *query_.until) return false;
    if (history_->parents(index).empty()) return false;
    if (seen_before_[index]) return query_.earlier->found.contains(commit.oid);
    return commit.position == History::none || graph_->may_have_changed(commit.position, bloom_path_);
}

/// Whether the earlier walk's records of a commit are those that this one would give.
bool DeletionWalk::State::is_as_before(Index index) {
    if (!seen_before_[index]) return false;
    const Oid& oid = (*history_)[index].oid;
    const auto pull_request = pull_request_of_commit(index, read_commit(workers_[0]->reader, oid).subject);
    return query_.earlier->found.at(oid) == EarlierWalk::Found{merge_of(index), pull_request};
}

void DeletionWalk::State::examine_window(const std::stop_token& stop) {
    std::vector<Index> to_compare;
    std::unordered_set<Index> as_before;
    for (const Index index : window_) {
        if (is_as_before(index)) {
            as_before.insert(index);
        } else {
            to_compare.push_back(index);
        }
    }
    const std::vector<Index> changed = changed_among(to_compare, stop);
    std::vector<std::vector<RemovedFile>> removed(changed.size());
    share_work(workers_, changed.size(), stop,
               [&](WalkWorker& worker, std::size_t i) { removed[i] = removed_in(worker, changed[i]); });
    std::deque<Deletion> records;
    std::size_t next = 0;
    for (const Index index : window_) {
        if (as_before.contains(index)) {
            Deletion& deletion = records.emplace_back();
            deletion.commit = (*history_)[index].oid;
            deletion.as_before = true;
        } else if (next < changed.size() && changed[next] == index) {
            if (!removed[next].empty()) add_records(index, removed[next], records);
            ++next;
        }
    }
    window_.clear();
    found_ = std::move(records);
}

/// The commits in which the path is not what it is in any parent.
std::vector<History::Index> DeletionWalk::State::changed_among(const std::vector<Index>& indexes,
                                                               const std::stop_token& stop) {
    std::vector<Index> wanted;
    for (const Index index : indexes) {
        wanted.push_back(index);
        const auto parents = history_->parents(index);
        wanted.insert(wanted.end(), parents.begin(), parents.end());
    }
    entries_.resolve(*history_, wanted, workers_, stop);
    std::vector<Index> changed;
    for (const Index index : indexes) {
        const auto parents = history_->parents(index);
        const bool same = std::any_of(parents.begin(), parents.end(), [&](Index parent) {
            return entries_[parent] == entries_[index] || entries_[parent].is_absent();
        });
        if (!same) changed.push_back(index);
    }
    return changed;
}

CommitSide DeletionWalk::State::side_of(WalkWorker& worker, Index index) const {
    const PathEntry root = root_of((*history_)[index]);
    return {root, worker.paths.find(root.oid)};
}

std::vector<RemovedFile> DeletionWalk::State::removed_in(WalkWorker& worker, Index index) const {
    const CommitSide commit{root_of((*history_)[index]), entries_[index]};
    std::vector<CommitSide> parents;
    for (const Index parent : history_->parents(index)) {
        parents.push_back({root_of((*history_)[parent]), entries_[parent]});
    }
    auto files = removed_files(worker.reader, wanted_, commit, parents);
    const Index merge = order_->mainline_merge(index);
    if (files.empty() || merge == History::none) return files;
    const CommitSide before = side_of(worker, history_->parents(merge).front());
    if (before.entry == parents.front().entry) return files;
    const auto lost = paths_of(
        diff_entries(worker.reader, before.entry, commit.entry, wanted_.path, DifferenceOf::removed).removed);
    for (RemovedFile& file : files) file.in_mainline = lost.contains(file.path);
    return files;
}

/// Appends the records of what one commit removed.
void DeletionWalk::State::add_records(Index index, std::vector<RemovedFile>& files, std::deque<Deletion>& into) {
    const History::Commit& commit = (*history_)[index];
    const Commit text = read_commit(workers_[0]->reader, commit.oid);
    const auto pull_request = pull_request_of_commit(index, text.subject);
    const auto merge = merge_of(index);
    for (RemovedFile& file : files) {
        Deletion& deletion = into.emplace_back();
        deletion.present = is_present(file.path);
        deletion.path = std::move(file.path);
        deletion.commit = commit.oid;
        deletion.time = commit.time;
        deletion.author_name = text.author.name;
        deletion.author_email = text.author.email;
        deletion.subject = text.subject;
        deletion.pull_request = pull_request;
        deletion.merge = merge;
        deletion.in_mainline = file.in_mainline;
        if (file.move) {
            deletion.moved_to = std::move(file.move->path);
            deletion.similarity_percent = file.move->similarity_percent;
        }
        deletion.blob = file.blob;
    }
}

std::optional<Oid> DeletionWalk::State::merge_of(Index index) const {
    const Index merge = order_->mainline_merge(index);
    return merge == History::none ? std::nullopt : std::optional((*history_)[merge].oid);
}

std::optional<std::int64_t> DeletionWalk::State::pull_request_of_commit(Index index, std::string_view subject) {
    const auto own = pull_request_of(subject);
    return own ? own : pull_request_around(index);
}

/// The number in the subject of the innermost merge around a commit that has one.
std::optional<std::int64_t> DeletionWalk::State::pull_request_around(Index index) {
    for (Index merge = order_->innermost_merge(index); merge != History::none; merge = order_->innermost_merge(merge)) {
        const auto [place, is_new] = pull_requests_.try_emplace(merge);
        if (is_new) {
            place->second = pull_request_of(read_commit(workers_[0]->reader, (*history_)[merge].oid).subject);
        }
        if (place->second) return place->second;
    }
    return std::nullopt;
}

bool DeletionWalk::State::is_present(const std::string& path) {
    if (!present_) {
        WalkWorker& worker = *workers_[0];
        const PathEntry at_tip = worker.paths.find((*history_)[History::tip].tree);
        std::unordered_set<std::string> files;
        for (TreeFile& file : diff_entries(worker.reader, {}, at_tip, wanted_.path, DifferenceOf::both).added) {
            files.insert(std::move(file.path));
        }
        present_ = std::move(files);
    }
    return present_->contains(path);
}

DeletionWalk::DeletionWalk(const std::filesystem::path& git_dir, DeletionQuery query)
    : state_(std::make_unique<State>(git_dir, std::move(query))) {}
DeletionWalk::~DeletionWalk() = default;
DeletionWalk::DeletionWalk(DeletionWalk&&) noexcept = default;
DeletionWalk& DeletionWalk::operator=(DeletionWalk&&) noexcept = default;

std::vector<Deletion> DeletionWalk::next_batch(std::size_t limit, const std::stop_token& stop) {
    return state_->next_batch(limit, stop);
}

const std::optional<Oid>& DeletionWalk::tip() const noexcept { return state_->tip(); }

std::vector<bool> files_present(const std::filesystem::path& git_dir, const Oid& tip,
                                std::span<const std::string> paths) {
    const ObjectStore store(git_dir);
    ObjectReader reader(store);
    CommitLinks links;
    read_commit_links(reader, peel_to_commit(store, tip), links);
    std::unordered_map<std::string, std::unordered_set<std::string>> files_of_folder;
    std::vector<bool> present;
    for (const std::string& path : paths) {
        const std::string plain = plain_path(path);
        const std::size_t slash = plain.rfind('/');
        const std::string folder = slash == std::string::npos ? "" : plain.substr(0, slash);
        const auto [place, is_new] = files_of_folder.try_emplace(folder);
        if (is_new) {
            TreeCursor at(reader, TreePaths(reader, folder).find(links.tree));
            for (; !at.at_end(); at.next()) {
                if (at.row().entry.is_file()) place->second.emplace(at.row().name);
            }
        }
        present.push_back(place->second.contains(plain.substr(slash == std::string::npos ? 0 : slash + 1)));
    }
    return present;
}

std::string read_content(const std::filesystem::path& git_dir, const Oid& blob, std::size_t max_bytes) {
    const ObjectStore store(git_dir);
    ObjectReader reader(store);
    const ByteView content = reader.read(blob, ObjectType::blob);
    if (content.size() > max_bytes) {
        throw Error("git.limit", "file content " + blob.hex() + " has " + std::to_string(content.size()) +
                                     " bytes, more than the " + std::to_string(max_bytes) + " asked for")
            .hint("ask for more, or leave this file out")
            .with("oid", blob.hex());
    }
    return std::string(as_text(content));
}

}  // namespace uhost::git
