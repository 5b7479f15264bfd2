#include "api/re/rewrite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "api/re/pattern_tree.hpp"

namespace uhost::re {
namespace {

using Kind = PatternNode::Kind;
using Assertion = PatternNode::Assertion;

/// Raised at a part of a pattern that has no safe form.
struct NoSafeForm {};

/// Pieces of a pattern that are written anew, in their order.
class Edits {
public:
    explicit Edits(std::string_view pattern) : pattern_(pattern) {}

    void replace(const Span& span, std::string_view text) {
        out_ += pattern_.substr(done_, span.begin - done_);
        out_ += text;
        done_ = span.end;
    }
    void insert(std::size_t at, std::string_view text) { replace({at, at}, text); }

    std::string finish() {
        out_ += pattern_.substr(std::min(done_, pattern_.size()));
        return std::move(out_);
    }

private:
    std::string_view pattern_;
    std::string out_;
    std::size_t done_ = 0;
};

bool is_character(const PatternNode& node) { return node.character.has_value(); }

/// Makes a newline a wall to a pattern.
class LineRewriter {
public:
    LineRewriter(std::string_view pattern, const Flags& flags)
        : pattern_(pattern), bytes_(flags.bytes), edits_(pattern) {}

    std::string run(const PatternNode& root) {
        visit(root);
        return edits_.finish();
    }

private:
    void visit(const PatternNode& node) {
        switch (node.kind) {
            case Kind::set:
                return set(node);
            case Kind::assertion:
                return assertion(node);
            case Kind::options:
                return options(node.name);
            case Kind::sequence:
            case Kind::choice:
            case Kind::repeat:
            case Kind::group:
            case Kind::look:
                options(node.options);
                for (const auto& item : node.items) visit(item);
                return;
            // What was captured holds no newline.
            case Kind::reference:
                return;
            default:
                throw NoSafeForm();
        }
    }

    // Letters that leave the dot, ^ and $ as they are.
    static void options(std::string_view letters) {
        const bool known = letters.find_first_not_of("imnxJU") == letters.npos;
        if (!known || letters.find("xx") != letters.npos) throw NoSafeForm();
    }

    void assertion(const PatternNode& node) {
        switch (node.assertion) {
            case Assertion::text_start:
                return edits_.replace(node.span, "^");
            case Assertion::text_end:
            case Assertion::last_line_end:
                return edits_.replace(node.span, "$");
            case Assertion::search_start:
                throw NoSafeForm();
            default:
                return;
        }
    }

    void set(const PatternNode& node) {
        if (!node.set.ascii['\n']) return;
        const auto text = node.span.of(pattern_);
        // A match would have a newline in it.
        if (is_character(node)) throw NoSafeForm();
        // The dot does not match a newline in a pattern that is compiled to match lines.
        if (text == ".") return;
        if (text == "\\s") return edits_.replace(node.span, R"([\x20\t\x0b\f\r])");
        if (text == "\\W") return edits_.replace(node.span, R"([^\w\n])");
        if (text == "\\D") return edits_.replace(node.span, R"([^\d\n])");
        if (text.starts_with("[^") && !text.starts_with("[^\\E") && !text.starts_with("[^\\Q")) {
            return negated(node.span.begin + 2);
        }
        if (text.starts_with('[') && is_exact(node)) return edits_.replace(node.span, without_newline(node));
        edits_.replace(node.span, fmt::format("(?:(?!\\n){})", text));
    }

    // What is special only in the first place is no longer there.
    void negated(std::size_t first) {
        const char next = first < pattern_.size() ? pattern_[first] : '\0';
        edits_.insert(first, next == ']' || next == '-' ? "\\n\\" : "\\n");
    }

    // Whether the members in ASCII are all there is to say of a class, so that it can be written by them.
    bool is_exact(const PatternNode& node) const {
        const bool folds = node.caseless && !bytes_ && (node.set.ascii['k'] || node.set.ascii['s']);
        return !node.set.inexact && node.set.beyond == CharacterSet::Beyond::none && !folds;
    }

    static std::string without_newline(const PatternNode& node) {
        std::string text = "[";
        for (unsigned code = 0; code < 128; ++code) {
            if (!node.set.ascii[code] || code == '\n') continue;
            auto last = code;
            while (last + 1 < 128 && last + 1 != '\n' && node.set.ascii[last + 1]) ++last;
            text += fmt::format("\\x{:02x}", code);
            if (last > code) text += fmt::format("-\\x{:02x}", last);
            code = last;
        }
        if (text == "[") throw NoSafeForm();
        return text + "]";
    }

