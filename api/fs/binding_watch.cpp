#include "api/fs/binding.hpp"

#include <cmath>

#include "api/fs/watch.hpp"
#include "host/bind/object.hpp"
#include "host/runtime/host.hpp"
#include "host/task/loop.hpp"

namespace uhost::fs {
namespace {

using bind::Call;
using bind::Function;
using bind::Waits;

// What a script holds: closing or forgetting it ends the watch, also for a task that waits in it.
class WatchHandle {
public:
    WatchHandle(Loop& loop, Watch::Options options) : watch_(std::make_shared<Watch>(loop, std::move(options))) {}
    ~WatchHandle() { watch_->close(); }
    WatchHandle(const WatchHandle&) = delete;
    WatchHandle& operator=(const WatchHandle&) = delete;
    const std::shared_ptr<Watch>& watch() const { return watch_; }

private:
    std::shared_ptr<Watch> watch_;
};

int next_changes(Call& call);
int add(Call& call);
constexpr Function watch_methods[]{{"__call", next_changes, Waits::yes}, {"add", add}};
std::string describe(const void* handle) {
    return fmt::format("{} folders", static_cast<const WatchHandle*>(handle)->watch()->folders());
}
const bind::Type<WatchHandle> watch_type{{"fs.Watch", watch_methods, describe}};

// A list of paths; nothing once closed.
int give_changes(Call& call, Watch& watch) {
    if (watch.closed()) return call.give(nullptr);
    return call.give(watch.take());
}

int next_changes(Call& call) {
    const auto watch = watch_type.from(call).watch();
    if (watch->ready()) return give_changes(call, *watch);
    if (watch->awaited()) {
        throw Error("fs.watch", "another task waits for this watch already").hint("give each task a watch of its own");
    }
    return call.wait([&](bind::Waker waker) {
        watch->when_ready(
            [watch, waker] { waker.wake([watch](Call& results) { return give_changes(results, *watch); }); });
        return [watch] { watch->when_ready(nullptr); };
    });
}

int add(Call& call) {
    watch_type.from(call).watch()->add(readable_at(call, 2, "path"));
    return call.none();
}

Watch::Options options_at(Call& call, int index) {
    const auto fields = call.fields(index, "options", {"settle_s", "limit", "skip"});
    Watch::Options options;
    options.settle_s = fields.number("settle_s").value_or(options.settle_s);
    if (!(options.settle_s >= 0 && options.settle_s <= 3600)) fields.bad_field("settle_s", "seconds, at most an hour");
    const auto limit = fields.integer_or("limit", static_cast<std::int64_t>(options.limit));
    if (limit < 1) fields.bad_field("limit", "a number of folders");
    options.limit = static_cast<std::size_t>(limit);
    const auto skip = fields.texts("skip");
    options.skip.insert(skip.begin(), skip.end());
    return options;
}

}  // namespace

int watch(Call& call) {
    const auto options = options_at(call, 2);
    const auto handle = std::make_shared<WatchHandle>(call.host().loop(), options);
    if (call.type(1) != LUA_TTABLE) {
        handle->watch()->add(readable_at(call, 1, "paths"));
        return watch_type.give(call, handle);
    }
    const int count = static_cast<int>(lua_objlen(call.state(), 1));
    for (int i = 1; i <= count; ++i) {
        lua_rawgeti(call.state(), 1, i);
        handle->watch()->add(readable_at(call, lua_gettop(call.state()), "paths"));
        lua_pop(call.state(), 1);
    }
    return watch_type.give(call, handle);
}

}  // namespace uhost::fs
