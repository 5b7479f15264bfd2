// `xml`: documents as tables.
#include "api/xml/document.hpp"
#include "host/bind/module.hpp"

namespace {

using namespace uhost;
using bind::Call;
using bind::Function;

constexpr std::int64_t max_depth = 1000;  // what fits on Lua's stack

void push_attributes(Call& call, const pugi::xml_node& node) {
    call.new_table();
    for (const auto& attribute : node.attributes()) call.field(attribute.name(), attribute.value());
    call.set("attributes");
}

void push_element(Call& call, const pugi::xml_node& node) {
    luaL_checkstack(call.state(), 8, "an XML document");
    call.new_table(0, 3).field("name", node.name());
    push_attributes(call, node);
    call.new_table();
    int position = 0;
    for (const auto& child : node.children()) {
        if (child.type() == pugi::node_element) {
            push_element(call, child);
        } else if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
            call.push(child.value());
        } else {
            continue;
        }
        call.seti(++position);
    }
    call.set("children");
}

int decode(Call& call) {
    const auto text = call.text(1, "text");
    const auto fields = call.fields(2, "options", {"max_bytes", "depth"});
    xml::ParseOptions options;
    const auto max_bytes = fields.integer_or("max_bytes", static_cast<std::int64_t>(options.max_bytes));
    if (max_bytes < 1) fields.bad_field("max_bytes", "a whole number of at least 1");
    options.max_bytes = static_cast<std::size_t>(max_bytes);
    const auto depth = fields.integer_or("depth", options.max_depth);
    if (depth < 1 || depth > max_depth) fields.bad_field("depth", "a whole number from 1 to 1000");
    options.max_depth = static_cast<int>(depth);
    push_element(call, xml::Document(text, options).root());
    return 1;
}

constexpr Function functions[]{{"decode", decode}};

}  // namespace

extern "C" int luaopen_uhost_xml(lua_State* L) { return bind::module(L, "xml", functions); }
