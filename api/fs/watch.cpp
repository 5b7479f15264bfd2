#include "api/fs/watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>

#include "api/fs/file.hpp"
#include "api/fs/folder.hpp"

namespace uhost::fs {
namespace {

using Path = std::filesystem::path;
using Clock = std::chrono::steady_clock;

// More changes at once are a checkout or a build, after which everything has to be looked at anyway.
constexpr std::size_t max_changes = 10'000;
// Something that never stops changing is reported all the same, after that many times the wait for quiet.
constexpr double max_settling = 10;

bool is_folder(const Path& path, bool follow) {
    std::error_code unreadable;
    const auto status =
        follow ? std::filesystem::status(path, unreadable) : std::filesystem::symlink_status(path, unreadable);
    return std::filesystem::is_directory(status);
}

// The names in a folder that may be gone by now.
std::vector<std::string> names_in(const Path& folder) {
    try {
        return list(folder);
    } catch (const Error&) {
        if (is_folder(folder, true)) throw;
        return {};
    }
}

bool is_at_or_below(const Path& path, const Path& top) {
    const auto [mismatch, _] = std::mismatch(top.begin(), top.end(), path.begin(), path.end());
    return mismatch == top.end();
}

Error watch_failure(const Path& path, int code) {
    if (code == ENOSPC) {
        return Error("fs.watch_limit",
                     fmt::format("cannot watch {}: the system watches no more folders", path.string()))
            .hint("watch fewer folders, or raise the sysctl fs.inotify.max_user_watches")
            .with("path", path.string());
    }
    auto error = failure("fs.watch", "watch", path, code);
    if (code != EMFILE) return error;
    return std::move(error).hint("too many programs watch files; raise the sysctl fs.inotify.max_user_instances");
}

}  // namespace

Watch::Watch(Loop& loop, Options options)
    : loop_(loop), options_(std::move(options)), settling_(loop.make<uv_timer_t>(uv_timer_init)) {
    settling_->data = this;
}

void Watch::add(const Path& given) {
    const auto path =
        given.has_filename() || !given.has_parent_path() || given == given.root_path() ? given : given.parent_path();
    const auto name = path.filename().string();
    const bool has_parent = !name.empty() && name != "." && name != "..";
    Folder* parent = has_parent ? folder(path.parent_path()) : nullptr;
    // Also a folder is watched by way of its parent, since it may be replaced as a whole.
    if (parent != nullptr) parent->names.insert(name);
    if (is_folder(path, true)) {
        enter(path, false);
    } else if (parent == nullptr) {
        throw watch_failure(path, ENOENT);
    }
    roots_.insert(path.string());
}

// The folder, watched from now on; null when it does not exist.
Watch::Folder* Watch::folder(const Path& path) {
    if (const auto known = folders_.find(path); known != folders_.end()) return known->second.get();
    if (folders_.size() >= options_.limit) {
        throw Error("fs.watch_limit",
                    fmt::format("cannot watch {}: {} folders are watched already", path.string(), folders_.size()))
            .hint("leave folders out with skip, or give a higher limit")
            .with("path", path.string())
            .with("limit", static_cast<std::int64_t>(options_.limit));
    }
    auto added = std::make_unique<Folder>(Folder{this, path, loop_.make<uv_fs_event_t>(uv_fs_event_init), false, {}});
    added->handle->data = added.get();
    const auto shown = path.empty() ? Path(".") : path;
    if (const int code = uv_fs_event_start(added->handle.get(), on_event, shown.c_str(), 0); code < 0) {
        if (is_absence(-code)) return nullptr;
        throw watch_failure(shown, -code);
    }
    return folders_.emplace(path, std::move(added)).first->second.get();
}

// Watches a folder and those below it, each before it is listed, so that nothing is missed in between.
void Watch::enter(const Path& top, bool report_contents) {
    std::vector<Path> left{top};
    while (!left.empty()) {
        const auto path = std::move(left.back());
        left.pop_back();
        Folder* entered = folder(path);
        if (!entered) continue;
        entered->whole = true;
        for (const auto& name : names_in(path)) {
            if (options_.skip.contains(name)) continue;
            if (report_contents) report(path / name);
            if (is_folder(path / name, false)) left.push_back(path / name);
        }
    }
}

void Watch::leave(const Path& top) {
    // Paths are ordered by their parts: what lies in a folder follows it.
    auto each = folders_.lower_bound(top);
    while (each != folders_.end() && is_at_or_below(each->first, top)) each = folders_.erase(each);
}

void Watch::on_event(uv_fs_event_t* handle, const char* name, int events, int status) {
    auto& folder = *static_cast<Folder*>(handle->data);
    auto& watch = *folder.watch;
    watch.loop_.guarded([&] {
        try {
            if (status < 0) throw watch_failure(folder.path, -status);
            if (name != nullptr) watch.changed(folder, name, (events & UV_RENAME) != 0);
        } catch (const std::exception&) {  // for take(), which whoever watches calls
            if (!watch.failure_) watch.failure_ = std::current_exception();
            watch.announce();
        }
    });
}

// What happens to a watched folder itself comes with its own name, as if it held an entry of that name.
bool Watch::is_folder_itself(const Folder& folder, const std::string& name, bool appeared_or_gone) const {
    std::error_code unreadable;
    if (folder.path.filename() != name || std::filesystem::exists(folder.path / name, unreadable)) return false;
    return !appeared_or_gone || !std::filesystem::exists(folder.path, unreadable);
}

void Watch::changed(Folder& folder, const std::string& name, bool appeared_or_gone) {
    if (is_folder_itself(folder, name, appeared_or_gone)) {
        if (folder.whole) report(folder.path);
        return;
    }
    const bool named = folder.names.contains(name);
    if (!named && (!folder.whole || options_.skip.contains(name))) return;
    const auto path = folder.path / name;
    report(path);
    if (!appeared_or_gone) return;
    // A folder of this name may have taken another's place: `folder` itself stays, it is above.
    leave(path);
    const bool added = roots_.contains(path.string());
    if ((folder.whole || added) && is_folder(path, added)) enter(path, true);
}

void Watch::report(const Path& path) {
    const auto now = Clock::now();
    if (changed_.empty() && !overflowed_) first_change_ = now;
    if (overflowed_ || changed_.size() >= max_changes) {
        overflowed_ = true;
        changed_.clear();
    } else {
        changed_.insert(path.string());
    }
    const auto latest = first_change_ + std::chrono::duration<double>(max_settling * options_.settle_s);
    const double left_s = std::chrono::duration<double>(latest - now).count();
    const auto wait_ms = std::ceil(std::clamp(left_s, 0.0, options_.settle_s) * 1000);
    uv_timer_start(
        settling_.get(),
        [](uv_timer_t* timer) {
            auto& self = *static_cast<Watch*>(timer->data);
            self.settled_ = true;
            self.loop_.guarded([&self] { self.announce(); });
        },
        static_cast<std::uint64_t>(wait_ms), 0);
}

void Watch::announce() {
    if (when_ready_) std::exchange(when_ready_, nullptr)();
}

std::vector<std::string> Watch::take() {
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    if (!settled_) return {};
    settled_ = false;
    const auto paths = std::exchange(changed_, {});
    const auto& reported = std::exchange(overflowed_, false) ? roots_ : paths;
    return {reported.begin(), reported.end()};
}

void Watch::close() {
    closed_ = true;
    settled_ = false;
    failure_ = nullptr;
    changed_.clear();
    folders_.clear();
    settling_.reset();
    announce();
}

}  // namespace uhost::fs
