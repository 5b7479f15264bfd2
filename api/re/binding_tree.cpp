// What a pattern consists of, as tables.
#include <array>

#include "api/re/binding_pattern.hpp"
#include "api/re/pattern_tree.hpp"

namespace uhost::re {
namespace {

using bind::Call;
using Kind = PatternNode::Kind;

constexpr std::array kind_names{"set",     "sequence",   "choice",   "repeat",    "group",   "assertion",
                                "look",    "reference",  "call",     "condition", "options", "verb",
                                "callout", "line_break", "grapheme", "keep"};
constexpr std::array assertion_names{"text_start", "line_start", "text_end", "last_line_end",
                                     "line_end",   "word",       "not_word", "search_start"};
constexpr std::array beyond_names{"none", "some", "all"};

void push_set(Call& call, const CharacterSet& set) {
    call.new_table();
    for (unsigned code = 0; code < set.ascii.size(); ++code) {
        if (set.ascii[code]) call.push(true).seti(static_cast<int>(code));
    }
    if (set.beyond != CharacterSet::Beyond::none)
        call.field("beyond", beyond_names[static_cast<std::size_t>(set.beyond)]);
    if (set.inexact) call.field("inexact", true);
}

void push_node(Call& call, const PatternNode& node);

void push_items(Call& call, const PatternNode& node) {
    const bool has_one = node.kind == Kind::repeat || node.kind == Kind::group || node.kind == Kind::look;
    if (has_one) {
        push_node(call, node.items.front());
        call.set("item");
        return;
    }
    call.new_table(node.items.size());
    int position = 0;
    for (const auto& item : node.items) {
        push_node(call, item);
        call.seti(++position);
    }
    call.set("items");
}

void push_node(Call& call, const PatternNode& node) {
    luaL_checkstack(call.state(), 8, "a pattern that is nested too deeply");
    call.new_table(0, 6).field("type", kind_names[static_cast<std::size_t>(node.kind)]);
    call.field("first", node.span.begin + 1).field("last", node.span.end);
    if (node.kind == Kind::set) {
        push_set(call, node.set);
        call.set("set");
        if (node.character) call.field("code", static_cast<std::uint32_t>(*node.character));
    }
    if (!node.items.empty() || node.kind == Kind::sequence) push_items(call, node);
    if (node.kind == Kind::repeat) {
        call.field("min", node.min).field("max", node.max);
        if (node.greed == PatternNode::Greed::lazy) call.field("lazy", true);
        if (node.greed == PatternNode::Greed::possessive) call.field("possessive", true);
    }
    if (node.kind == Kind::assertion) call.field("kind", assertion_names[static_cast<std::size_t>(node.assertion)]);
    if (node.kind == Kind::look) call.field("ahead", node.ahead).field("negative", node.negative);
    if (node.number > 0) call.field("number", node.number);
    if (!node.name.empty()) call.field("name", node.name);
    if (!node.options.empty()) call.field("options", node.options);
    if (node.atomic) call.field("atomic", true);
}

}  // namespace

// parse(pattern, flags): the tree, or nil.
int parse(Call& call) {
    const auto pattern = call.text(1, "pattern");
    const auto flags = flags_at(call, 2);
    const Regex regex(pattern, flags, Regex::Use::rarely);
    const auto tree = parse_pattern(pattern, flags);
    if (!tree) return call.give(nullptr);
    push_node(call, tree->root);
    return 1;
}

// groups(pattern, flags): {count =, names =}
int groups(Call& call) {
    const Regex regex(call.text(1, "pattern"), flags_at(call, 2), Regex::Use::rarely);
    call.new_table(0, 2).field("count", regex.groups()).new_table(0, regex.names().size());
    // Of groups with the same name, the first counts.
    for (auto name = regex.names().rbegin(); name != regex.names().rend(); ++name)
        call.field(name->name.c_str(), name->group);
    call.set("names");
    return 1;
}

}  // namespace uhost::re
