// `log_text`: logs, as scripts hold them. What is read out of their text is Lua.
#include <algorithm>

#include "api/log_text/log.hpp"
#include "host/bind/object.hpp"
#include "host/runtime/file_access.hpp"

namespace uhost::log_text {
namespace {

using bind::Call;
using bind::Function;
using bind::Waits;

extern const bind::Type<Log> log_type;

std::uint64_t number_at(const Call& call, int index, const char* name) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(call.integer(index, name), 0));
}

// Runs `read` at once if it is known where the log's lines are, otherwise when the pool has found out.
template <class Read>
int with_index(Call& call, Read read) {
    const auto log = log_type.share(call);
    if (log->has_index()) return read(call, *log);
    return call.work([log, read](std::stop_token stop) -> bind::Finish {
        log->make_index(stop);
        return [log, read](Call& results) { return read(results, *log); };
    });
}

int index(Call& call) {
    return with_index(call, [](Call& results, Log& log) { return results.give(*log.lines()); });
}

int lines(Call& call) {
    const auto first = number_at(call, 2, "first"), last = number_at(call, 3, "last");
    return with_index(call, [=](Call& results, Log& log) { return results.give(log.texts(first, last)); });
}

int line(Call& call) {
    const auto number = number_at(call, 2, "number");
    return with_index(call, [=](Call& results, Log& log) {
        const auto found = log.line(number);
        return found ? results.give(found->text) : results.give(nullptr);
    });
}

int raw(Call& call) {
    const auto number = number_at(call, 2, "number");
    return with_index(call, [=](Call& results, Log& log) { return results.give(log.raw(number)); });
}

int time(Call& call) {
    const auto number = number_at(call, 2, "number");
    return with_index(call, [=](Call& results, Log& log) {
        const auto found = log.line(number);
        return results.give(found ? found->time : std::nullopt);
    });
}

int prefix(Call& call) {
    const auto number = number_at(call, 2, "number");
    return with_index(call, [=](Call& results, Log& log) {
        const auto found = log.line(number);
        if (!found || found->job.empty()) return results.give(nullptr);
        results.push(found->job).push(found->step);
        return 2;
    });
}

int count(Call& call) { return call.give(log_type.from(call).lines()); }
int bytes(Call& call) { return call.give(log_type.from(call).file().bytes()); }
int name(Call& call) { return call.give(log_type.from(call).file().name()); }

constexpr Function log_methods[]{{"index", index, Waits::yes}, {"lines", lines, Waits::yes},
                                 {"line", line, Waits::yes},   {"raw", raw, Waits::yes},
                                 {"time", time, Waits::yes},   {"prefix", prefix, Waits::yes}};
constexpr Function log_fields[]{{"count", count}, {"bytes", bytes}, {"name", name}};

std::string describe(const void* log) { return static_cast<const Log*>(log)->file().name(); }

int write(Call& call);
int finish(Call& call);
constexpr Function spool_methods[]{{"write", write}, {"finish", finish, Waits::yes}};
const bind::Type<Spool> spool_type{{"log_text.Spool", spool_methods, nullptr}};

int write(Call& call) {
    spool_type.from(call).write(call.text(2, "chunk"));
    return call.none();
}

int finish(Call& call) {
    return call.work([spool = spool_type.share(call)](std::stop_token stop) -> bind::Finish {
        const auto log = std::make_shared<Log>(spool->finish(stop));
        return [log](Call& results) { return log_type.give(results, log); };
    });
}

const bind::Type<Log> log_type{{"log_text.Log", log_methods, describe, log_fields}};

int open_log(Call& call) {
    const auto path = call.text(1, "path");
    auto place = path == "-" ? FilePlace(std::string(path)) : files::require_reading(call.host(), path);
    return call.work([place = std::move(place)](std::stop_token stop) -> bind::Finish {
        const auto log = std::make_shared<Log>(SourceFile::open(place, stop));
        return [log](Call& results) { return log_type.give(results, log); };
    });
}

// open_spool(name): what is written to it becomes a log.
int open_spool(Call& call) { return spool_type.give(call, std::make_shared<Spool>(std::string(call.text(1, "name")))); }

constexpr Function functions[]{{"open_log", open_log, Waits::yes}, {"open_spool", open_spool}};

}  // namespace
}  // namespace uhost::log_text

extern "C" int luaopen_uhost_log_text(lua_State* L) {
    return uhost::bind::module(L, "log_text", uhost::log_text::functions);
}
