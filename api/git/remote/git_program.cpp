#include "api/git/remote/git_program.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <map>

#include "api/git/ancestry.hpp"
#include "api/git/libgit2.hpp"
#include "api/git/remote/child.hpp"
#include "api/git/remote/conversation.hpp"
#include "api/git/remote/credentials.hpp"
#include "api/git/remote/git_messages.hpp"
#include "api/git/remote/ssh_transport.hpp"
#include "api/git/revision.hpp"

namespace uhost::git::program {
namespace {

constexpr std::size_t max_output = 256 << 20;
constexpr double end_timeout_s = 10;

using Arguments = std::vector<std::string>;

/// One run of git that talks to a remote.
class Run {
public:
    /// `repository` may be null. `url` is where it goes, with the login it may hold.
    Run(const TransferOptions& options, const std::string& url, const Repository* repository)
        : options_(options),
          url_(parse_remote_url(url)),
          shown_(without_credentials(url)),
          transfer_(options.access, url, options.stop, options.progress),
          progress_(transfer_.progress()) {
        check_online(options.access, url);
        login_ = known_login(options.access, url_);
        if (repository != nullptr) folder_ = repository->git_folder();
        set("credential.interactive", "false");
        set("core.askPass", "");
        set("core.hooksPath", "/dev/null");  // libgit2 runs none either
        set("fetch.unpackLimit", "1");       // keep packs, as libgit2 does; git reports progress only then
        set("maintenance.auto", "false");
        set("gc.auto", "0");
        if (!options.access.credential_helpers || !login_.password.empty()) set("credential.helper", "");
        if (!login_.password.empty()) {
            const bool usual = url_.port == (url_.scheme == "https" ? "443" : "80");
            const auto origin = fmt::format("{}://{}{}", url_.scheme, url_.host, usual ? "" : ":" + url_.port);
            set("credential." + origin + ".helper", "!f() { test \"$1\" = get && cat <&9; }; f");
        }
    }

    /// The remote as git is to be given it. A configured remote goes by its name, since git then moves its tracking
    /// references; a login in its URL, which would be an argument of git's helper programs, is replaced beforehand.
    std::string remote_argument(git_repository* repository, const std::string& remote) {
        RemoteHandle handle;
        if (!attempt(git_remote_lookup, out(handle), repository, remote.c_str()).ok()) return shown_;
        if (shown_ != transfer_.url() && url_.is_http()) set("url." + shown_ + ".insteadOf", transfer_.url());
        return remote;
    }

    const std::string& shown() const { return shown_; }
    Progress& progress() { return transfer_.progress(); }

    /// Runs `git ARGUMENTS`; returns what it prints. `accept_failure` is for commands that report failures there.
    std::string run(const Arguments& arguments, const std::string& what, bool accept_failure = false) {
        Arguments all{"sh", "-c", "exec 9<&0 </dev/null; exec git \"$@\"", "git"};
        if (!folder_.empty()) all.push_back("--git-dir=" + folder_);
        all.insert(all.end(), arguments.begin(), arguments.end());
        Child child(all, folder_.empty() ? "/" : folder_, environment());
        child.on_errors = [this](std::string_view text) { progress_.read(text); };
        try {
            const auto login = login_.password.empty()
                                   ? std::string()
                                   : fmt::format("username={}\npassword={}\n", login_.user, login_.password);
            child.write(login.data(), login.size(), timeout(), &transfer_);
            child.close_input();
            auto output = read_all(child);
            const int code = child.wait(end_timeout_s, &transfer_);
            if (transfer_.stopped()) throw Error("git.cancelled", what + ": cancelled");
            if (code != 0 && !(accept_failure && !output.empty())) {
                throw error_from(child.errors(), what, url_, login_, shown_).native(reason_in(child.errors()));
            }
            return output;
        } catch (const Error& error) {
            // It may clean up after itself.
            child.terminate(end_timeout_s);
            if (error.kind() == "git.cancelled") throw Error("git.cancelled", what + ": cancelled");
            throw;
        }
    }

private:
    void set(std::string key, std::string value) { settings_.emplace_back(std::move(key), std::move(value)); }

    /// Without a sign of life: git reports progress while it counts, sends, receives and resolves.
    double timeout() const { return options_.access.stall_timeout_s; }

    std::string read_all(Child& child) {
        std::string output;
        std::array<char, 4096> piece;
        while (const auto got = child.read(piece.data(), piece.size(), timeout(), &transfer_)) {
            output.append(piece.data(), got);
            if (output.size() > max_output) throw Error("git.limit", "git prints more than 256 MiB");
        }
        return output;
    }

