#include "api/json/binding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <variant>
#include <vector>

#include "api/json/write.hpp"
#include "host/core/error.hpp"

namespace uhost::json {
namespace {

constexpr std::size_t max_path_bytes = 160;

bool is_name(std::string_view key) {
    const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    return !key.empty() && std::isdigit(static_cast<unsigned char>(key[0])) == 0 && std::ranges::all_of(key, is_word);
}

/// What a table holds, before it is written.
struct Shape {
    std::size_t items = 0;           // how many keys are whole numbers from 1 on
    double last = 0;                 // the greatest of them
    std::vector<std::string> names;  // copies: a finalizer may change the table while it is written
};

class Encoder {
public:
    Encoder(lua_State* L, const EncodeOptions& options) : L_(L), options_(options) {}

    /// Writes the value at the top of the stack.
    void write() {
        switch (lua_type(L_, -1)) {
            case LUA_TSTRING:
                return write_text({lua_tostring(L_, -1), lua_objlen(L_, -1)});
            case LUA_TNUMBER:
                return write_number(lua_tonumber(L_, -1));
            case LUA_TBOOLEAN:
                out_ += lua_toboolean(L_, -1) != 0 ? "true" : "false";
                return;
            case LUA_TTABLE:
                return write_table();
            default:
                break;
        }
        if (!is_null(L_, -1))
            fail(fmt::format("cannot encode a {}", luaL_typename(L_, -1)),
                 "give a string, number, boolean, table or json.null instead");
        out_ += "null";
    }

    std::string take() { return std::move(out_); }

private:
    using Step = std::variant<std::string_view, std::size_t>;

    std::string path() const {
        std::string text;
        for (const auto& step : path_) {
            if (const auto* position = std::get_if<std::size_t>(&step)) {
                text += fmt::format("[{}]", *position);
            } else if (const auto key = std::get<std::string_view>(step); is_name(key)) {
                text += fmt::format(".{}", key);
            } else {
                append_string(text += '[', key, true);
                text += ']';
            }
            if (text.size() > max_path_bytes) return text.substr(0, max_path_bytes) + "...";
        }
        return text.empty() ? "the top level" : text;
    }

    [[noreturn]] void fail(const std::string& what, std::string hint, const char* kind = "json.encode") const {
        throw Error(kind, fmt::format("{} at {}", what, path())).hint(std::move(hint)).with("path", path());
    }

    void write_text(std::string_view text) {
        if (const auto offset = append_string(out_, text, options_.replace_invalid)) {
            fail(fmt::format("cannot encode a string that is not UTF-8 (its byte {})", *offset + 1),
                 "write `invalid_utf8 = \"replace\"` to have such bytes replaced by U+FFFD");
        }
    }

    void write_number(double value) {
        if (!std::isfinite(value)) {
            fail(fmt::format("cannot encode the number {}", std::isnan(value) ? "NaN"
                                                            : value > 0       ? "Infinity"
                                                                              : "-Infinity"),
                 "JSON knows finite numbers only; give json.null or a string instead");
        }
        append_number(out_, value);
    }

    void write_table() {
        const void* table = lua_topointer(L_, -1);
        if (std::ranges::find(open_, table) != open_.end())
            fail("cannot encode a table that contains itself", "break the cycle first");
        if (static_cast<int>(open_.size()) == options_.depth || !lua_checkstack(L_, 8)) {
            fail(fmt::format("cannot encode more than {} levels of tables", options_.depth),
                 "allow more with the option `depth`", "json.depth");
        }
        open_.push_back(table);
        auto shape = shape_of_table();
        if (shape.items > 0 || is_array(L_, -1))
            write_array(shape);
        else
            write_object(shape.names);
        open_.pop_back();
    }

    Shape shape_of_table() {
        Shape shape;
        lua_pushnil(L_);
        while (lua_next(L_, -2) != 0) {
            lua_pop(L_, 1);
            if (lua_type(L_, -1) == LUA_TSTRING) {
                shape.names.emplace_back(lua_tostring(L_, -1), lua_objlen(L_, -1));
                continue;
            }
            const double key = lua_type(L_, -1) == LUA_TNUMBER ? lua_tonumber(L_, -1) : 0;
            if (key < 1 || std::floor(key) != key) fail_for_key();
            ++shape.items;
            shape.last = std::max(shape.last, key);
        }
        return shape;
    }

    [[noreturn]] void fail_for_key() const {
        const auto key = lua_type(L_, -1) == LUA_TNUMBER ? fmt::format("the number {}", lua_tonumber(L_, -1))
                                                         : fmt::format("a {}", luaL_typename(L_, -1));
        fail(fmt::format("cannot encode a table with {} as a key", key),
             "the keys of an object are strings: use tostring(key)");
    }

    void write_array(const Shape& shape) {
        if (!shape.names.empty()) {
            path_.emplace_back(std::string_view(shape.names[0]));
            fail("cannot encode a list that also has a named field", "use either a list or named fields");
        }
        if (shape.last != static_cast<double>(shape.items)) fail_for_hole();
        if (shape.items == 0) {
            out_ += "[]";
            return;
        }
        out_ += '[';
        for (std::size_t i = 1; i <= shape.items; ++i) {
            separate(i > 1);
            path_.emplace_back(i);
            lua_rawgeti(L_, -1, static_cast<int>(i));
            write_and_pop();
        }
        close(']');
    }

    [[noreturn]] void fail_for_hole() {
        int missing = 1;
        lua_rawgeti(L_, -1, missing);
        while (!lua_isnil(L_, -1)) {
            lua_pop(L_, 1);
            lua_rawgeti(L_, -1, ++missing);
        }
        fail(fmt::format("cannot encode a list with a hole: item {} is missing", missing),
             "fill holes with json.null, or make the keys strings");
    }

    void write_object(std::vector<std::string>& names) {
        if (names.empty()) {
            out_ += "{}";
            return;
        }
        std::ranges::sort(names);
        out_ += '{';
        bool first = true;
        for (const auto& name : names) {
            separate(!first);
            first = false;
            path_.emplace_back(std::string_view(name));
            write_text(name);
            out_ += options_.indent > 0 ? ": " : ":";
            lua_pushlstring(L_, name.data(), name.size());
            lua_rawget(L_, -2);
            write_and_pop();
        }
        close('}');
    }

    void write_and_pop() {
        write();
        lua_pop(L_, 1);
        path_.pop_back();
    }

    void separate(bool comma) {
        if (comma) out_ += ',';
        new_line();
    }

    // Closes a list or object that is not empty; its table still counts as open.
    void close(char bracket) {
        if (options_.indent > 0) out_.append(1, '\n').append(indentation(open_.size() - 1), ' ');
        out_ += bracket;
    }

    void new_line() {
        if (options_.indent > 0) out_.append(1, '\n').append(indentation(open_.size()), ' ');
    }

    std::size_t indentation(std::size_t levels) const { return levels * static_cast<std::size_t>(options_.indent); }

    lua_State* L_;
    const EncodeOptions& options_;
    std::string out_;
    std::vector<Step> path_;         // views are of names that live in write_object
    std::vector<const void*> open_;  // the tables around the present one, outermost first
};

}  // namespace

std::string encode(lua_State* L, int index, const EncodeOptions& options) {
    lua_pushvalue(L, index);
    Encoder encoder(L, options);
    encoder.write();
    lua_pop(L, 1);
    return encoder.take();
}

}  // namespace uhost::json
