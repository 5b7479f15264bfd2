#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "api/json/binding.hpp"
#include "api/json/syntax_error.hpp"

namespace uhost::json {
namespace {

using nlohmann::json;

/// nlohmann's events, straight into Lua tables: each value is put where it belongs as soon as it is complete.
class Handler {
public:
    Handler(lua_State* L, std::string_view text, const DecodeOptions& options)
        : L_(L), text_(text), options_(options), array_metatable_(lua_gettop(L)) {}

    bool null() {
        const bool omitted = options_.omit_null && !levels_.empty() && levels_.back() == in_object;
        if (omitted)
            lua_pushnil(L_);
        else
            push_null(L_);
        return place();
    }
    bool boolean(bool value) {
        lua_pushboolean(L_, value);
        return place();
    }
    bool number_integer(std::int64_t value) { return whole(value); }
    bool number_unsigned(std::uint64_t value) { return whole(value); }
    bool number_float(double value, const std::string& digits) {
        const bool integer = digits.find_first_of(".eE") == std::string::npos;  // too large for 64 bits
        if (integer)
            push_big_integer(L_, digits, value, options_);
        else
            lua_pushnumber(L_, value);
        return place();
    }
    bool string(const std::string& value) {
        lua_pushlstring(L_, value.data(), value.size());
        return place();
    }
    bool binary(const json::binary_t&) { return false; }  // does not occur in text
    bool key(const std::string& name) {
        lua_pushlstring(L_, name.data(), name.size());
        return true;
    }
    bool start_object(std::size_t) { return enter(in_object); }
    bool start_array(std::size_t) { return enter(0); }
    bool end_object() { return leave(); }
    bool end_array() { return leave(); }
    bool parse_error(std::size_t position, const std::string& token, const json::exception& reason) {
        error_ = syntax_error(text_, position, token, reason.what());
        return false;
    }

    const std::optional<Error>& error() const { return error_; }

private:
    static constexpr int in_object = -1;

    template <class Integer>
    bool whole(Integer value) {
        const auto nearest = static_cast<double>(value);
        if (std::fabs(nearest) > exact_integers || static_cast<Integer>(nearest) != value) {
            push_big_integer(L_, std::to_string(value), nearest, options_);
        } else {
            lua_pushnumber(L_, nearest);
        }
        return place();
    }

    bool enter(int level) {
        if (static_cast<int>(levels_.size()) == options_.depth || !lua_checkstack(L_, 8)) {
            error_ = depth_error(text_, options_.depth);
            return false;
        }
        lua_newtable(L_);
        if (level != in_object) {
            lua_pushvalue(L_, array_metatable_);
            lua_setmetatable(L_, -2);
        }
        levels_.push_back(level);
        return true;
    }

    bool leave() {
        levels_.pop_back();
        return place();
    }

    // Moves the value at the top into the table below it.
    bool place() {
        if (levels_.empty()) return true;
        if (levels_.back() == in_object)
            lua_rawset(L_, -3);
        else
            lua_rawseti(L_, -2, ++levels_.back());
        return true;
    }

    lua_State* L_;
    std::string_view text_;
    const DecodeOptions& options_;
    int array_metatable_;
    std::vector<int> levels_;  // of each open table: how many items an array has, or in_object
    std::optional<Error> error_;
};

}  // namespace

void decode_exactly(lua_State* L, std::string_view text, const DecodeOptions& options) {
    push_array_metatable(L);
    const int metatable = lua_gettop(L);
    Handler handler(L, text, options);
    json::sax_parse(text.data(), text.data() + text.size(), &handler);
    if (handler.error()) throw *handler.error();
    if (const auto error = nul_error(text)) throw *error;
    lua_replace(L, metatable);
}

}  // namespace uhost::json
