#pragma once

#include <chrono>
#include <exception>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "host/task/loop.hpp"

namespace uhost::fs {

/// Says which files changed below some paths. The kernel watches folders, not names, so a file is watched by way of its
/// folder: it may vanish, come back, or be replaced by a rename, as editors save. Changes are held until nothing more
/// has happened for a moment. Belongs to the loop's thread.
class Watch {
public:
    struct Options {
        double settle_s = 0.03;      ///< how long nothing more must happen; ten times that at most
        std::size_t limit = 8192;    ///< limit of folders to watch
        std::set<std::string> skip;  ///< names that are left out, with all below them
    };

    Watch(Loop& loop, Options options);
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    /// Watches a file, or a folder with all below it (symbolic links are not followed). It need not be there yet, but
    /// its folder must. Throws `fs.watch`, and `fs.watch_limit` when there are too many folders.
    void add(const std::filesystem::path& path);

    /// Whether take() has something to give.
    bool ready() const { return settled_ || failure_ || closed_; }
    /// The paths that changed since the last call, sorted, each spelled from the added path on; nothing while changes
    /// go on, and when closed. After more changes than are remembered, the added paths themselves. Throws what went
    /// wrong while following changes.
    std::vector<std::string> take();
    /// Calls `action` once, when ready() becomes true; empty to call nobody.
    void when_ready(std::function<void()> action) { when_ready_ = std::move(action); }
    bool awaited() const { return static_cast<bool>(when_ready_); }

    /// Stops watching; nothing is reported after that.
    void close();
    bool closed() const { return closed_; }
    std::size_t folders() const { return folders_.size(); }

private:
    struct Folder {
        Watch* watch;
        std::filesystem::path path;
        UvHandle<uv_fs_event_t> handle;
        bool whole = false;  ///< everything in it counts, not only `names`
        std::set<std::string> names;
    };

    Folder* folder(const std::filesystem::path& path);
    void enter(const std::filesystem::path& top, bool report);
    void leave(const std::filesystem::path& top);
    bool is_folder_itself(const Folder& folder, const std::string& name, bool appeared_or_gone) const;
    void changed(Folder& folder, const std::string& name, bool appeared_or_gone);
    void report(const std::filesystem::path& path);
    void announce();
    static void on_event(uv_fs_event_t* handle, const char* name, int events, int status);

    Loop& loop_;
    Options options_;
    std::set<std::string> roots_;
    std::map<std::filesystem::path, std::unique_ptr<Folder>> folders_;
    UvHandle<uv_timer_t> settling_;
    std::set<std::string> changed_;
    std::chrono::steady_clock::time_point first_change_;
    bool overflowed_ = false, settled_ = false, closed_ = false;
    std::exception_ptr failure_;
    std::function<void()> when_ready_;
};

}  // namespace uhost::fs
