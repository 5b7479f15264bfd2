#include "api/kb/required_literals.hpp"

#include <algorithm>

#include "api/re/pattern_tree.hpp"

namespace uhost::kb {
namespace {

constexpr std::size_t max_joined = 24, max_texts = 64, max_text = 48;

// How good a set is to search for: rare texts, and few of them, score high; beyond some length more letters add little.
// 0 for a set that is of no use.
double value_of(const LiteralSet& set) {
    constexpr double rare_enough = 10, of_more = 0.1, of_each = 0.2, least_of_use = 0.01;
    if (set.empty()) return 0;
    double least = 1e9;
    for (const auto& literal : set) {
        double value = 0;
        for (const char c : literal.text) value += c == ' ' ? 0.6 : (c >= '0' && c <= '9') ? 0.8 : 1.0;
        if (literal.text.size() < shortest_literal) return 0;
        least = std::min(least, value);
    }
    const double rarity = std::min(least, rare_enough) + of_more * std::max(least - rare_enough, 0.0);
    return std::max(rarity - of_each * static_cast<double>(set.size()), least_of_use);
}

// Without the texts that hold another one: that is met wherever they are.
LiteralSet without_longer(const LiteralSet& set) {
    LiteralSet all;
    for (const auto& literal : set) {
        const bool holds_other = std::ranges::any_of(set, [&](const Literal& other) {
            return other.text.size() < literal.text.size() && other.caseless == literal.caseless &&
                   literal.text.find(other.text) != std::string::npos;
        });
        if (!holds_other) all.push_back(literal);
    }
    return all;
}

const std::optional<LiteralSet>& better(const std::optional<LiteralSet>& one, const std::optional<LiteralSet>& other) {
    const double value_one = one ? value_of(*one) : 0, value_other = other ? value_of(*other) : 0;
    return value_one >= value_other ? one : other;
}

void tidy(LiteralSet& set) {
    std::ranges::sort(set);
    const auto repeated = std::ranges::unique(set);
    set.erase(repeated.begin(), repeated.end());
}

std::optional<LiteralSet> joined(const LiteralSet& before, const LiteralSet& after) {
    if (before.size() * after.size() > max_joined) return std::nullopt;
    LiteralSet all;
    for (const auto& first : before) {
        for (const auto& second : after) {
            if (first.text.size() + second.text.size() > max_text) return std::nullopt;
            all.push_back({first.text + second.text, first.caseless || second.caseless});
        }
    }
    tidy(all);
    return all;
}

}  // namespace

MatchedTexts MatchedTexts::of(std::string text, bool caseless) { return one_of({Literal{std::move(text), caseless}}); }

MatchedTexts MatchedTexts::one_of(LiteralSet texts) {
    MatchedTexts result;
    result.exact_ = std::move(texts);
    return result;
}

MatchedTexts MatchedTexts::anything() {
    MatchedTexts result;
    result.exact_.reset();
    return result;
}

// All texts are no longer known, but that each has one of these, at its end.
void MatchedTexts::give_up_exact() {
    if (!exact_) return;
    required_ = *exact_;
    open_ = std::move(exact_);
    exact_.reset();
}

void MatchedTexts::append(MatchedTexts next) {
    if (exact_ && next.exact_) {
        if (auto all = joined(*exact_, *next.exact_)) {
            exact_ = std::move(all);
            return;
        }
    }
    give_up_exact();
    required_ = better(required_, next.required());
    if (!next.exact_) {
        open_ = std::move(next.open_);
        return;
    }
    auto longer = open_ ? joined(*open_, *next.exact_) : std::nullopt;
    open_ = longer ? std::move(longer) : std::move(next.exact_);
    required_ = better(required_, open_);
}

void MatchedTexts::add_alternative(MatchedTexts other) {
    if (exact_ && other.exact_ && exact_->size() + other.exact_->size() <= max_texts) {
        exact_->insert(exact_->end(), other.exact_->begin(), other.exact_->end());
        tidy(*exact_);
        return;
    }
    auto mine = required(), its = other.required();
    exact_.reset();
    open_.reset();
    required_.reset();
    if (!mine || !its || mine->size() + its->size() > max_texts) return;
    mine->insert(mine->end(), its->begin(), its->end());
    tidy(*mine);
    required_ = std::move(mine);
}

void MatchedTexts::repeat(unsigned least, std::optional<unsigned> most) {
    if (least == 1 && most == 1U) return;
    if (least == 0 && most == 1U && exact_) return add_alternative(MatchedTexts());
    if (least == 0) {
        *this = anything();
        return;
    }
    constexpr unsigned max_copies = 8;
    if (exact_ && most == least && least <= max_copies) {
        const auto once = *this;
        for (unsigned i = 1; i < least; ++i) append(once);
        return;
    }
    give_up_exact();
}

std::optional<LiteralSet> MatchedTexts::required() const {
    const auto& best = exact_ ? exact_ : required_;
    if (!best || value_of(*best) == 0) return std::nullopt;
    return without_longer(*best);
}

// Patterns ------------------------------------------------------------------------------------------------------------

namespace {

using re::PatternNode;
using Kind = PatternNode::Kind;

/// Raised at a part of a pattern of whose texts nothing can be said.
struct Unknown {};

// One of few characters: each serves as a text.
MatchedTexts texts_of_class(const PatternNode& node) {
    constexpr std::size_t few = 4;
    LiteralSet texts;
    for (unsigned code = 0; code < 128 && texts.size() <= few; ++code) {
        const bool is_upper = code >= 'A' && code <= 'Z', is_lower = code >= 'a' && code <= 'z';
        if (!node.set.ascii[code] || (node.caseless && is_upper)) continue;
        texts.push_back({std::string(1, static_cast<char>(code)), node.caseless && is_lower});
    }
    const bool has_newline = node.set.ascii['\n'] || node.set.ascii[0];
    if (!node.plain_ascii || has_newline || texts.empty() || texts.size() > few) return MatchedTexts::anything();
    return MatchedTexts::one_of(std::move(texts));
}

// Only ASCII letters have other cases that a literal says.
MatchedTexts texts_of_set(const PatternNode& node, std::string_view pattern) {
    if (!node.character) return texts_of_class(node);
    const auto code = *node.character;
    if (code == '\n' || code == 0) return MatchedTexts::anything();
    if (code < 128) {
        const auto letter = static_cast<char>(code);
        const bool is_letter = (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z');
        return MatchedTexts::of(std::string(1, letter), node.caseless && is_letter);
    }
    // Beyond ASCII, one that is written as itself.
    const auto text = node.span.of(pattern);
    if (node.caseless || static_cast<unsigned char>(text[0]) < 0x80) return MatchedTexts::anything();
    return MatchedTexts::of(std::string(text), false);
}

MatchedTexts texts_of(const PatternNode& node, std::string_view pattern) {
    MatchedTexts texts;
    switch (node.kind) {
        case Kind::set:
            return texts_of_set(node, pattern);
        case Kind::sequence:
            for (const auto& item : node.items) texts.append(texts_of(item, pattern));
            return texts;
        case Kind::choice:
            texts = texts_of(node.items.front(), pattern);
            for (std::size_t i = 1; i < node.items.size(); ++i) texts.add_alternative(texts_of(node.items[i], pattern));
            return texts;
        case Kind::repeat:
            texts = texts_of(node.items.front(), pattern);
            texts.repeat(node.min, node.max);
            return texts;
        case Kind::group:
            return texts_of(node.items.front(), pattern);
        case Kind::assertion:
        case Kind::look:
        case Kind::options:
        case Kind::keep:
            return texts;
        case Kind::reference:
        case Kind::line_break:
        case Kind::grapheme:
            return MatchedTexts::anything();
        default:
            throw Unknown();
    }
}

}  // namespace

std::optional<LiteralSet> required_literals(std::string_view pattern, const re::Flags& flags) {
    const auto tree = re::parse_pattern(pattern, flags);
    if (!tree) return std::nullopt;
    try {
        return texts_of(tree->root, pattern).required();
    } catch (const Unknown&) {
        return std::nullopt;
    }
}

}  // namespace uhost::kb
