#include <catch2/catch.hpp>
#include <cstdlib>

#include "host/core/error.hpp"
#include "host/runtime/settings_file.hpp"
#include "host/settings/settings.hpp"
#include "tests/cpp/temporary_folder.hpp"

using uhost::Error;
using uhost::Settings;
using Catch::Contains;

namespace {

std::string message_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        CHECK(error.kind() == "settings");
        return error.message();
    }
    return "nothing was thrown";
}

struct Fixture {
    TemporaryFolder folder;
    std::filesystem::path api = folder.path() / "api";
    Fixture() {
        folder.write("api/github/settings.lua",
                     "return { repository = { type = 'string', repository = true }, max_wait_s = { type = 'number' },"
                     " api_url = { type = 'string' } }");
        folder.write("api/build/settings.lua", "return { executors = { type = 'table' } }");
    }
    uhost::SettingValues evaluate(std::string_view text) const {
        return uhost::evaluate_settings(uhost::Locations::find(), "uhost.lua", text);
    }
    Settings read(std::string_view text, uhost::Environment::Variables environment = {},
                  Settings::FileOf whose = Settings::FileOf::repository) {
        Settings settings{uhost::Environment(std::move(environment))};
        settings.take_file(whose, "uhost.lua", evaluate(text), api);
        return settings;
    }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "settings: a file's values are found by dotted name") {
    const auto settings = read("return { offline = true, github = { repository = 'a/b' } }");
    CHECK(settings.text("github.repository") == "a/b");
    CHECK(settings.flag("offline") == true);
    CHECK_FALSE(settings.text("github.api_url").has_value());
}

TEST_CASE_METHOD(Fixture, "settings: command line over environment over file") {
    auto settings = read("return { github = { repository = 'from/file' } }",
                         {{"UHOST_GITHUB_REPOSITORY", "from/environment"}});
    CHECK(settings.text("github.repository") == "from/environment");
    settings.set("github.repository", std::string("from/command"));
    CHECK(settings.text("github.repository") == "from/command");
}

TEST_CASE_METHOD(Fixture, "settings: a person at the command line may set all of them, by their names and types") {
    auto settings = read("return { github = { max_wait_s = 5 } }", {}, Settings::FileOf::user);
    CHECK(settings.number("github.max_wait_s") == 5);
    settings.set_assigned("github.max_wait_s=60", api);
    settings.set_assigned("github.api_url=https://git.example.org/api/v3?a=b", api);
    settings.set_assigned("scripts.mine=whatever", api);
    CHECK(settings.number("github.max_wait_s") == 60);
    CHECK(settings.text("github.api_url") == "https://git.example.org/api/v3?a=b");
    CHECK(settings.text("scripts.mine") == "whatever");
    CHECK_THAT(message_of([&] { settings.set_assigned("github.max_wait=60", api); }), Contains("unknown setting"));
    CHECK_THAT(message_of([&] { settings.set_assigned("github.max_wait_s=soon", api); }), Contains("is not a number"));
    CHECK_THAT(message_of([&] { settings.set_assigned("offline=perhaps", api); }), Contains("is not a boolean"));
    CHECK_THAT(message_of([&] { settings.set_assigned("offline", api); }), Contains("NAME=VALUE"));
    CHECK_THAT(message_of([&] { settings.set_assigned("=1", api); }), Contains("NAME=VALUE"));
}

TEST_CASE_METHOD(Fixture, "settings: a table has what its owner puts there") {
    auto settings = read("return { build = { executors = { ssh = { hosts = { 'a', 'b' }, slots = 2 } } } }", {},
                         Settings::FileOf::user);
    settings.set_assigned("build.executors.ssh.slots=3", api);
    const auto found = settings.within("build.executors");
    CHECK(found.size() == 3);
    CHECK(std::get<std::string>(found.at("ssh.hosts.2")) == "b");
    CHECK(std::get<std::string>(found.at("ssh.slots")) == "3");
    CHECK_THAT(message_of([&] { read("return { build = { executors = { ssh = { hosts = 'a' } } } }"); }),
               Contains("cannot be set by a file of the repository"));
    CHECK_THAT(message_of([&] { settings.set_assigned("build.executor_s.ssh=1", api); }), Contains("unknown setting"));
}

