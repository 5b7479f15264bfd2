#include "host/sandbox/plain_data.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace uhost::sandbox {
namespace {

enum Tag : std::uint8_t { nil = '0', no = 'f', yes = 't', number_tag = 'n', text_tag = 's', list = 'l', fields = 'd' };

constexpr int stack_per_level = 8;
constexpr std::size_t max_path_bytes = 160;

template <class Value>
void append(std::string& out, Value value) {
    char raw[sizeof value];
    std::memcpy(raw, &value, sizeof value);
    out.append(raw, sizeof value);
}

std::string shown_key(lua_State* L, int index) {
    if (lua_type(L, index) == LUA_TNUMBER) {
        lua_pushvalue(L, index);  // lua_tolstring would change the key under lua_next
        std::string text = lua_tostring(L, -1);
        lua_pop(L, 1);
        return text;
    }
    if (lua_type(L, index) == LUA_TBOOLEAN) return lua_toboolean(L, index) != 0 ? "true" : "false";
    return std::string("a ").append(luaL_typename(L, index));
}

}  // namespace

bool DataWriter::refuse(std::string problem) {
    refusal_ = NotPlain{std::string(name_), path(), std::move(problem)};
    return false;
}

bool DataWriter::refuse_all(std::string problem) {
    steps_.clear();
    return refuse(std::move(problem));
}

std::string DataWriter::path() const {
    std::string text;
    for (const auto& step : steps_) {
        text += step;
        if (text.size() > max_path_bytes) return text.substr(0, max_path_bytes) + "...";
    }
    return text;
}

std::optional<NotPlain> DataWriter::write(lua_State* L, int index, std::string_view name) {
    name_ = name;
    steps_.clear();
    open_.clear();
    refusal_.reset();
    luaL_checkstack(L, stack_per_level, "plain data");
    lua_pushvalue(L, index);
    if (functions_ != nullptr && is_left_out(L)) {
        write_nil();
    } else {
        const int top = lua_gettop(L);
        write_value(L, 1);
        lua_settop(L, top);
    }
    lua_pop(L, 1);
    return refusal_;
}

void DataWriter::write(std::string_view text) {
    out_ += static_cast<char>(text_tag);
    append(out_, static_cast<std::uint32_t>(text.size()));
    out_ += text;
}

void DataWriter::write(double number) {
    out_ += static_cast<char>(number_tag);
    append(out_, number);
}

void DataWriter::write_nil() { out_ += static_cast<char>(nil); }

/// Writes the value at the top.
bool DataWriter::write_value(lua_State* L, int depth) {
    if (++count_ > limits_.values)
        return refuse_all("has more than " + std::to_string(limits_.values) + " values");
    switch (lua_type(L, -1)) {
        case LUA_TNIL:
            write_nil();
            break;
        case LUA_TBOOLEAN:
            out_ += static_cast<char>(lua_toboolean(L, -1) != 0 ? yes : no);
            break;
        case LUA_TNUMBER:
            if (!std::isfinite(lua_tonumber(L, -1))) return refuse("is not a finite number");
            write(lua_tonumber(L, -1));
            break;
        case LUA_TSTRING:
            write(std::string_view(lua_tostring(L, -1), lua_objlen(L, -1)));
            break;
        case LUA_TTABLE:
            if (!write_table(L, depth)) return false;
            break;
        default:
            return refuse(std::string("is a ") + luaL_typename(L, -1));
    }
    if (out_.size() > limits_.bytes)
        return refuse_all("takes more than " + std::to_string(limits_.bytes >> 20) + " MiB");
    return true;
}

bool DataWriter::is_left_out(lua_State* L) {
    if (functions_ == nullptr || lua_type(L, -1) != LUA_TFUNCTION) return false;
    std::string where;
    for (const auto& step : steps_) {
        const auto bare =
            step.front() == '[' ? std::string_view(step).substr(1, step.size() - 2) : std::string_view(step).substr(1);
        (where += where.empty() ? "" : ".") += bare;
    }
    functions_->push_back(std::move(where));
    return true;
}

bool DataWriter::write_table(lua_State* L, int depth) {
    const void* table = lua_topointer(L, -1);
    if (std::find(open_.begin(), open_.end(), table) != open_.end()) return refuse("contains itself");
    if (depth > limits_.depth) {
        return refuse("is nested more than " + std::to_string(limits_.depth) + " levels deep");
    }
    if (!lua_checkstack(L, stack_per_level)) return refuse("is nested too deep");
    open_.push_back(table);
    const std::size_t length = lua_objlen(L, -1);
    if (!(length > 0 ? write_list(L, depth, length) : write_fields(L, depth))) return false;
    open_.pop_back();
    return true;
}

bool DataWriter::refuse_key(lua_State* L) {
    return refuse("is a table with the key " + shown_key(L, -2) +
                  " (keys are strings, or 1 to n without gaps)");
}

