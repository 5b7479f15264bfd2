#pragma once

#include <cstdint>
#include <lua.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Plain data between two Lua states: nil, booleans, finite numbers, strings of any bytes, lists, and tables with
/// string keys; copies, never references. That is JSON's model with nil and with bytes, and no text format carries
/// those two: the content of a file need not be UTF-8.
///
/// A value is a tag and its payload; numbers and lengths are in the machine's byte order, for both ends are processes
/// of one machine.
namespace uhost::sandbox {

struct DataLimits {
    int depth = 100;                 ///< most levels of tables
    std::size_t values = 1'000'000;  ///< most values, keys not counted
    std::size_t bytes = std::size_t{64} << 20;
};

/// What keeps a value from crossing, and where in it.
struct NotPlain {
    std::string name;     ///< of the whole: "the policy's data"
    std::string path;     ///< within it: ".list[3]"; "" for the whole
    std::string problem;  ///< "is a function"
    std::string message() const { return (name + path).append(" ").append(problem); }
};

/// Appends a value of a Lua state. Reads tables raw, so that no code of theirs runs.
class DataWriter {
public:
    explicit DataWriter(std::string& out, const DataLimits& limits = {}) : out_(out), limits_(limits) {}

    /// Appends the value at `index`; `name` is what it is called in a refusal. Needs some stack of `L`; leaves it as it
    /// was. Without a refusal, the value has been written.
    std::optional<NotPlain> write(lua_State* L, int index, std::string_view name);
    void write(std::string_view text);
    void write(double number);
    void write_nil();

    /// Leaves functions out instead of refusing them, and notes where they were: "rules.3.when".
    void skip_functions(std::vector<std::string>& paths) { functions_ = &paths; }

private:
    bool write_value(lua_State* L, int depth);
    bool write_table(lua_State* L, int depth);
    bool check_keys(lua_State* L, std::size_t length);
    bool write_list(lua_State* L, int depth, std::size_t length);
    bool write_fields(lua_State* L, int depth);
    bool refuse_key(lua_State* L);
    bool is_left_out(lua_State* L);
    bool refuse(std::string problem);
    bool refuse_all(std::string problem);
    std::string path() const;

    std::string& out_;
    DataLimits limits_;
    std::size_t count_ = 0;
    std::string_view name_;
    std::vector<std::string> steps_;
    std::vector<const void*> open_;
    std::vector<std::string>* functions_ = nullptr;
    std::optional<NotPlain> refusal_;
};

/// Reads what a DataWriter wrote. Bytes that none wrote give nothing, and never more memory than they would need.
class DataReader {
public:
    explicit DataReader(std::string_view bytes, const DataLimits& limits = {}) : rest_(bytes), limits_(limits) {}

    /// Pushes the next value; false (with nothing pushed) if there is none or it is malformed.
    bool push(lua_State* L);
    std::optional<std::string_view> text();
    std::optional<double> number();
    /// The next value as text, if it is; any other plain value is passed over.
    std::string text_or(std::string_view fallback);
    bool at_end() const { return rest_.empty(); }

private:
    bool push_value(lua_State* L, int depth);
    bool push_list(lua_State* L, int depth);
    bool push_fields(lua_State* L, int depth);
    std::optional<std::uint8_t> tag();
    std::optional<std::uint32_t> length();
    std::optional<std::string_view> bytes(std::size_t count);

    std::string_view rest_;
    DataLimits limits_;
    std::size_t count_ = 0;
};

}  // namespace uhost::sandbox