TEST_CASE_METHOD(Fixture, "settings: a repository's file may not redirect secrets, nor raise limits") {
    CHECK_THAT(message_of([&] { read("return { github = { api_url = 'https://evil.example' } }"); }),
               Contains("'github.api_url' cannot be set by a file of the repository"));
    CHECK_THAT(message_of([&] { read("return { state = '/etc' }"); }), Contains("'state' cannot be set"));
    CHECK_THAT(message_of([&] { read("return { github = { max_wait_s = 1e9 } }"); }), Contains("cannot be set"));
    CHECK_THAT(message_of([&] { read("return { memory = '0' }"); }), Contains("cannot be set"));
}

TEST_CASE_METHOD(Fixture, "settings: mistakes in a file name the file, the line and the remedy") {
    CHECK_THAT(message_of([&] { read("return {\n  github = {\n"); }), Contains("uhost.lua:"));
    CHECK_THAT(message_of([&] { read("return { github = { repositry = 'a/b' } }"); }), Contains("unknown setting"));
    CHECK_THAT(message_of([&] { read("return { github = { repository = 5 } }"); }), Contains("is a number, expected a string"));
    CHECK_THAT(message_of([&] { read("return 5"); }), Contains("returns a number"));
    CHECK_THAT(message_of([&] { read("return { offline = function() end }"); }), Contains("not plain data"));
}

TEST_CASE_METHOD(Fixture, "settings: the user's own file is under the repository's") {
    auto settings = read("return { github = { repository = 'own/file', max_wait_s = 5 } }", {}, Settings::FileOf::user);
    settings.take_file(Settings::FileOf::repository, "uhost.lua",
                       evaluate("return { github = { repository = 'its/file' } }"), api);
    CHECK(settings.text("github.repository") == "its/file");
    CHECK(settings.number("github.max_wait_s") == 5);
}

TEST_CASE_METHOD(Fixture, "settings: a hostile file is stopped") {
    CHECK_THAT(message_of([&] { evaluate("while true do end"); }), Contains("took longer than 1 s"));
    CHECK_THAT(message_of([&] { evaluate("return { x = ('a'):rep(40):find(('a*'):rep(40) .. 'b') }"); }),
               Contains("took longer than 1 s"));
    CHECK_THAT(message_of([&] { evaluate("local t = {} local n = 1 while true do t[n] = {} n = n + 1 end"); }),
               Contains("MiB"));
    CHECK_THAT(message_of([&] { evaluate("return { x = os.getenv('HOME') }"); }), Contains("'os'"));
    CHECK_THAT(message_of([&] { evaluate("return { x = require('policies') }"); }), Contains("cannot require"));
    CHECK_THAT(message_of([&] { evaluate("local t = {} t.t = t return t"); }), Contains("contains itself"));
    CHECK_THAT(message_of([&] { evaluate("local t = {} for _ = 1, 18 do t = { t } end return t"); }),
               Contains("nested too deeply"));
    CHECK_THAT(message_of([&] { evaluate("return { x = ('x'):rep(1e9) }"); }), Contains("uhost.lua: it needs more than"));
    CHECK_THAT(message_of([&] { evaluate("\x1bLJ\x02 bytecode"); }), Contains("uhost.lua"));
    CHECK_THAT(message_of([&] { evaluate("local s = 'xxxxxxxx' for i = 1, 40 do s = s .. s end return { x = s }"); }),
               Contains("MiB"));
    // Parsing this crashes LuaJIT: the worker dies, not the process that holds the token.
    CHECK_THAT(message_of([&] { evaluate("local _ for _ in (nil):foo() do end"); }), Contains("uhost.lua"));
}

TEST_CASE("settings: values of the environment are checked when read") {
    const Settings settings(uhost::Environment{{"UHOST_GITHUB_MAX_WAIT_S", "soon"}});
    CHECK_THAT(message_of([&] { settings.number("github.max_wait_s"); }), Contains("UHOST_GITHUB_MAX_WAIT_S is not a number"));
}
