// `http`: requests, whole or as a stream. Queries, JSON bodies and the in-process responder are Lua, in init.lua.
#include "api/http/binding_request.hpp"
#include "api/http/client.hpp"
#include "api/http/line_splitter.hpp"
#include "host/bind/mutation.hpp"
#include "host/bind/object.hpp"
#include "host/core/encoding.hpp"
#include "host/plan/plan.hpp"
#include "host/runtime/host.hpp"
#include "host/settings/settings.hpp"

namespace {

using namespace uhost;
using namespace uhost::http;
using bind::Call;
using bind::Effect;
using bind::Function;
using bind::MutationResult;
using bind::Waits;

// What a dry run answers in place of a change that it did not make.
int give_planned(Call& call) {
    Response made;
    made.status = 204;
    push_response(call, made);
    call.field("planned", true);
    return 1;
}

std::unique_ptr<Sink> sink_for(const RequestOptions& options) {
    if (!options.to_file.empty()) return std::make_unique<FileSink>(options.to_file);
    return std::make_unique<MemorySink>();
}

MutationResult result_of(Outcome outcome) {
    if (const auto* failure = std::get_if<Error>(&outcome)) throw *failure;
    auto response = std::get<Response>(std::move(outcome));
    const int status = response.status;
    return {fmt::format("HTTP {}", status),
            [response = std::move(response)](Call& results) {
                push_response(results, response);
                return 1;
            },
            status >= 400};
}

// Starts the request; `wake` gets its outcome. Returns what cancels it.
std::function<void()> send(Call& call, RequestOptions& options, std::function<void(Outcome)> wake) {
    auto& client = client_of(call.host());
    auto sink = sink_for(options);
    const auto id = client.start(std::move(options.request), std::move(sink), std::move(wake));
    return [&client, id] { client.cancel(id); };
}

// A replayed change is not made, so no audit trail may say that it was. A download does write its file.
bool is_only_replayed(Call& call, const RequestOptions& options) {
    return options.request.changes && client_of(call.host()).is_replay() && !call.host().plan().dry_run();
}

int request(Call& call) {
    auto options = read_request(call, 1);
    require_network(call, options.request);
    if (!options.mutation || is_only_replayed(call, options)) {
        return call.wait([&](bind::Waker waker) {
            return send(call, options, [waker](Outcome outcome) {
                waker.wake(
                    [outcome = std::move(outcome)](Call& results) { return result_of(outcome).finish(results); });
            });
        });
    }
    const auto start = [&](const bind::MutationWaker& waker) {
        return send(call, options, [waker](Outcome outcome) {
            waker.wake([outcome = std::move(outcome)] { return result_of(outcome); });
        });
    };
    return call.mutate_waiting(std::move(*options.mutation), start, give_planned);
}

// For requests that a handler answers in place of the network: the same checks, and the plan under a dry run.
int check(Call& call) {
    auto options = read_request(call, 1);
    if (!options.mutation) return call.none();
    options.mutation->scope = MutationScope::local;  // the network is not reached: no trail
    return call.mutate(
        std::move(*options.mutation), [] { return MutationResult{}; }, give_planned);
}

// A body that a task reads while it comes. Dropping it ends the transfer.
struct Download {
    Download(Client& of, std::shared_ptr<Channel> to) : client(of), channel(std::move(to)) {}
    ~Download() { client.cancel(id); }
    Download(const Download&) = delete;
    Download& operator=(const Download&) = delete;
    Client& client;
    std::shared_ptr<Channel> channel;
    Client::Id id = 0;
    LineSplitter lines;
    std::uint64_t taken_bytes = 0;  // by the script
    std::uint64_t bytes_to_skip = 0;
};

int head(Call& call);
int read(Call& call);
int read_lines(Call& call);
int position(Call& call);
int skip(Call& call);

constexpr Function download_methods[]{{"head", head},
                                      {"read", read, Waits::yes},
                                      {"read_lines", read_lines, Waits::yes},
                                      {"position", position},
                                      {"skip", skip}};
const bind::Type<Download> download_type{{"http.Download", download_methods, nullptr}};

int head(Call& call) {
    push_response(call, *download_type.from(call).channel->head());
    return 1;
}

// What the script was given of the body, in bytes.
int position(Call& call) {
    const auto& download = download_type.from(call);
    return call.give(download.taken_bytes - download.lines.pending_bytes());
}

// skip(bytes): leaves out so many of the bytes that come next.
int skip(Call& call) {
    download_type.from(call).bytes_to_skip += static_cast<std::uint64_t>(call.integer(2, "bytes", 0));
    return call.none();
}

std::string take(Download& download) {
    auto bytes = download.channel->take();
    const auto skipped = std::min<std::uint64_t>(download.bytes_to_skip, bytes.size());
    download.bytes_to_skip -= skipped;
    bytes.erase(0, skipped);
    download.taken_bytes += bytes.size();
    return bytes;
}

int give_bytes(Call& call, Download& download) {
    auto& channel = *download.channel;
    if (!channel.has_bytes()) {
        if (channel.failure()) throw *channel.failure();
        return call.give(nullptr);
    }
    call.push(take(download));
    if (channel.take_resumable()) download.client.resume(download.id);
    return 1;
}

// All lines that are there; there may be none yet.
int give_lines(Call& call, Download& download) {
    auto& channel = *download.channel;
    const bool is_over = !channel.has_bytes();
    if (is_over && channel.failure()) throw *channel.failure();
    if (is_over && download.lines.pending_bytes() == 0) return call.give(nullptr);
    call.new_table(64, 0);
    int count = 0;
    const auto add = [&](std::string_view line) { call.push(line).seti(++count); };
    while (channel.has_bytes()) download.lines.feed(take(download), add);
    if (is_over) download.lines.finish(add);
    if (channel.take_resumable()) download.client.resume(download.id);
    return 1;
}

// Gives at once what is there, and otherwise waits for more of the body.
int wait_for_body(Call& call, int (*give)(Call&, Download&)) {
    const auto download = download_type.share(call);
    auto& channel = *download->channel;
    if (channel.has_bytes() || channel.ended()) return give(call, *download);
    if (channel.is_watched()) {
        throw Error("http.busy", "another task is reading this stream")
            .hint("let one task read, and share what it got");
    }
    return call.wait([&](bind::Waker waker) {
        channel.when_changed([waker, download, give] {
            waker.wake([download, give](Call& results) { return give(results, *download); });
        });
        return [download] { download->channel->forget_notify(); };
    });
}

// read(): the next bytes, or nil at the end.
int read(Call& call) { return wait_for_body(call, give_bytes); }

// read_lines(): a list of the next lines, which may be empty, or nil at the end.
int read_lines(Call& call) { return wait_for_body(call, give_lines); }

// The lines of a text, as a stream gives them.
int split_lines(Call& call) {
    call.new_table();
    int count = 0;
    const auto add = [&](std::string_view line) { call.push(line).seti(++count); };
    LineSplitter lines;
    lines.feed(call.text(1, "text"), add);
    lines.finish(add);
    return 1;
}

int give_download(Call& call, const std::shared_ptr<Download>& download) {
    if (!download->channel->head()) throw *download->channel->failure();
    return download_type.give(call, download);
}

int open_stream(Call& call) {
    auto options = read_request(call, 1);
    if (options.mutation) {
        throw Error("argument", "a stream cannot change anything: its method is GET")
            .hint("use http.request; for a query sent by POST pass mutates = false");
    }
    require_network(call, options.request);
    return call.wait([&](bind::Waker waker) {
        auto channel = std::make_shared<Channel>();
        auto download = std::make_shared<Download>(client_of(call.host()), channel);
        download->id = download->client.start(
            std::move(options.request), std::make_unique<StreamSink>(channel), [channel](Outcome outcome) {
                auto* failure = std::get_if<Error>(&outcome);
                channel->end(failure != nullptr ? std::optional(std::move(*failure)) : std::nullopt);
            });
        channel->when_changed(
            [waker, download] { waker.wake([download](Call& results) { return give_download(results, download); }); });
        return [channel] { channel->forget_notify(); };  // lets go of the download, which ends it
    });
}

int encode(Call& call) { return call.give(encode_percent(call.text(1, "text"))); }

// Called once, when `http` is loaded.
int prepare(Call& call) {
    if (uses_recording(call.host().settings())) client_of(call.host());
    return call.none();
}

int is_replay(Call& call) {
    auto& host = call.host();
    const bool replays = uses_recording(host.settings()) && client_of(host).is_replay();
    call.push(replays).push(replays && client_of(host).replays_secrets());
    return 2;
}

constexpr Function functions[]{{"prepare", prepare},
                               {"is_replay", is_replay},
                               {"request", request, Waits::yes, Effect::changes},
                               {"open_stream", open_stream, Waits::yes},
                               {"check", check, Waits::no, Effect::changes},
                               {"encode", encode},
                               {"split_lines", split_lines}};

}  // namespace

extern "C" int luaopen_uhost_http(lua_State* L) { return bind::module(L, "http", functions); }
