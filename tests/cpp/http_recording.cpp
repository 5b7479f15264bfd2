#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "api/http/recording/cassette.hpp"
#include "host/core/encoding.hpp"
#include "host/core/file.hpp"
#include "host/secrets/vault.hpp"
#include "tests/cpp/temporary_folder.hpp"

using namespace uhost;
using namespace uhost::http;
using nlohmann::json;

namespace {

RequestKey key_of(std::string method, std::string url, json body = nullptr) {
    return {std::move(method), std::move(url), "", std::move(body)};
}

Exchange exchange_of(std::uint64_t number, RequestKey key, std::string text) {
    Exchange exchange;
    exchange.number = number;
    exchange.key = std::move(key);
    exchange.answer = Response{};
    exchange.answer->status = 200;
    exchange.answer->headers = {{"x-name", "value"}};
    exchange.body = {{"text", std::move(text)}};
    return exchange;
}

std::string text_of(const Exchange& exchange) { return body_bytes(exchange.body).value(); }

Error error_of(const std::function<void()>& body) {
    try {
        body();
    } catch (const Error& error) {
        return error;
    }
    return {"none", "nothing was thrown"};
}

void write(const std::filesystem::path& file, const std::string& text) { std::ofstream(file) << text; }

}  // namespace

TEST_CASE("what grants access is taken out of URLs, whatever they stand in") {
    const std::pair<const char*, const char*> examples[]{
        {"https://b/x?X-Amz-Signature=abc&X-Amz-Date=2&y=1", "https://b/x?X-Amz-Signature=***&X-Amz-Date=***&y=1"},
        {"https://b/x?sv=2&sig=a%2Bb%3D", "https://b/x?sv=2&sig=***"},
        {"https://b/x?TOKEN=abc#part", "https://b/x?TOKEN=***#part"},
        {"a=1&password=p", "a=1&password=***"},
        {"token=abc", "token=***"},
        {R"(<a href="https://b/?a=1&amp;sig=abc">x</a> sig=2)", R"(<a href="https://b/?a=1&amp;sig=***">x</a> sig=2)"},
        {R"({"url":"https://b/?a=1\u0026sig=abc"})", R"({"url":"https://b/?a=1\u0026sig=***"})"},
        {"https://c/?next=https%3A%2F%2Fb%2F%3Fsig%3Dabc%26x%3D1&z=2",
         "https://c/?next=https%3A%2F%2Fb%2F%3Fsig%3D***%26x%3D1&z=2"},
        {"https://b/?design=1&page_token=2&key=3", "https://b/?design=1&page_token=2&key=3"},
        {"https://b/?sig=", "https://b/?sig="},
        {"a % b %3 = %3D", "a % b %3 = %3D"},
        {"", ""},
    };
    for (const auto& [text, clean] : examples) {
        CHECK(without_url_credentials(text) == clean);
        CHECK(without_url_credentials(clean) == clean);
    }
}

TEST_CASE("whatever the text, what surrounds a credential stays, and cleaning again changes nothing") {
    std::mt19937 random(3);
    const std::vector<std::string> pieces{"?",   "&", "sig",     "=",  "%3D", "%26", "token",
                                          "abc", " ", "\\u0026", "\"", "%",   ";"};
    for (int round = 0; round < 3000; ++round) {
        std::string text;
        for (int i = 0; i < 12; ++i) text += pieces[random() % pieces.size()];
        const auto clean = without_url_credentials(text);
        INFO(text);
        CHECK(without_url_credentials(clean) == clean);
        CHECK(without_url_credentials("<" + text + ">?sig=QQQQ").find("QQQQ") == std::string::npos);
    }
}

TEST_CASE("what was sent as a credential is found again wherever it is echoed") {
    Vault vault;
    vault.add("TOKEN", "vaulted-secret");
    Scrubber scrubber(vault);
    scrubber.learn({{"Authorization", "Basic " + encode_base64("user:sesame-open")},
                    {"Cookie", "a=first-cookie; b=second-cookie"},
                    {"X-Api-Key", "the-api-key"},
                    {"Accept", "application/json"}});
    CHECK(scrubber.text("vaulted-secret sesame-open first-cookie second-cookie the-api-key application/json") ==
          "*** *** *** *** *** application/json");
    auto value =
        json::parse(R"({"zz":{"token":"fresh-token"},"list":["again fresh-token",{"sesame-open":1}],"secret":false})");
    scrubber.json(value);
    CHECK(dump(value) == R"({"list":["again ***",{"***":1}],"secret":false,"zz":{"token":"***"}})");
    CHECK(scrubber.text("fresh-token") == "***");
    const Headers kept{{"link", "<https://b/?sig=***>"}, {"etag", "x"}};
    CHECK(scrubber.headers({{"Date", "now"},
                            {"Set-Cookie", "a=b"},
                            {"Link", "<https://b/?sig=1>"},
                            {"ETag", "x"},
                            {"X-GitHub-Request-Id", "1"},
                            {"Content-Length", "3"},
                            {"X-Auth-Token", "t"}}) == kept);
}

TEST_CASE("an authorization of any form is learned from, or nothing is") {
    const Vault vault;
    for (const auto* value :
         {"", " ", "Bearer", "Bearer ", "Bearer    ", "Basic ", "Basic %%%", "Basic OnB3", "\t x"}) {
        INFO(value);
        Scrubber scrubber(vault);
        scrubber.learn({{"Authorization", value}});
        scrubber.learn_authorization(value);
        CHECK(scrubber.text("Bearer of news") == "Bearer of news");
    }
}

TEST_CASE("a request's JSON is the same in whatever order and layout it is written") {
    const Vault vault;
    Scrubber scrubber(vault);
    const auto first = stored_request_body(R"({"b": [1, 2.5], "a": {"d": null, "c": "ü"}})", scrubber);
    CHECK(first == stored_request_body("\n{\"a\":{\"c\":\"\\u00fc\",\"d\":null},\"b\":[1,2.5]}", scrubber));
    CHECK(first != stored_request_body(R"({"b": [2.5, 1], "a": {"d": null, "c": "ü"}})", scrubber));
    CHECK(dump(first) == R"({"json":{"a":{"c":"ü","d":null},"b":[1,2.5]}})");
}

TEST_CASE("bodies come back as they were") {
    const Vault vault;
    Scrubber scrubber(vault);
    std::mt19937 random(5);
    std::string noise(1000, '\0');
    for (auto& byte : noise) byte = static_cast<char>(random());
    const std::vector<std::string> bodies{
        "",           "text\r\n", "\xff\xfe",           noise,
        "{not json",  "[1, 2",    std::string(1, '\0'), std::string(200, '[') + std::string(200, ']'),
        R"({"a": 1})"};
    for (const auto& body : bodies) CHECK(body_bytes(stored_answer_body(body, false, scrubber)) == body);
    for (std::size_t i = 0; i + 1 < bodies.size(); ++i) {
        CHECK(body_bytes(stored_answer_body(bodies[i], true, scrubber)) == bodies[i]);
    }
    const std::string large((1 << 20) + 1, 'x');
    const auto digest = stored_request_body(large, scrubber);
    CHECK(digest["bytes"] == large.size());
    CHECK(digest != stored_request_body(large.substr(1) + "y", scrubber));
    CHECK_FALSE(body_bytes(json{{"sha256", "x"}}));
    CHECK_FALSE(body_bytes(json{{"base64", "*"}}));
}

TEST_CASE("an exchange survives its line") {
    auto exchange = exchange_of(7, key_of("POST", "http://a/b", {{"json", {{"x", 1}}}}), "text\n\"more\"");
    exchange.credential = "TOKEN";
    exchange.key.accept = "application/json";
    exchange.whole = false;
    exchange.failure = Error("http.reset", "it broke").hint("again").native("words").with("n", 2.5).with("sent", true);
    const auto line = to_line(exchange);
    CHECK(line.find('\n') == std::string::npos);
    const auto again = from_line(line, "file", 2);
    CHECK(to_line(again) == line);
    CHECK(again.key.text() == exchange.key.text());
    CHECK(again.failure->hint() == "again");
    CHECK(again.failure->details() == exchange.failure->details());
}

TEST_CASE("the k-th time gets the k-th answer, in the order in which they were asked") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "recording";
    {
        Recorder recorder(file);
        recorder.add(exchange_of(2, key_of("GET", "http://a/"), "second"));
        recorder.add(exchange_of(1, key_of("GET", "http://a/"), "first"));
        recorder.add(exchange_of(3, key_of("POST", "http://a/"), "made"));
    }
    Cassette cassette(file);
    for (const auto* expected : {"first", "second", "second", "second"}) {
        CHECK(text_of(cassette.next(key_of("GET", "http://a/"), false)) == expected);
    }
    CHECK(text_of(cassette.next(key_of("POST", "http://a/"), true)) == "made");
    const auto error = error_of([&] { cassette.next(key_of("POST", "http://a/"), true); });
    CHECK(error.kind() == "http.not_recorded");
    CHECK(error.message().find("POST http://a/ was recorded once") == 0);
}

TEST_CASE("what is not recorded is reported with what is nearest") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "recording";
    {
        Recorder recorder(file);
        recorder.add(exchange_of(1, key_of("GET", "http://other/"), ""));
        recorder.add(exchange_of(2, key_of("GET", "http://a/repos/o/n/issues/1"), ""));
        recorder.add(exchange_of(3, key_of("POST", "http://a/graphql", {{"json", {{"query", "one"}}}}), ""));
    }
    Cassette cassette(file);
    const auto issue = error_of([&] { cassette.next(key_of("GET", "http://a/repos/o/n/issues/2"), false); });
    CHECK(issue.kind() == "http.not_recorded");
    CHECK(issue.message() == "GET http://a/repos/o/n/issues/2 is not in the recording " + file.string());
    CHECK(issue.hint().find("nearest recorded: GET http://a/repos/o/n/issues/1;") == 0);
    const auto body = error_of([&] { cassette.next(key_of("POST", "http://a/graphql", {{"text", "two"}}), false); });
    CHECK(body.hint().find(R"(POST http://a/graphql with the body {"json":{"query":"one"}})") != std::string::npos);
}