    EnvironmentChanges environment() const {
        EnvironmentChanges changes{{"LC_ALL", "C"},
                                   {"LANGUAGE", std::nullopt},
                                   {"GIT_TERMINAL_PROMPT", "0"},
                                   {"GIT_ASKPASS", ""},
                                   {"SSH_ASKPASS", ""},
                                   {"GIT_DIR", std::nullopt},
                                   {"GIT_TRACE", std::nullopt},
                                   {"GIT_WORK_TREE", std::nullopt},
                                   {"GIT_ALLOW_PROTOCOL", "http:https:ssh:git:file"}};
        for (std::size_t i = 0; i < settings_.size(); ++i) {
            changes.emplace_back(fmt::format("GIT_CONFIG_KEY_{}", i), settings_[i].first);
            changes.emplace_back(fmt::format("GIT_CONFIG_VALUE_{}", i), settings_[i].second);
        }
        changes.emplace_back("GIT_CONFIG_COUNT", std::to_string(settings_.size()));
        if (!options_.access.ca_file.empty()) changes.emplace_back("GIT_SSL_CAINFO", options_.access.ca_file);
        if (url_.scheme == "ssh") {
            std::string command = folder_.empty() ? ssh_command(nullptr) : ssh_command(open_repository(folder_).get());
            for (const auto& option : ssh_options(options_.access)) command += " " + shell_quoted(option);
            changes.emplace_back("GIT_SSH_COMMAND", command);
        }
        return changes;
    }