/// Whether the table at the top has the keys 1 to `length` and no others.
bool DataWriter::check_keys(lua_State* L, std::size_t length) {
    std::size_t count = 0;
    lua_pushnil(L);
    for (; lua_next(L, -2) != 0; ++count) {
        if (lua_type(L, -2) == LUA_TSTRING) {
            return refuse(std::string("is a list with the extra key '") + lua_tostring(L, -2) + "'");
        }
        const double key = lua_type(L, -2) == LUA_TNUMBER ? lua_tonumber(L, -2) : 0;
        if (key < 1 || key > static_cast<double>(length) || key != std::floor(key)) return refuse_key(L);
        lua_pop(L, 1);
    }
    return count == length || refuse("is a list with gaps");
}

bool DataWriter::write_list(lua_State* L, int depth, std::size_t length) {
    if (!check_keys(L, length)) return false;
    out_ += static_cast<char>(list);
    append(out_, static_cast<std::uint32_t>(length));
    for (std::size_t i = 1; i <= length; ++i) {
        lua_rawgeti(L, -1, static_cast<int>(i));
        steps_.emplace_back("[").append(std::to_string(i)).append("]");
        if (is_left_out(L)) {
            write_nil();
        } else if (!write_value(L, depth + 1)) {
            return false;
        }
        steps_.pop_back();
        lua_pop(L, 1);
    }
    return true;
}

bool DataWriter::write_fields(lua_State* L, int depth) {
    out_ += static_cast<char>(fields);
    const std::size_t head = out_.size();
    std::uint32_t count = 0;
    append(out_, count);
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
        if (lua_type(L, -2) != LUA_TSTRING) return refuse_key(L);
        const std::string_view key(lua_tostring(L, -2), lua_objlen(L, -2));
        steps_.emplace_back(".").append(key);
        if (!is_left_out(L)) {
            write(key);
            if (!write_value(L, depth + 1)) return false;
            ++count;
        }
        steps_.pop_back();
        lua_pop(L, 1);
    }
    std::memcpy(out_.data() + head, &count, sizeof count);
    return true;
}

std::optional<std::string_view> DataReader::bytes(std::size_t count) {
    if (count > rest_.size()) return std::nullopt;
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
}

std::optional<std::uint8_t> DataReader::tag() {
    const auto raw = bytes(1);
    if (!raw) return std::nullopt;
    return static_cast<std::uint8_t>(raw->front());
}

std::optional<std::uint32_t> DataReader::length() {
    const auto raw = bytes(sizeof(std::uint32_t));
    if (!raw) return std::nullopt;
    std::uint32_t value = 0;
    std::memcpy(&value, raw->data(), sizeof value);
    return value;
}

std::optional<std::string_view> DataReader::text() {
    const auto before = rest_;
    if (tag() == text_tag) {
        if (const auto size = length()) {
            if (const auto found = bytes(*size)) return found;
        }
    }
    rest_ = before;
    return std::nullopt;
}

std::optional<double> DataReader::number() {
    const auto before = rest_;
    if (tag() == number_tag) {
        if (const auto raw = bytes(sizeof(double))) {
            double value = 0;
            std::memcpy(&value, raw->data(), sizeof value);
            return value;
        }
    }
    rest_ = before;
    return std::nullopt;
}

std::string DataReader::text_or(std::string_view fallback) {
    if (const auto found = text()) return std::string(*found);
    if (!rest_.empty() && rest_.front() == static_cast<char>(nil)) rest_.remove_prefix(1);
    return std::string(fallback);
}

bool DataReader::push(lua_State* L) {
    const int top = lua_gettop(L);
    if (push_value(L, 1)) return true;
    lua_settop(L, top);
    return false;
}

bool DataReader::push_value(lua_State* L, int depth) {
    if (++count_ > limits_.values || !lua_checkstack(L, stack_per_level)) return false;
    if (const auto found = text()) {
        lua_pushlstring(L, found->data(), found->size());
        return true;
    }
    if (const auto found = number()) {
        lua_pushnumber(L, *found);
        return true;
    }
    switch (tag().value_or(0)) {
        case nil:
            lua_pushnil(L);
            return true;
        case no:
            lua_pushboolean(L, 0);
            return true;
        case yes:
            lua_pushboolean(L, 1);
            return true;
        case list:
            return depth <= limits_.depth && push_list(L, depth);
        case fields:
            return depth <= limits_.depth && push_fields(L, depth);
        default:
            return false;
    }
}

bool DataReader::push_list(lua_State* L, int depth) {
    const auto count = length();
    if (!count || *count > rest_.size()) return false;  // an item takes a byte at least
    // Lists within lists could each claim what all of them have together.
    lua_createtable(L, static_cast<int>(std::min<std::uint32_t>(*count, 1024)), 0);
    for (std::uint32_t i = 1; i <= *count; ++i) {
        if (!push_value(L, depth + 1)) return false;
        lua_rawseti(L, -2, static_cast<int>(i));
    }
    return true;
}

bool DataReader::push_fields(lua_State* L, int depth) {
    const auto count = length();
    if (!count || *count > rest_.size()) return false;
    lua_createtable(L, 0, static_cast<int>(std::min<std::uint32_t>(*count, 1024)));
    for (std::uint32_t i = 0; i < *count; ++i) {
        const auto key = text();
        if (!key) return false;
        lua_pushlstring(L, key->data(), key->size());
        if (!push_value(L, depth + 1)) return false;
        lua_rawset(L, -3);
    }
    return true;
}

}  // namespace uhost::sandbox