    std::string_view pattern_;
    bool bytes_;
    Edits edits_;
};

void spell_types(const PatternNode& node, std::string_view pattern, Edits& edits) {
    for (const auto& item : node.items) spell_types(item, pattern, edits);
    if (node.kind != Kind::set) return;
    for (const auto& [type, spelled] : {std::pair("\\D", "[^\\d]"), {"\\S", "[^\\s]"}, {"\\W", "[^\\w]"}}) {
        if (node.span.of(pattern) == type) edits.replace(node.span, spelled);
    }
}

// Hyperscan copies what is counted.
constexpr unsigned few_copies = 4;

bool is_counted_often(const PatternNode& node, std::string_view pattern) {
    return node.quantifier.of(pattern).starts_with('{') && node.max.value_or(~0U) > few_copies;
}

bool is_anything(const PatternNode& node, std::string_view pattern) {
    const bool is_dot = node.kind == Kind::repeat && node.items[0].span.of(pattern) == ".";
    return is_dot && (!node.max || is_counted_often(node, pattern));
}

void widen(const PatternNode& node, std::string_view pattern, Edits& edits) {
    for (const auto& item : node.items) widen(item, pattern, edits);
    if (node.kind != Kind::repeat || !is_counted_often(node, pattern)) return;
    edits.replace(node.quantifier, node.min > 0 ? "+" : "*");
}

// How much at the beginning of a sequence matches anything: "^.*" and the like.
std::size_t anything_at_start(const PatternNode& node, std::string_view pattern) {
    std::size_t place = 0;
    const auto& items = node.items;
    if (node.kind != Kind::sequence) return 0;
    if (place < items.size() && items[place].kind == Kind::assertion && items[place].span.of(pattern) == "^") ++place;
    if (place < items.size() && is_anything(items[place], pattern)) return place + 1;
    return 0;
}

/// Puts callouts into a pattern.
class CalloutWriter {
public:
    explicit CalloutWriter(std::string_view pattern) : edits_(pattern) {}

    std::string run(const PatternNode& root) {
        stop_at(root.span.begin);
        visit(root);
        return edits_.finish();
    }

private:
    // So many items, or alternatives, are tried without one.
    static constexpr std::size_t few = 8;

    void stop_at(std::size_t place) { edits_.insert(place, "(?C)"); }

    void visit(const PatternNode& node) {
        switch (node.kind) {
            case Kind::verb:
                throw NoSafeForm();  // settings have to come first, and what others do depends on the way there
            case Kind::repeat:
                return repeat(node);
            case Kind::call:
                return stop_at(node.span.begin);
            case Kind::condition:
                return condition(node);
            default:
                for (std::size_t i = 0; i < node.items.size(); ++i) {
                    if (i % few == few - 1 && node.items[i].kind != Kind::call) stop_at(node.items[i].span.begin);
                    visit(node.items[i]);
                }
        }
    }

    void repeat(const PatternNode& node) {
        const auto& item = node.items.front();
        const bool has_inside = item.kind == Kind::group || item.kind == Kind::look;
        if (has_inside) stop_at(item.items.front().span.begin);
        visit(item);
        stop_at(node.span.end);
    }

    // Nothing may stand before what it depends on.
    void condition(const PatternNode& node) {
        for (const auto& item : node.items) {
            if (item.kind != Kind::choice) {
                visit(item);
                continue;
            }
            for (const auto& alternative : item.items) {
                stop_at(alternative.span.begin);
                visit(alternative);
            }
        }
    }

    Edits edits_;
};

}  // namespace

std::optional<std::string> counting_pattern(std::string_view pattern, const Flags& flags) {
    // Between \Q and \E a callout is text.
    if (pattern.find("\\Q") != pattern.npos) return std::nullopt;
    const auto tree = parse_pattern(pattern, flags);
    if (!tree) return std::nullopt;
    try {
        return CalloutWriter(pattern).run(tree->root);
    } catch (const NoSafeForm&) {
        return std::nullopt;
    }
}

std::optional<std::string> line_pattern(std::string_view pattern, const Flags& flags) {
    const auto tree = parse_pattern(pattern, flags);
    if (!tree) return std::nullopt;
    try {
        return LineRewriter(pattern, flags).run(tree->root);
    } catch (const NoSafeForm&) {
        return std::nullopt;
    }
}

std::optional<std::string> spell_negated_types(std::string_view pattern, const Flags& flags) {
    const auto tree = parse_pattern(pattern, flags);
    if (!tree) return std::nullopt;
    Edits edits(pattern);
    spell_types(tree->root, pattern, edits);
    return edits.finish();
}

std::string wide_pattern(std::string_view pattern, const Flags& flags) {
    const auto tree = parse_pattern(pattern, flags);
    if (!tree) return std::string(pattern);
    Edits edits(pattern);
    const auto& root = tree->root;
    const auto skipped = anything_at_start(root, pattern);
    if (skipped == 0) {
        widen(root, pattern, edits);
    } else {
        edits.replace({root.span.begin, root.items[skipped - 1].span.end}, "");
        for (auto i = skipped; i < root.items.size(); ++i) widen(root.items[i], pattern, edits);
    }
    return edits.finish();
}

}  // namespace uhost::re
