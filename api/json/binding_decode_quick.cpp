#include <fmt/format.h>
#include <simdjson.h>

#include <memory>

#include "api/json/binding.hpp"

namespace uhost::json {
namespace {

namespace dom = simdjson::dom;

// A parser keeps its buffers, some 14 times the size of the largest text it has seen: only worth it for small texts.
constexpr std::size_t max_kept_bytes = 1 << 20;

thread_local std::unique_ptr<dom::parser> spare;

// A parser for one call. It is out of reach of a decode that a finalizer may start while this one fills tables.
class BorrowedParser {
public:
    BorrowedParser() : parser_(spare ? std::move(spare) : std::make_unique<dom::parser>()) {}
    BorrowedParser(const BorrowedParser&) = delete;
    BorrowedParser& operator=(const BorrowedParser&) = delete;
    ~BorrowedParser() {
        if (parser_->capacity() <= max_kept_bytes) spare = std::move(parser_);
    }
    dom::parser& operator*() { return *parser_; }

private:
    std::unique_ptr<dom::parser> parser_;
};

/// Turns simdjson's flat list of values into Lua values.
class Builder {
public:
    Builder(lua_State* L, const DecodeOptions& options, int array_metatable)
        : L_(L), options_(options), array_metatable_(array_metatable) {}

    /// Pushes one value; false when it nests too deep, with something left on the stack.
    bool push(dom::element value) {
        using Type = dom::element_type;
        switch (value.type()) {
            case Type::STRING:
                push_text(value.get_string().value_unsafe());
                return true;
            case Type::INT64:
                push_integer(value.get_int64().value_unsafe());
                return true;
            case Type::UINT64:
                push_integer(value.get_uint64().value_unsafe());
                return true;
            case Type::DOUBLE:
                lua_pushnumber(L_, value.get_double().value_unsafe());
                return true;
            case Type::BOOL:
                lua_pushboolean(L_, value.get_bool().value_unsafe());
                return true;
            case Type::NULL_VALUE:
                push_null(L_);
                return true;
            case Type::ARRAY:
                return enter() && push_array(value.get_array().value_unsafe());
            case Type::OBJECT:
                return enter() && push_object(value.get_object().value_unsafe());
        }
        return false;
    }

private:
    bool enter() { return ++depth_ <= options_.depth && lua_checkstack(L_, 8); }

    bool push_array(dom::array items) {
        lua_createtable(L_, static_cast<int>(items.size()), 0);
        lua_pushvalue(L_, array_metatable_);
        lua_setmetatable(L_, -2);
        int position = 0;
        for (const dom::element item : items) {
            if (!push(item)) return false;
            lua_rawseti(L_, -2, ++position);
        }
        --depth_;
        return true;
    }

    bool push_object(dom::object fields) {
        lua_createtable(L_, 0, static_cast<int>(fields.size()));
        for (const auto [key, value] : fields) {
            if (options_.omit_null && value.is_null()) {
                omit(key);
                continue;
            }
            push_text(key);
            if (!push(value)) return false;
            lua_rawset(L_, -3);
        }
        --depth_;
        return true;
    }

    // The last of two equal keys wins, also when it is null.
    void omit(std::string_view key) {
        push_text(key);
        lua_pushnil(L_);
        lua_rawset(L_, -3);
    }

    void push_text(std::string_view text) { lua_pushlstring(L_, text.data(), text.size()); }

    template <class Integer>
    void push_integer(Integer value) {
        const auto nearest = static_cast<double>(value);
        if (options_.big_as_text &&
            (nearest > exact_integers || nearest < -exact_integers || static_cast<Integer>(nearest) != value)) {
            push_text(fmt::format_int(value).c_str());
        } else {
            lua_pushnumber(L_, nearest);
        }
    }

    lua_State* L_;
    const DecodeOptions& options_;
    int array_metatable_;
    int depth_ = 0;
};

}  // namespace

bool decode_quickly(lua_State* L, std::string_view text, const DecodeOptions& options) {
    const int top = lua_gettop(L);
    BorrowedParser parser;
    dom::element root;
    if ((*parser).parse(text.data(), text.size()).get(root) != simdjson::SUCCESS) return false;
    push_array_metatable(L);
    if (!Builder(L, options, top + 1).push(root)) {
        lua_settop(L, top);
        return false;
    }
    lua_replace(L, top + 1);
    return true;
}

}  // namespace uhost::json
