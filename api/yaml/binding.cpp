// `yaml`: documents with the place of everything in them.
#include "api/yaml/document.hpp"
#include "api/yaml/scalar.hpp"
#include "host/bind/module.hpp"

namespace {

using namespace uhost;
using bind::Call;
using bind::Function;

const UsageErrors usage_errors("yaml");

constexpr std::int64_t max_depth = 1000;  // what fits on Lua's stack
constexpr const char* style_names[]{"plain", "single", "double", "literal", "folded", "block", "flow"};

/// Makes tables of nodes, and of what they say as plain values.
class Pusher {
public:
    /// The array's metatable is at `array_metatable` of the stack.
    Pusher(Call& call, std::size_t shift, int array_metatable)
        : call_(call), shift_(shift), array_metatable_(array_metatable) {}

    void push(const yaml::Node& node) {
        luaL_checkstack(call_.state(), 8, "a YAML document");
        call_.new_table(0, 8)
            .field("line", node.place.line)
            .field("column", node.place.column)
            .field("first", node.begin + shift_ + 1)
            .field("last", node.end + shift_)
            .field("style", style_names[static_cast<int>(node.style)]);
        if (!node.anchor.empty()) call_.field("anchor", node.anchor);
        if (!node.tag.empty() && node.tag != "!") call_.field("tag", node.tag);
        switch (node.kind) {
            case yaml::Kind::scalar:
                push_scalar(node);
                break;
            case yaml::Kind::sequence:
                push_sequence(node);
                break;
            case yaml::Kind::mapping:
                push_mapping(node);
                break;
        }
    }

private:
    void push_scalar(const yaml::Node& node) {
        call_.field("kind", "scalar").field("text", node.text);
        std::visit(
            [this](auto value) {
                if constexpr (std::is_same_v<decltype(value), std::nullptr_t>) {
                    lua_pushlightuserdata(call_.state(), nullptr);  // json.null
                } else {
                    call_.push(value);
                }
            },
            yaml::resolve(node));
        call_.set("value");
        if (const auto doubt = yaml::doubt(node); !doubt.empty()) call_.field("doubt", doubt);
    }

    void push_sequence(const yaml::Node& node) {
        auto* L = call_.state();
        call_.field("kind", "sequence");
        call_.new_table(node.items.size(), 0);
        call_.new_table(node.items.size(), 0);
        lua_pushvalue(L, array_metatable_);
        lua_setmetatable(L, -2);
        int position = 0;
        for (const auto* item : node.items) {
            push(*item);
            lua_getfield(L, -1, "value");
            lua_rawseti(L, -3, ++position);
            lua_rawseti(L, -3, position);
        }
        lua_setfield(L, -3, "value");
        call_.set("items");
    }

    void push_mapping(const yaml::Node& node) {
        auto* L = call_.state();
        call_.field("kind", "mapping");
        call_.new_table(node.entries.size(), 0);
        call_.new_table(0, node.entries.size());
        int position = 0;
        for (const auto& entry : node.entries) {
            call_.new_table(0, entry.merged ? 3 : 2);
            push(*entry.key);
            call_.set("key");
            push(*entry.value);
            lua_pushlstring(L, entry.key->text.data(), entry.key->text.size());
            lua_getfield(L, -2, "value");
            lua_rawset(L, -5);
            call_.set("value");
            if (entry.merged) call_.field("merged", true);
            lua_rawseti(L, -3, ++position);
        }
        lua_setfield(L, -3, "value");
        call_.set("entries");
    }

    Call& call_;
    std::size_t shift_;
    int array_metatable_;
};

// The third argument is an array of `json`: others are made like it.
int parse(Call& call) {
    auto text = call.text(1, "text");
    const auto fields = call.fields(2, "options", {"max_bytes", "max_nodes", "depth"});
    yaml::ParseOptions options;
    const auto positive = [&](const char* key, std::size_t fallback) {
        const auto value = fields.integer_or(key, static_cast<std::int64_t>(fallback));
        if (value < 1) fields.bad_field(key, "a whole number of at least 1");
        return static_cast<std::size_t>(value);
    };
    options.max_bytes = positive("max_bytes", options.max_bytes);
    options.max_nodes = positive("max_nodes", options.max_nodes);
    const auto depth = fields.integer_or("depth", options.max_depth);
    if (depth < 1 || depth > max_depth) fields.bad_field("depth", "a whole number from 1 to 1000");
    options.max_depth = static_cast<int>(depth);
    std::size_t shift = 0;
    if (constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF"; text.starts_with(byte_order_mark)) {
        shift = byte_order_mark.size();
        text.remove_prefix(shift);
    }
    const yaml::Document document(text, options);
    lua_getmetatable(call.state(), 3);
    Pusher(call, shift, lua_gettop(call.state())).push(document.root());
    return 1;
}

constexpr Function functions[]{{"parse", parse}};

}  // namespace

extern "C" int luaopen_uhost_yaml(lua_State* L) { return bind::module(L, "yaml", functions); }
