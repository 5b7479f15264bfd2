// What our own code throws while libcurl or libuv is calling it: it reaches the caller, and never crosses their frames.
#include <catch2/catch.hpp>
#include <stdexcept>

#include "api/http/network_client.hpp"
#include "api/http/recording/clients.hpp"
#include "host/secrets/vault.hpp"
#include "tests/cpp/temporary_folder.hpp"

using namespace uhost;
using namespace uhost::http;

namespace {

// Throws what is no Error at one of its three calls.
class BrokenSink : public Sink {
public:
    enum class At { begin, write, finish };
    explicit BrokenSink(At at) : at_(at) {}
    void begin(const Response&) override { fail_at(At::begin); }
    Accepted write(std::string_view) override {
        fail_at(At::write);
        return Accepted::all;
    }
    void finish(Response&) override { fail_at(At::finish); }

private:
    void fail_at(At place) const {
        if (place == at_) throw std::runtime_error("injected");
    }
    At at_;
};

Request request_to(const char* url) {
    Request request;
    request.url = parse_url(url);
    return request;
}

// The port is the discard service's, where nothing listens.
constexpr const char* nobody = "http://127.0.0.1:9/";

void run(Loop& loop, const bool& done) {
    while (!done && loop.run_once(true)) {
    }
}

std::filesystem::path recording_of(const TemporaryFolder& folder, const char* url) {
    auto file = folder.path() / "recording";
    Exchange exchange;
    exchange.number = 1;
    exchange.key = {"GET", url, "", nullptr};
    exchange.answer = Response{};
    exchange.answer->status = 200;
    exchange.body = {{"text", "body"}};
    Recorder(file).add(exchange);
    return file;
}

}  // namespace

TEST_CASE("an exception of a sink becomes the outcome of a replayed request") {
    const TemporaryFolder folder;
    const auto file = recording_of(folder, "http://a/");
    for (const auto at : {BrokenSink::At::begin, BrokenSink::At::write, BrokenSink::At::finish}) {
        Loop loop;
        Vault vault;
        ReplayClient client(loop, Cassette(file), vault);
        bool done = false;
        client.start(request_to("http://a/"), std::make_unique<BrokenSink>(at), [&](Outcome outcome) {
            done = true;
            REQUIRE(std::holds_alternative<Error>(outcome));
            CHECK(std::get<Error>(outcome).kind() == "internal");
            CHECK(std::get<Error>(outcome).message() == "unexpected failure: injected");
        });
        run(loop, done);
        CHECK(done);
    }
}

TEST_CASE("an exception of what hears of the end leaves the loop as an exception, and other requests go on") {
    Loop loop;
    NetworkClient client(loop, Network{});
    bool done = false;
    client.start(request_to(nobody), std::make_unique<MemorySink>(),
                 [](const Outcome&) { throw std::runtime_error("injected"); });
    client.start(request_to(nobody), std::make_unique<MemorySink>(), [&](const Outcome&) { done = true; });
    std::vector<std::string> thrown;
    for (bool alive = true; alive && !(done && !thrown.empty());) {
        try {
            alive = loop.run_once(true);
        } catch (const std::runtime_error& error) {
            thrown.emplace_back(error.what());
        }
    }
    CHECK(done);
    CHECK(thrown == std::vector<std::string>{"injected"});
}

TEST_CASE("a recording that cannot hold a request says so to whoever sent it") {
    const TemporaryFolder folder;
    Loop loop;
    const Vault vault;
    RecordingClient client(std::make_unique<NetworkClient>(loop, Network{}),
                           std::make_unique<Recorder>(folder.path() / "recording"), vault);
    auto request = request_to(nobody);
    request.headers = {{"Authorization", "Bearer "}};
    bool done = false;
    client.start(std::move(request), std::make_unique<MemorySink>(), [&](Outcome outcome) {
        done = true;
        CHECK(std::get<Error>(outcome).kind() == "http.connect");
    });
    run(loop, done);
    CHECK(done);
}
