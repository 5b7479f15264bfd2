// Commits: one, a log of them, their ancestry and blame.
#include <future>

#include "api/git/ancestry.hpp"
#include "api/git/binding.hpp"
#include "api/git/blame.hpp"
#include "api/git/describe.hpp"
#include "api/git/log_walk.hpp"
#include "api/git/revision.hpp"

namespace uhost::git::binding {
namespace {

constexpr std::string_view blame_fields[]{"first_line",  "line_count",    "commit",        "author",  "author_email",
                                          "author_time", "original_path", "original_line", "boundary"};
constexpr bind::RecordType blame_record{"git.BlameHunk", blame_fields};

constexpr std::string_view commit_fields[]{"id",          "tree",      "parents",         "subject",
                                           "message",     "time",      "author",          "author_email",
                                           "author_time", "committer", "committer_email", "committer_time",
                                           "files",       "additions", "deletions",       "path"};
constexpr bind::RecordType commit_record{"git.Commit", commit_fields};

constexpr std::int64_t max_batch = 10'000;

// The walk is made at the first batch, on the pool, where reading the repository belongs.
class Log {
public:
    ~Log() { stop_ahead(); }

    std::shared_ptr<Repository> repository;
    std::optional<std::string> range;
    bool all = false;
    LogQuery query;

    std::vector<LoggedCommit> next_batch(std::size_t limit, const std::stop_token& stop) {
        const std::lock_guard guard(mutex_);
        if (!walk_ && !begin()) return {};
        auto batch = take_ahead(stop);
        if (!batch) batch = walk_->next_batch(limit, stop);
        if (batch->size() >= worth_reading_ahead) {
            ahead_stop_ = {};
            ahead_ = std::async(std::launch::async, [this, limit, ahead_stop = ahead_stop_.get_token()] {
                return walk_->next_batch(limit, ahead_stop);
            });
        }
        return std::move(*batch);
    }

private:
    // A loop that has come so far gets the next batch while it handles this one.
    static constexpr std::size_t worth_reading_ahead = 128;

    bool begin() {
        if (!all && !range && !read_head(repository->lease())) return false;
        if (all) {
            set_all_tips(*repository, query);
        } else {
            set_range(*repository, range.value_or("HEAD"), query);
        }
        walk_ = std::make_unique<LogWalk>(*repository, query);
        return true;
    }

    std::optional<std::vector<LoggedCommit>> take_ahead(const std::stop_token& stop) {
        if (!ahead_.valid()) return std::nullopt;
        const std::stop_callback pass_on(stop, [this] { ahead_stop_.request_stop(); });
        return ahead_.get();
    }

    void stop_ahead() {
        ahead_stop_.request_stop();
        if (ahead_.valid()) ahead_.wait();
    }