TEST_CASE("what is no recording, or a broken one, is refused with file and line") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "recording";
    const auto refusal = [&] { return error_of([&] { Cassette cassette(file); }); };
    CHECK(refusal().kind() == "settings.recording");
    for (const auto* text : {"", "\n", "#!/bin/sh\n", "[1]\n", "{\"uhost\":1}\n", "\xff\n"}) {
        write(file, text);
        CHECK(refusal().message() == file.string() + " is not a recording of uhost");
    }
    write(file, "{\"uhost_recording\":99}\n");
    CHECK(refusal().message() == file.string() + " has the format 99, and this uhost reads 1");
    const auto good = to_line(exchange_of(1, key_of("GET", "http://a/"), "text"));
    const std::vector<std::string> damaged{good.substr(0, good.size() / 2),
                                           "",
                                           "{}",
                                           "nonsense",
                                           "[]",
                                           R"({"number":1,"request":{"method":"GET","url":"x","body":null}})",
                                           std::string(100000, '['),
                                           R"({"number":"one"})"};
    for (const auto& line : damaged) {
        write(file, recording_header() + "\n" + good + "\n" + line + "\n" + good + "\n");
        CHECK(refusal().message() == file.string() + ":3: the recording is damaged");
    }
    write(file, recording_header() + "\n");
    CHECK(refusal().kind() == "none");
    std::filesystem::resize_file(file, max_recording_bytes + 1);
    CHECK(refusal().kind() == "settings.recording");
}

