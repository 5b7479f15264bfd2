// Values between two Lua states: what was written is what is read, and bytes that nobody wrote do no harm.
#include <catch2/catch.hpp>
#include <memory>
#include <random>

#include "host/sandbox/plain_data.hpp"

namespace {

using namespace uhost::sandbox;

struct CloseState {
    void operator()(lua_State* L) const { lua_close(L); }
};
using State = std::unique_ptr<lua_State, CloseState>;

State new_state() {
    State state(luaL_newstate());
    luaL_openlibs(state.get());
    return state;
}

// Runs `code` in a fresh state, writes what it returns, and gives the bytes or why it was refused.
std::optional<NotPlain> write(const char* code, std::string& out, const DataLimits& limits = {}) {
    const auto from = new_state();
    REQUIRE(luaL_dostring(from.get(), code) == 0);
    return DataWriter(out, limits).write(from.get(), -1, "x");
}

// What the bytes say, as a text that keeps every value apart.
std::string shown(std::string_view bytes) {
    const auto to = new_state();
    lua_State* L = to.get();
    DataReader reader(bytes);
    if (!reader.push(L)) return "malformed";
    lua_setglobal(L, "value");
    REQUIRE(luaL_dostring(L, R"(
        local function show(value)
            if type(value) == "string" then return ("%q"):format(value) end
            if type(value) == "number" then return ("%.17g"):format(value) end
            if type(value) ~= "table" then return tostring(value) end
            local pieces = {}
            for key, item in pairs(value) do pieces[#pieces + 1] = show(key) .. "=" .. show(item) end
            table.sort(pieces)
            return "{" .. table.concat(pieces, ",") .. "}"
        end
        return show(value))") == 0);
    return {lua_tostring(L, -1), lua_objlen(L, -1)};
}

std::string passed(const char* code) {
    std::string bytes;
    if (const auto refused = write(code, bytes)) return refused->message();
    return shown(bytes);
}

// Lua source of a random value.
std::string random_value(std::mt19937& random, int depth) {
    const auto below = [&](unsigned n) { return random() % n; };
    switch (below(depth > 4 ? 5 : 7)) {
        case 0:
            return "nil";
        case 1:
            return below(2) == 0 ? "true" : "false";
        case 2:
            return std::to_string(static_cast<int>(random()));
        case 3:
            return std::to_string(static_cast<double>(random()) / 7919.0);
        case 4: {
            std::string text = "\"";
            for (auto i = below(20); i > 0; --i) text += "\\" + std::to_string(below(256));
            return text + "\"";
        }
        case 5: {
            std::string list = "{";
            for (auto i = below(6); i > 0; --i) {
                auto item = random_value(random, depth + 1);
                list += (item == "nil" ? "0" : item) + ",";
            }
            return list + "}";
        }
        default: {
            std::string fields = "{";
            for (auto i = below(6); i > 0; --i) {
                fields += "[\"k" + std::to_string(below(100)) + "\"]=" + random_value(random, depth + 1) + ",";
            }
            return fields + "}";
        }
    }
}

}  // namespace

TEST_CASE("plain data passes whole, whatever its bytes", "[sandbox]") {
    CHECK(passed("return nil") == "nil");
    CHECK(passed("return {true, false}") == "{1=true,2=false}");
    CHECK(passed("return '\\0\\255a'") ==
          "\"\\0\xff"
          "a\"");
    CHECK(passed("return {}") == "{}");
    CHECK(passed("return { a = { 1.5, { b = 'c' } } }") == "{\"a\"={1=1.5,2={\"b\"=\"c\"}}}");
    CHECK(passed("return 2^53 + 1") == "9007199254740992");
}

TEST_CASE("what is no plain data is refused, with its place", "[sandbox]") {
    CHECK(passed("return print") == "x is a function");
    CHECK(passed("return { a = { print } }") == "x.a[1] is a function");
    CHECK(passed("return { 1, [3] = 3 }") == "x is a table with the key 3 (keys are strings, or 1 to n without gaps)");
    CHECK(passed("return { 1, b = 2 }") == "x is a list with the extra key 'b'");
    CHECK(passed("return { [0.5] = 1 }") == "x is a table with the key 0.5 (keys are strings, or 1 to n without gaps)");
    CHECK(passed("local t = {} t.t = t return t") == "x.t contains itself");
    CHECK(passed("return 0/0") == "x is not a finite number");
    CHECK(passed("local t = {} for _ = 1, 200 do t = {t} end return t").find("more than 100 levels") !=
          std::string::npos);
}

TEST_CASE("limits on values and bytes are kept", "[sandbox]") {
    std::string bytes;
    CHECK(write("local t = {} for i = 1, 11 do t[i] = i end return t", bytes, {.values = 11})->message() ==
          "x has more than 11 values");
    CHECK(write("return ('x'):rep(2^21)", bytes, {.bytes = 1 << 20})->message() == "x takes more than 1 MiB");
}

TEST_CASE("functions that are skipped are named by their paths", "[sandbox]") {
    const auto from = new_state();
    REQUIRE(luaL_dostring(from.get(), "return { f = print, rules = { { when = print, id = 1 }, { 2 } } }") == 0);
    std::string bytes;
    std::vector<std::string> functions;
    DataWriter writer(bytes);
    writer.skip_functions(functions);
    REQUIRE_FALSE(writer.write(from.get(), -1, "x"));
    std::sort(functions.begin(), functions.end());
    CHECK(functions == std::vector<std::string>{"f", "rules.1.when"});
    CHECK(shown(bytes) == "{\"rules\"={1={\"id\"=1},2={1=2}}}");
}

TEST_CASE("random values pass whole", "[sandbox]") {
    std::mt19937 random(20261121);
    for (int round = 0; round < 300; ++round) {
        const auto code = "return " + random_value(random, 0);
        INFO(code);
        std::string bytes;
        REQUIRE_FALSE(write(code.c_str(), bytes));
        const auto to = new_state();
        std::string again;
        DataReader reader(bytes);
        REQUIRE(reader.push(to.get()));
        CHECK(reader.at_end());
        REQUIRE_FALSE(DataWriter(again).write(to.get(), -1, "x"));
        CHECK(shown(bytes) == shown(again));
    }
}

TEST_CASE("bytes that nobody wrote are malformed, or values, and nothing else", "[sandbox]") {
    std::mt19937 random(7);
    std::string whole;
    REQUIRE_FALSE(write("return { list = { 1, 'two', { three = 3 } }, text = ('x'):rep(50) }", whole));
    const auto to = new_state();
    for (int round = 0; round < 20'000; ++round) {
        auto bytes = whole.substr(0, random() % (whole.size() + 1));
        for (auto changes = random() % 4; changes > 0 && !bytes.empty(); --changes) {
            bytes[random() % bytes.size()] = static_cast<char>(random());
        }
        DataReader reader(bytes);
        const bool pushed = reader.push(to.get());
        CHECK(lua_gettop(to.get()) == (pushed ? 1 : 0));
        lua_settop(to.get(), 0);
    }
}
