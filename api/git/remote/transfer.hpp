#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "host/core/error.hpp"

struct git_remote_callbacks;

namespace uhost::git {

class Credentials;
class Transfer;

template <class Action, class Result>
Result guarded(Transfer* transfer, Action action, Result failed) noexcept;

/// How far a transfer has come; written by its thread, read by any.
struct Progress {
    std::atomic<unsigned> total_objects = 0, received_objects = 0, indexed_objects = 0, total_deltas = 0;
    std::atomic<std::uint64_t> received_bytes = 0, sent_bytes = 0;
    std::atomic<unsigned> objects_to_send = 0, sent_objects = 0;

    /// The last line that the other side sent for people.
    std::string message() const;
    void set_message(std::string_view text);

private:
    mutable std::mutex mutex_;
    std::string message_;
};

/// What speaks to remotes: libgit2 in this process, or the installed `git` program.
enum class Transport { libgit2, git };

/// How remotes are reached and who we are there: settings, read when a call begins.
struct RemoteAccess {
    Transport transport = Transport::libgit2;
    bool offline = false;
    double connect_timeout_s = 30;
    double stall_timeout_s = 120;  ///< without a byte in either direction
    std::string github_origin;     ///< "https://github.com:443": where the GitHub token belongs
    /// The GitHub token; "" for none. May throw. Called on the transfer's thread, only for that origin.
    std::function<std::string()> github_token;
    /// Receives secrets that must not show up in any output.
    std::function<void(std::string)> hide;
    std::string ssh_key;  ///< a private key's file; "" for what ssh itself finds
    bool credential_helpers = true;
    std::string ca_file;  ///< certificates to trust in place of the system's
    /// Called with each "host:port" before anything is sent there; throws to refuse it. Null: any will do.
    std::function<void(const std::string&)> check_peer;
};

/// One conversation with a remote, on one thread: how to stop it, how far it has come, and why it failed. While it
/// lives, libgit2's connections on this thread belong to it.
class Transfer {
public:
    Transfer(const RemoteAccess& access, std::string url, std::stop_token stop, std::shared_ptr<Progress> progress);
    ~Transfer();
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    /// The transfer of this thread; null when none is under way.
    static Transfer* current() noexcept;

    bool stopped() const noexcept { return stop_.stop_requested(); }
    const RemoteAccess& access() const noexcept { return access_; }
    const std::string& url() const noexcept { return url_; }
    Progress& progress() noexcept { return *progress_; }

    /// Remembers the first failure: callbacks cannot throw through libgit2.
    void fail(Error error);
    const std::optional<Error>& failure() const noexcept { return failure_; }

    /// The host and port ("example.org:443") that the last request went to, which a redirection may have changed.
    std::string peer;
    /// The one that was given credentials; they go to no other. Empty before.
    std::string trusted_peer;
    /// The shell command that starts ssh.
    std::string ssh_command = "ssh";
    /// What logs in; set by the conversation that owns both.
    Credentials* credentials = nullptr;

    /// Runs `action` for a callback of libgit2; what it throws is remembered. Returns its result, or an error code.
    template <class Action>
    int guard(Action action) noexcept {
        return guarded(this, action, stop_code);
    }

    static const int stop_code;  ///< GIT_EUSER

private:
    const RemoteAccess& access_;
    std::string url_;
    std::stop_token stop_;
    std::shared_ptr<Progress> progress_;
    std::optional<Error> failure_;
    Transfer* outer_;
};

/// Runs `action` for a callback of libgit2, through which nothing may be thrown: what it throws is remembered by
/// `transfer`, which may be null, and `failed` returned.
template <class Action, class Result>
Result guarded(Transfer* transfer, Action action, Result failed) noexcept {
    try {
        try {
            return action();
        } catch (const Error& error) {
            if (transfer != nullptr) transfer->fail(error);
        } catch (const std::exception& error) {
            if (transfer != nullptr) transfer->fail(Error("internal", error.what()));
        }
    } catch (const std::exception&) {
        // No memory for the error either.
    }
    return failed;
}

/// A server sent us on to another one, which must not see our credentials.
Error redirected_error(const std::string& url, const std::string& peer);

/// Callbacks for progress and cancellation; the payload is `transfer`.
void set_progress_callbacks(git_remote_callbacks& callbacks, Transfer& transfer);

}  // namespace uhost::git