    const TransferOptions& options_;
    RemoteUrl url_;
    std::string shown_;
    Transfer transfer_;
    ProgressReader progress_;
    Login login_;
    std::string folder_;
    std::vector<std::pair<std::string, std::string>> settings_;
};

void check_refspecs(const std::vector<std::string>& refspecs) {
    for (const auto& refspec : refspecs) {
        if (!refspec.starts_with('-') && refspec.find('\0') == std::string::npos) continue;
        throw Error("git.refspec", fmt::format("'{}' is not a refspec", refspec.substr(0, 200)))
            .hint("write 'main' or 'refs/heads/there:refs/heads/here'");
    }
}

/// Removes the halves of packs that a fetch which died has left behind. Those that another process still writes have it
/// open, which no lease is given for.
void remove_abandoned_packs(const std::filesystem::path& git_folder) {
    std::error_code failed;
    for (std::filesystem::directory_iterator at(git_folder / "objects" / "pack", failed), end; !failed && at != end;
         at.increment(failed)) {
        if (!at->path().filename().string().starts_with("tmp_")) continue;
        const Descriptor file(open(at->path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
        if (file && fcntl(file.get(), F_SETLEASE, F_WRLCK) == 0) unlink(at->path().c_str());
    }
}

std::vector<RemoteReference> parse_listing(const std::string& output) {
    std::vector<RemoteReference> references;
    std::map<std::string, std::string> symbolic;
    for (std::string_view rest = output; !rest.empty();) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        const auto tab = line.find('\t');
        if (tab == std::string_view::npos) continue;
        const std::string name(line.substr(tab + 1));
        constexpr std::string_view prefix = "ref: ";
        if (line.starts_with(prefix)) {
            symbolic[name] = line.substr(prefix.size(), tab - prefix.size());
        } else if (const auto id = Oid::from_hex(line.substr(0, tab))) {
            references.push_back({name, *id, symbolic[name]});
        }
    }
    return references;
}

std::vector<RemoteReference> list(Run& run, const std::string& remote) {
    return parse_listing(run.run({"ls-remote", "--symref", "--quiet", "--", remote}, "cannot list " + run.shown()));
}

/// git does not say how many bytes it received when that took no time.
std::uint64_t size_of_packs(const std::filesystem::path& git_folder) {
    std::uint64_t size = 0;
    std::error_code failed;
    for (std::filesystem::directory_iterator at(git_folder / "objects" / "pack", failed), end; !failed && at != end;
         at.increment(failed)) {
        std::error_code unknown;
        if (at->path().extension() == ".pack") size += at->file_size(unknown);
    }
    return size;
}

struct PushedRefspec {
    bool force;
    std::string source, destination;
};

PushedRefspec parse_full_refspec(std::string_view text) {
    const bool force = text.starts_with('+');
    if (force) text.remove_prefix(1);
    const auto colon = text.find(':');
    return {force, std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

/// A line of `git push --porcelain`: "FLAG \t FROM:TO \t SUMMARY".
void check_push_line(std::string_view line, const std::string& shown, const std::string& what) {
    if (!line.starts_with("!\t")) return;
    const auto tab = line.find('\t', 2);
    const std::string names(line.substr(2, tab - 2)),
        summary(line.substr(tab == std::string_view::npos ? tab : tab + 1));
    const auto name = names.substr(names.find(':') + 1);
    if (has(summary, "non-fast-forward") || has(summary, "fetch first")) throw not_fast_forward_error(what);
    if (has(summary, "stale info")) {
        throw Error("git.reference_changed", name + " is not what it was expected to be on the other side")
            .hint("someone else changed it; fetch and look at it again, then decide")
            .with("ref", name);
    }
    throw push_rejected_error(shown, name, between(summary, "(", ")"), 1);
}

}  // namespace

FetchResult fetch(const Repository& repository, const FetchQuery& query, const TransferOptions& options) {
    check_refspecs(query.refspecs);
    const auto lease = repository.lease();
    const auto url = url_of(find_remote(lease, query.remote).get(), false);
    Run run(options, url, &repository);
    Arguments arguments{"fetch", "--progress", "--no-recurse-submodules"};
    // In one transaction, what is pruned is in the way of what is new.
    if (!query.prune) arguments.emplace_back("--atomic");
    if (query.depth) arguments.push_back("--depth=" + std::to_string(*query.depth));
    if (query.deepen) arguments.push_back("--deepen=" + std::to_string(*query.deepen));
    if (query.unshallow) arguments.emplace_back("--unshallow");
    if (!query.filter.empty()) arguments.push_back("--filter=" + query.filter);
    if (query.prune) arguments.emplace_back("--prune");
    if (query.tags != "auto") arguments.emplace_back(query.tags == "all" ? "--tags" : "--no-tags");
    arguments.insert(arguments.end(), {"--", run.remote_argument(lease, query.remote)});
    arguments.insert(arguments.end(), query.refspecs.begin(), query.refspecs.end());
    const auto before = references_of(lease);
    try {
        run.run(arguments, "cannot fetch from " + without_credentials(query.remote));
    } catch (const Error&) {
        remove_abandoned_packs(repository.common_folder());
        throw;
    }
    return {changes_between(before, references_of(lease)), run.progress().received_objects,
            run.progress().received_bytes, std::nullopt};
}

std::vector<ReferenceChange> push(const Repository& repository, const PushQuery& query,
                                  const TransferOptions& options) {
    check_refspecs(query.refspecs);
    const auto lease = repository.lease();
    const auto url = url_of(find_remote(lease, query.remote).get(), true);
    Run run(options, url, &repository);
    const auto what = "cannot push to " + without_credentials(query.remote);
    std::map<std::string, Oid> there;
    for (const auto& reference : list(run, run.shown())) there.emplace(reference.name, reference.id);
    Arguments arguments{"push", "--porcelain", "--progress", "--no-verify", "--no-recurse-submodules"};
    for (const auto& option : query.push_options) arguments.push_back("--push-option=" + option);
    std::vector<ReferenceChange> changes;
    for (const auto& text : query.refspecs) {
        const auto refspec = parse_full_refspec(text);
        const auto place = there.find(refspec.destination);
        const auto before = place == there.end() ? std::nullopt : std::optional(place->second);
        const auto after = refspec.source.empty() ? std::nullopt : resolve(lease, refspec.source);
        changes.push_back({refspec.destination, before, after});
        const auto expected = query.expected.find(refspec.destination);
        if (expected == query.expected.end()) continue;
        check_expected(refspec.destination, before, expected->second);
        // A lease forces: whether it may be is ours to find out.
        if (!refspec.force && before && after && !is_known_ancestor(lease, *before, *after)) {
            throw not_fast_forward_error(what);
        }
        arguments.push_back(
            fmt::format("--force-with-lease={}:{}", refspec.destination, before ? before->hex() : std::string()));
    }
    arguments.insert(arguments.end(), {"--", run.remote_argument(lease, query.remote)});
    arguments.insert(arguments.end(), query.refspecs.begin(), query.refspecs.end());
    const auto output = run.run(arguments, what, true);
    for (std::string_view rest = output; !rest.empty();) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        check_push_line(line, without_credentials(query.remote), what);
    }
    return changes;
}

std::vector<RemoteReference> list_remote(const std::shared_ptr<Repository>& repository, const std::string& remote,
                                         const TransferOptions& options) {
    auto url = remote;
    if (repository) {
        url = url_of(find_remote(repository->lease(), remote).get(), false);
    }
    Run run(options, url, repository.get());
    return list(run, run.shown());
}

void clone(const std::string& url, const CloneQuery& query, const std::filesystem::path& folder,
           const TransferOptions& options) {
    Run run(options, url, nullptr);
    Arguments arguments{"clone", "--progress", "--no-recurse-submodules"};
    if (query.bare) arguments.emplace_back(query.mirror ? "--mirror" : "--bare");
    if (query.depth) arguments.push_back("--depth=" + std::to_string(*query.depth));
    if (!query.filter.empty()) arguments.push_back("--filter=" + query.filter);
    if (!query.checkout) arguments.emplace_back("--no-checkout");
    if (!query.branch.empty()) arguments.push_back("--branch=" + query.branch);
    // A local clone copies files, and would ignore both.
    const bool selective = query.depth || !query.filter.empty();
    const auto source = selective && parse_remote_url(url).scheme.empty() ? "file://" + run.shown() : run.shown();
    arguments.insert(arguments.end(), {"--", source, folder.string()});
    run.run(arguments, "cannot clone " + run.shown());
    if (run.progress().received_bytes == 0)
        run.progress().received_bytes = size_of_packs(folder / (query.bare ? "" : ".git"));
    if (run.shown() == url) return;
    // As git and libgit2 leave it: with the login that it was given.
    const auto repository = open_repository(folder);
    check(attempt(git_remote_set_url, repository.get(), "origin", url.c_str()), "cannot set the URL of the clone");
}

}  // namespace uhost::git::program
