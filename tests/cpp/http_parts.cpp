#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "api/http/sink.hpp"
#include "api/http/url.hpp"
#include "host/core/error.hpp"
#include "tests/cpp/temporary_folder.hpp"

using namespace uhost;
using namespace uhost::http;

namespace {

std::string kind_of(const std::string& url) {
    try {
        parse_url(url);
    } catch (const Error& error) {
        return error.kind();
    }
    return "fine";
}

Response with_status(int status) {
    Response response;
    response.status = status;
    return response;
}

std::string content(const std::filesystem::path& file) {
    std::ifstream stream(file);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

std::size_t files_in(const std::filesystem::path& folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

}  // namespace

TEST_CASE("a URL's origin is scheme, host and port, however it is written") {
    CHECK(parse_url("https://API.GitHub.com/a/b?c=d#e").origin() == "https://api.github.com");
    CHECK(parse_url("https://api.github.com:443").origin() == "https://api.github.com");
    CHECK(parse_url("http://localhost:80/x").origin() == "http://localhost");
    CHECK(parse_url("HTTP://[::1]:8080/").origin() == "http://[::1]:8080");
    CHECK(parse_url("https://github.com:8443/").origin() != parse_url("https://github.com/").origin());
    CHECK(parse_url("https://api.github.com/a/b?c=d#e").text == "https://api.github.com/a/b?c=d");
}

TEST_CASE("a host that only looks like this machine is not taken for it") {
    for (const auto* url : {"http://localhost/", "http://127.0.0.1:8080/", "http://127.9.9.9/", "http://[::1]:1/"}) {
        CHECK(parse_url(url).is_loopback());
    }
    for (const auto* url : {"http://127.0.0.1.example.org/", "http://localhost.example.org/", "http://128.0.0.1/",
                            "http://[::2]/", "https://api.github.com/"}) {
        CHECK_FALSE(parse_url(url).is_loopback());
    }
}

TEST_CASE("what is no plain http URL is refused") {
    for (const auto* url :
         {"", "foo", "/path", "ftp://a/b", "file:///etc/passwd", "http://", "http://a b/", "http://a/\r\nX: y",
          "https://user:secret@github.com/", "https://user@github.com/", "http://a:99999/"}) {
        INFO(url);
        CHECK(kind_of(url) == "argument");
    }
    CHECK(kind_of("https://a/" + std::string(70'000, 'x')) == "argument");
}

TEST_CASE("a refused URL's password is not in the message") {
    try {
        parse_url("https://user:hunter22@github.com/");
        FAIL("not refused");
    } catch (const Error& error) {
        CHECK(error.message().find("hunter22") == std::string::npos);
    }
}

TEST_CASE("a download appears when it is whole, and leaves nothing when it is not") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "log.txt";
    SECTION("whole") {
        FileSink sink(file);
        auto response = with_status(200);
        sink.begin(response);
        sink.write("one ");
        CHECK_FALSE(std::filesystem::exists(file));
        sink.write("two");
        sink.finish(response);
        CHECK(content(file) == "one two");
    }
    SECTION("broken off, over an older one") {
        std::ofstream(file) << "older";
        {
            FileSink sink(file);
            sink.begin(with_status(200));
            sink.write("half");
        }
        CHECK(content(file) == "older");
    }
    SECTION("refused by the server") {
        FileSink sink(file);
        auto response = with_status(404);
        sink.begin(response);
        sink.write("no such log");
        sink.finish(response);
        CHECK_FALSE(std::filesystem::exists(file));
        CHECK(response.body == "no such log");
    }
    CHECK(files_in(folder.path()) <= 1);
}

TEST_CASE("a download into a folder that is not there names it") {
    FileSink sink("/nonexistent/folder/log.txt");
    CHECK_THROWS_WITH(sink.begin(with_status(200)), Catch::Contains("/nonexistent/folder/log.txt"));
}

TEST_CASE("a channel keeps order, pauses its writer when full, and lets it go on when there is room") {
    Channel channel;
    int notified = 0;
    channel.when_changed([&] { ++notified; });
    channel.begin(with_status(200));
    const std::string piece(64 * 1024, 'x');
    int taken = 0;
    while (channel.put(piece)) REQUIRE(++taken < 100);
    CHECK(taken == 4);
    CHECK(notified == 1);
    CHECK(channel.take().size() == piece.size());
    CHECK_FALSE(channel.take_resumable());  // still more than half full
    channel.take();
    channel.take();
    CHECK(channel.take_resumable());
    CHECK_FALSE(channel.take_resumable());
    channel.put("last");
    channel.end(std::nullopt);
    channel.take();
    CHECK(channel.take() == "last");
    CHECK_FALSE(channel.has_bytes());
    CHECK(channel.ended());
}