    std::mutex mutex_;  // two tasks may share an iterator
    std::unique_ptr<LogWalk> walk_;
    std::stop_source ahead_stop_;
    std::future<std::vector<LoggedCommit>> ahead_;
};

// Sets `files` of the commit at the top, and the sums of their lines.
void push_files(Call& call, const std::vector<ChangedFile>& files, bool with_stats) {
    std::size_t additions = 0, deletions = 0;
    for (const auto& file : files) {
        additions += file.additions;
        deletions += file.deletions;
    }
    push_list(call, files, [=](Call& into, const ChangedFile& file) { push_changed_file(into, file, with_stats); });
    call.set("files");
    if (with_stats) call.field("additions", additions).field("deletions", deletions);
}

int next_batch(Call& call);
constexpr Function log_methods[]{{"next_batch", next_batch, Waits::yes}};
const bind::Type<Log> log_type{{"git.Log", log_methods, nullptr}};

int next_batch(Call& call) {
    const auto limit = static_cast<std::size_t>(call.integer(2, "limit", 1, max_batch));
    return call.work([log = log_type.share(call), limit](std::stop_token stop) -> Finish {
        auto commits = std::make_shared<std::vector<LoggedCommit>>(log->next_batch(limit, stop));
        return [commits, log](Call& results) {
            push_list(results, *commits, [&](Call& into, const LoggedCommit& logged) {
                push_commit(into, logged.commit);
                if (log->query.follow) into.field("path", logged.path);
                if (log->query.gives_files()) push_files(into, logged.files, log->query.stats);
            });
            return 1;
        };
    });
}

void push_blame_hunk(Call& call, const BlameHunk& hunk) {
    new_record(call, blame_record);
    call.field("first_line", hunk.first_line).field("line_count", hunk.line_count);
    call.field("commit", hunk.commit.hex());
    set_person(call, "author", hunk.author);
    call.field("original_path", hunk.original_path).field("original_line", hunk.original_line);
    call.field("boundary", hunk.boundary);
}

}  // namespace

void push_commit(Call& call, const Commit& commit) {
    new_record(call, commit_record);
    call.field("id", commit.id.hex()).field("tree", commit.tree.hex());
    push_list(call, commit.parents, push_oid);
    call.set("parents");
    set_person(call, "author", commit.author);
    set_person(call, "committer", commit.committer);
    call.field("time", iso_time(commit.committer.time));
    call.field("subject", commit.subject).field("message", commit.message);
}

int commit(Call& call) {
    return on_pool(
        call,
        [revision = std::string(call.text_or(2, "revision", "HEAD"))](const auto& repository, const auto&) {
            const auto lease = repository->lease();
            const auto id = resolve_commit(lease, revision);
            return id ? std::optional(read_commit(lease, *id)) : std::nullopt;
        },
        push_commit);
}

namespace {

LogOrder order_named(const bind::Fields& options) {
    const auto name = options.text("order");
    if (!name) return LogOrder::as_found;
    if (*name == "date") return LogOrder::date;
    if (*name == "author_date") return LogOrder::author_date;
    if (*name == "topo") return LogOrder::topo;
    options.bad_field("order", "'date', 'author_date' or 'topo'");
}

std::shared_ptr<const re::Regex> pattern(const bind::Fields& options, const char* key) {
    const auto text = options.text(key);
    re::Flags flags;
    flags.caseless = options.flag("ignore_case", false);
    return text ? re::Regex::get(*text, flags) : nullptr;
}

void read_log_filters(const bind::Fields& options, LogQuery& query) {
    if (options.has("merges")) query.merges = options.flag("merges", false);
    query.author = pattern(options, "author");
    query.grep = pattern(options, "grep");
    query.pickaxe = options.text("pickaxe");
    query.pickaxe_regex = pattern(options, "pickaxe_regex");
    if (query.pickaxe && query.pickaxe->empty()) options.bad_field("pickaxe", "a text that is not empty");
}

}  // namespace

int log(Call& call) {
    auto log = std::make_shared<Log>();
    log->repository = repository_type.share(call);
    const auto options =
        call.fields(2, "options", {"range",  "path",   "paths",   "since",       "until",   "first_parent", "limit",
                                   "files",  "stats",  "renames", "all",         "order",   "reverse",      "follow",
                                   "merges", "author", "grep",    "ignore_case", "pickaxe", "pickaxe_regex"});
    log->range = options.text("range");
    log->all = options.flag("all", false);
    if (log->range) check_revision_text(*log->range);
    if (log->range && log->all) options.bad_field("all", "no 'range' beside it");
    auto& query = log->query;
    query.paths = options.texts("path");
    for (auto& path : options.texts("paths")) query.paths.push_back(std::move(path));
    query.since = options.integer("since");
    query.until = options.integer("until");
    query.first_parent = options.flag("first_parent", false);
    query.limit = options.integer("limit");
    query.order = order_named(options);
    query.reverse = options.flag("reverse", false);
    query.follow = options.flag("follow", false);
    if (query.follow && query.paths.size() != 1) options.bad_field("follow", "one path beside it");
    if (query.follow && query.order != LogOrder::as_found) options.bad_field("follow", "no 'order' beside it");
    query.files = options.flag("files", false);
    query.stats = options.flag("stats", false);
    query.renames = options.flag("renames", true);
    read_log_filters(options, query);
    return log_type.give(call, log);
}

int blame(Call& call) {
    const auto options = call.fields(3, "options", {"revision", "first_line", "last_line", "first_parent"});
    BlameQuery query;
    query.path = call.text(2, "path");
    query.revision = options.text_or("revision", "HEAD");
    query.first_line = static_cast<std::size_t>(std::max<std::int64_t>(options.integer_or("first_line", 0), 0));
    query.last_line = static_cast<std::size_t>(std::max<std::int64_t>(options.integer_or("last_line", 0), 0));
    query.first_parent = options.flag("first_parent", false);
    return on_pool(
        call, [query](const auto& repository, const auto& stop) { return git::blame(*repository, query, stop); },
        [](Call& results, const std::vector<BlameHunk>& hunks) { push_list(results, hunks, push_blame_hunk); });
}

int merge_base(Call& call) {
    std::vector<std::string> revisions{std::string(call.text(2, "a")), std::string(call.text(3, "b"))};
    for (int i = 4; i <= call.count(); ++i) revisions.emplace_back(call.text(i, "revision"));
    return on_pool(
        call, [revisions](const auto& repository, const auto&) { return git::merge_base(*repository, revisions); },
        push_oid);
}

int ahead_behind(Call& call) {
    return call.work([repository = repository_type.share(call), ours = std::string(call.text(2, "revision")),
                      theirs = std::string(call.text(3, "upstream"))](std::stop_token) -> Finish {
        return [counts = git::ahead_behind(*repository, ours, theirs)](Call& results) {
            results.push(counts.ahead).push(counts.behind);
            return 2;
        };
    });
}

int is_ancestor(Call& call) {
    return on_pool(
        call,
        [older = std::string(call.text(2, "ancestor")), newer = std::string(call.text(3, "descendant"))](
            const auto& repository, const auto&) { return git::is_ancestor(*repository, older, newer); },
        [](Call& results, bool answer) { results.push(answer); });
}

int describe(Call& call) {
    const auto options = call.fields(2, "options",
                                     {"revision", "pattern", "lightweight", "first_parent", "exact", "always",
                                      "long_form", "abbreviation", "candidates"});
    DescribeQuery query;
    query.revision = options.text_or("revision", "HEAD");
    query.pattern = options.text_or("pattern", "");
    query.lightweight = options.flag("lightweight", query.lightweight);
    query.first_parent = options.flag("first_parent", false);
    query.exact = options.flag("exact", false);
    query.always = options.flag("always", false);
    query.long_form = options.flag("long_form", false);
    query.abbreviation = static_cast<unsigned>(std::clamp<std::int64_t>(options.integer_or("abbreviation", 7), 0, 40));
    query.candidates = static_cast<unsigned>(std::clamp<std::int64_t>(options.integer_or("candidates", 10), 1, 1000));
    return on_pool(
        call, [query](const auto& repository, const auto&) { return git::describe(*repository, query); },
        [](Call& results, const std::string& name) { results.push(name); });
}

}  // namespace uhost::git::binding