TEST_CASE("whatever is done to a recording, reading it ends in answers or in a clear error") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "recording";
    std::string text = recording_header() + "\n";
    for (std::uint64_t i = 1; i <= 3; ++i) text += to_line(exchange_of(i, key_of("GET", "http://a/"), "text")) + "\n";
    std::mt19937 random(11);
    for (int round = 0; round < 500; ++round) {
        auto damaged = text;
        for (int i = 0; i < 3; ++i) {
            const auto at = random() % damaged.size();
            if (random() % 2 == 0) damaged[at] = static_cast<char>(random());
            if (random() % 2 == 0) damaged.erase(at, random() % 20);
        }
        write(file, damaged);
        const auto kind = error_of([&] { Cassette cassette(file); }).kind();
        CHECK((kind == "none" || kind == "settings.recording"));
    }
}

TEST_CASE("a recording is the owner's alone, and nothing else is overwritten") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "recording";
    write(file, "my notes");
    CHECK(error_of([&] { Recorder recorder(file); }).message() ==
          file.string() + " exists and is not a recording; it stays as it is");
    CHECK(read_file(file, 100) == "my notes");
    CHECK(error_of([&] { Recorder recorder("/dev/null"); }).kind() == "settings.recording");
    CHECK(error_of([&] { Recorder recorder(folder.path()); }).kind() == "settings.recording");
    write(file, recording_header() + "\nolder\n");
    const auto refusal = error_of([&] { Recorder recorder(file); });
    CHECK(refusal.message() == file.string() + " holds a recording already; it stays as it is");
    CHECK(refusal.hint().find("--set http.replace_recording=true") != std::string::npos);
    CHECK(read_file(file, 100) == recording_header() + "\nolder\n");
    std::filesystem::permissions(file, std::filesystem::perms::all);
    Recorder recorder(file, Recorder::Existing::replace);
    CHECK(read_file(file, 100) == recording_header() + "\n");
    CHECK(std::filesystem::status(file).permissions() ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    CHECK(error_of([&] { Recorder second(file); }).message().find("another process is recording") == 0);
}
