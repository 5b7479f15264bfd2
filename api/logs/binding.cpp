// `logs`: a folder of logs, packed and searchable. What they are logs of is kept by scripts.
#include <atomic>

#include "api/logs/binding_sending.hpp"
#include "api/logs/search.hpp"
#include "api/logs/store.hpp"
#include "api/logs/writer.hpp"
#include "host/bind/mutation.hpp"
#include "host/bind/object.hpp"
#include "host/runtime/file_access.hpp"
#include "host/runtime/host.hpp"

namespace uhost::logs {
namespace {

using bind::Call;
using bind::Effect;
using bind::Fields;
using bind::Function;
using bind::MutationResult;
using bind::Waits;

extern const bind::Type<Store> store_type;
// The class that `log_text` gives to scripts.
const bind::Type<log_text::Log> log_type{{"log_text.Log", {}, nullptr}};

/// A writer as scripts hold it. One job at a time works on it.
struct ScriptWriter {
    Writer writer;
    std::shared_ptr<Store> store;
    std::atomic<bool> is_busy = false;

    ScriptWriter(std::shared_ptr<Store> of, const Vault& vault, bool discards)
        : writer(of->folder(), vault, discards), store(std::move(of)) {}
};

/// Makes the writer free again, however the job ends.
class Busy {
public:
    explicit Busy(std::shared_ptr<ScriptWriter> writer) : writer_(std::move(writer)) {
        if (!writer_->is_busy.exchange(true)) return;
        throw Error("logs.busy", "this writer is still adding a log")
            .hint("another task is waiting for it; give each task a writer of its own");
    }
    Busy(const Busy&) = delete;
    Busy& operator=(const Busy&) = delete;
    ~Busy() { writer_->is_busy = false; }

private:
    std::shared_ptr<ScriptWriter> writer_;
};

// A change of the folder: planned under a dry run, though it lies in the state folder, since what scripts remember of
// the logs is not kept then either.
Mutation change_of(Call& call, const char* kind, const Store& store, std::string summary) {
    auto change = files::mutation(call.host(), kind, store.folder(), std::move(summary));
    change.scope = MutationScope::local;
    return change;
}

std::uint64_t count_at(const Call& call, int index, const char* name) {
    constexpr std::int64_t most = std::int64_t{1} << 53;
    return static_cast<std::uint64_t>(call.integer(index, name, 0, most));
}

std::optional<double> seconds(const Lines::Time& time) {
    return time ? std::optional(static_cast<double>(*time) / 1000) : std::nullopt;
}

// Writing -------------------------------------------------------------------------------------------------------------

int push_added(Call& call, const Added& added) {
    call.new_table(0, 10).field("segment", added.segment).field("first_line", added.first_line);
    call.field("lines", added.lines).field("bytes", added.bytes).field("text_bytes", added.text_bytes);
    call.field("first_time", seconds(added.first_time)).field("last_time", seconds(added.last_time));
    call.field("digest", added.digest).field("is_cut", added.is_cut);
    call.new_table(added.marks.size());
    int position = 0;
    for (const auto& mark : added.marks) {
        call.new_table(0, 3).field("line", mark.line).field("job", mark.job).field("step", mark.step).seti(++position);
    }
    call.set("marks");
    return 1;
}

extern const bind::Type<ScriptWriter> writer_type;

int add(Call& call) {
    const auto writer = writer_type.share(call);
    const auto busy = std::make_shared<Busy>(writer);
    return call.work(
        [writer, busy, log = log_type.share(call, 2)](const std::stop_token& stop) -> bind::Finish {
            return [added = writer->writer.add(*log, stop)](Call& results) { return push_added(results, added); };
        },
        OnCancel::wait_for_end);
}

int copy(Call& call) {
    const auto writer = writer_type.share(call);
    const auto busy = std::make_shared<Busy>(writer);
    const auto segment = count_at(call, 2, "segment"), first = count_at(call, 3, "first_line");
    return call.work(
        [=, lines = count_at(call, 4, "lines")](const std::stop_token& stop) -> bind::Finish {
            const auto opened = Segment::open(writer->store->folder(), segment);
            if (!opened) throw Error("logs.missing", "the segment to copy from is not there");
            return [added = writer->writer.copy(*opened, first, lines, stop)](Call& results) {
                return push_added(results, added);
            };
        },
        OnCancel::wait_for_end);
}

int commit(Call& call) {
    const auto writer = writer_type.share(call);
    const auto busy = std::make_shared<Busy>(writer);
    return call.work(
        [writer, busy](const std::stop_token&) -> bind::Finish {
            writer->writer.commit();
            return [](Call& results) { return results.none(); };
        },
        OnCancel::wait_for_end);
}

constexpr Function writer_methods[]{
    {"add", add, Waits::yes}, {"copy", copy, Waits::yes}, {"commit", commit, Waits::yes}};
const bind::Type<ScriptWriter> writer_type{{"logs.Writer", writer_methods, nullptr}};

int open_writer(Call& call) {
    const auto store = store_type.share(call);
    auto& vault = call.host().vault();
    const auto make = [store, &vault](bool discards) { return std::make_shared<ScriptWriter>(store, vault, discards); };
    return call.mutate(
        change_of(call, "logs.write", *store, "add logs"),
        [&] {
            return MutationResult{"", [made = make(false)](Call& results) { return writer_type.give(results, made); }};
        },
        [&](Call& results) { return writer_type.give(results, make(true)); });
}

int remove(Call& call) {
    const auto& store = store_type.from(call);
    const auto id = count_at(call, 2, "segment");
    return call.mutate(change_of(call, "logs.remove", store, "remove a segment of logs"), [&] {
        remove_segment(store.folder(), id);
        return MutationResult{};
    });
}

const bind::Type<SegmentLock> lock_type{{"logs.Lock", {}, nullptr}};

int lock(Call& call) {
    auto taken = SegmentLock::take(store_type.from(call).folder(), count_at(call, 2, "segment"));
    if (!taken) return call.give(nullptr);
    return lock_type.give(call, std::make_shared<SegmentLock>(std::move(*taken)));
}

int remove_dictionaries(Call& call) {
    const auto& store = store_type.from(call);
    return call.mutate(change_of(call, "logs.remove", store, "remove what no log needs any more"), [&] {
        remove_unused_dictionaries(store.folder());
        return MutationResult{};
    });
}

// Reading -------------------------------------------------------------------------------------------------------------

int lines(Call& call) {
    const auto store = store_type.share(call);
    const auto segment = count_at(call, 2, "segment"), first = count_at(call, 3, "first_line");
    return call.work([=, count = count_at(call, 4, "count")](const std::stop_token&) -> bind::Finish {
        return [found = store->lines(segment, first, count)](Call& results) {
            results.new_table(found.size());
            int position = 0;
            for (const auto& line : found) results.push(line.text).seti(++position);
            results.new_table(0, found.size());
            position = 0;
            for (const auto& line : found) {
                ++position;
                if (line.time) results.push(*seconds(line.time)).seti(position);
            }
            return 2;
        };
    });
}

// A list of numbers, three for each extent: its segment, its first line, its number of lines.
std::vector<Extent> read_extents(Call& call, int index) {
    lua_State* L = call.state();
    call.table(index, "extents");
    const auto size = lua_objlen(L, index);
    if (size % 3 != 0) call.bad_argument(index, "extents", "three numbers for each extent");
    std::vector<Extent> extents;
    extents.reserve(size / 3);
    const auto number = [&](std::size_t at) {
        lua_rawgeti(L, index, static_cast<int>(at));
        const auto value = lua_tonumber(L, -1);
        lua_pop(L, 1);
        if (!(value >= 0 && value < 9007199254740992.0)) call.bad_argument(index, "extents", "a list of whole numbers");
        return static_cast<std::uint64_t>(value);
    };
    for (std::size_t i = 1; i <= size; i += 3) extents.push_back({number(i), number(i + 1), number(i + 2)});
    return extents;
}

void push_damages(Call& call, const std::vector<Damage>& damages) {
    call.new_table(damages.size());
    int position = 0;
    for (const auto& damage : damages) {
        call.new_table(0, 4).field("block", damage.block + 1).field("first_line", damage.first_line);
        call.field("lines", damage.lines).field("what", damage.what).seti(++position);
    }
}

int push_found(Call& call, const SearchResult& found) {
    call.new_table(0, 7);
    call.new_table(found.hits.size());
    int position = 0;
    for (const auto& hit : found.hits) {
        call.new_table(0, 3).field("extent", hit.extent + 1).field("line", hit.line).field("text", hit.text);
        call.seti(++position);
    }
    call.set("hits").new_table();
    for (std::size_t i = 0; i < found.counts.size(); ++i) {
        if (found.counts[i] > 0) call.push(found.counts[i]).seti(static_cast<int>(i + 1));
    }
    call.set("counts").field("blocks", found.blocks).field("read_blocks", found.read_blocks);
    call.field("is_complete", found.is_complete).field("missing_segments", found.missing_segments);
    push_damages(call, found.damages);
    call.set("damages");
    return 1;
}

int search_store(Call& call) {
    const auto store = store_type.share(call);
    const auto options = call.fields(4, "options", {"flags", "limit", "counts"});
    SearchOptions limits;
    const auto limit = options.integer_or("limit", static_cast<std::int64_t>(limits.max_hits));
    if (limit < 0 || limit > 1'000'000) options.bad_field("limit", "a number up to 1,000,000");
    limits.max_hits = static_cast<std::size_t>(limit);
    limits.counts_all = options.flag("counts", false);
    const auto pattern = std::make_shared<LinePattern>(std::string(call.text(2, "pattern")),
                                                       re::Flags::parse(options.text_or("flags", "")));
    return call.work([=, extents = read_extents(call, 3)](const std::stop_token& stop) -> bind::Finish {
        return [found = search(store->folder(), *pattern, extents, limits, stop)](Call& results) {
            return push_found(results, found);
        };
    });
}

int segments(Call& call) {
    const auto store = store_type.share(call);
    return call.work([store](const std::stop_token&) -> bind::Finish {
        struct Facts {
            std::uint64_t id, bytes, lines, blocks, text_bytes;
        };
        std::vector<Facts> all;
        for (const auto id : segment_ids(store->folder())) {
            const auto segment = Segment::open(store->folder(), id);
            if (!segment) continue;
            all.push_back({id, segment->bytes(), segment->lines(), segment->blocks().size(), 0});
            for (const auto& block : segment->blocks()) all.back().text_bytes += block.head.whole_bytes;
        }
        return [all](Call& results) {
            results.new_table(all.size());
            int position = 0;
            for (const auto& each : all) {
                results.new_table(0, 5).field("id", each.id).field("bytes", each.bytes).field("lines", each.lines);
                results.field("blocks", each.blocks).field("text_bytes", each.text_bytes).seti(++position);
            }
            return 1;
        };
    });
}

int verify_segment(Call& call) {
    const auto store = store_type.share(call);
    return call.work([store, id = count_at(call, 2, "segment")](const std::stop_token& stop) -> bind::Finish {
        const auto segment = Segment::open(store->folder(), id);
        Dictionaries dictionaries(store->folder());
        const auto damages = segment ? std::optional(verify(*segment, dictionaries, stop)) : std::nullopt;
        return [damages](Call& results) {
            if (!damages) return results.give(nullptr);
            push_damages(results, *damages);
            return 1;
        };
    });
}

int folder_of(Call& call) { return call.give(store_type.from(call).folder().string()); }

constexpr Function store_methods[]{{"writer", open_writer, Waits::no, Effect::changes},
                                   {"remove", remove, Waits::no, Effect::changes},
                                   {"remove_dictionaries", remove_dictionaries, Waits::no, Effect::changes},
                                   {"lock", lock},
                                   {"lines", lines, Waits::yes},
                                   {"search", search_store, Waits::yes},
                                   {"segments", segments, Waits::yes},
                                   {"verify", verify_segment, Waits::yes}};
constexpr Function store_fields[]{{"folder", folder_of}};

std::string describe(const void* store) { return static_cast<const Store*>(store)->folder().string(); }
const bind::Type<Store> store_type{{"logs.Store", store_methods, describe, store_fields}};

int open_store(Call& call) {
    const auto folder =
        call.absent(1) ? call.host().state_folder() / "logs" : std::filesystem::path(call.text(1, "folder"));
    files::require_reading(call.host(), folder);
    return store_type.give(call, std::make_shared<Store>(folder));
}

constexpr Function functions[]{{"open", open_store},           {"gzip", gzip},
                               {"credential", credential},     {"sign_aws", sign_aws},
                               {"text_setting", text_setting}, {"host_of", host_of},
                               {"send_stream", send_to_stream, Waits::yes}};

}  // namespace
}  // namespace uhost::logs

extern "C" int luaopen_uhost_logs(lua_State* L) { return uhost::bind::module(L, "logs", uhost::logs::functions); }
