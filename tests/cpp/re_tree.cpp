#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <random>

#include "api/re/matcher.hpp"
#include "api/re/pattern_tree.hpp"

using namespace uhost;
using namespace uhost::re;
using Kind = PatternNode::Kind;

namespace {

/// Random patterns out of all that PCRE2's grammar has.
class Grammar {
public:
    explicit Grammar(unsigned seed) : random_(seed) {}

    std::string pattern() { return (below(12) == 0 ? pick(settings_) : "") + choice(0); }

    std::string flags() {
        std::string flags;
        for (const char letter : {'i', 'm', 's', 'x', 'n', 'b'}) {
            if (below(6) == 0) flags += letter;
        }
        return flags;
    }

private:
    std::size_t below(std::size_t most) { return random_() % most; }
    const std::string& pick(const std::vector<std::string>& list) { return list[below(list.size())]; }

    std::string choice(int depth) {
        auto text = sequence(depth);
        while (below(5) == 0) text += "|" + sequence(depth);
        return text;
    }

    std::string sequence(int depth) {
        std::string text;
        for (auto count = below(5); count > 0; --count) {
            text += atom(depth);
            if (below(8) == 0) text += pick(between_);
            if (below(3) == 0) text += pick(quantifiers_);
        }
        return text;
    }

    std::string atom(int depth) {
        if (depth < 4 && below(4) == 0) return pick(openings_) + choice(depth + 1) + ")";
        if (below(4) == 0) return bracket();
        return pick(atoms_);
    }

    std::string bracket() {
        std::string text = pick(brackets_);
        for (auto count = below(5); count > 0; --count) text += pick(items_);
        return text + "]";
    }

    std::mt19937 random_;
    const std::vector<std::string> settings_{"(*UTF)", "(*UCP)", "(*CRLF)", "(*LIMIT_MATCH=9)", "(*NO_JIT)(*UTF)"};
    const std::vector<std::string> atoms_{"a",
                                          "K",
                                          "s",
                                          "é",
                                          "\xE2\x84\xAA",
                                          ".",
                                          "^",
                                          "$",
                                          "\\A",
                                          "\\z",
                                          "\\Z",
                                          "\\b",
                                          "\\B",
                                          "\\G",
                                          "\\K",
                                          "\\R",
                                          "\\X",
                                          "\\d",
                                          "\\D",
                                          "\\s",
                                          "\\S",
                                          "\\w",
                                          "\\W",
                                          "\\h",
                                          "\\H",
                                          "\\v",
                                          "\\V",
                                          "\\N",
                                          "\\n",
                                          "\\t",
                                          "\\e",
                                          "\\cA",
                                          "\\c[",
                                          "\\x41",
                                          "\\x",
                                          "\\x{41}",
                                          "\\x{212a}",
                                          "\\o{101}",
                                          "\\0",
                                          "\\012",
                                          "\\12",
                                          "\\113",
                                          "\\81",
                                          "\\N{U+6b}",
                                          "\\pL",
                                          "\\p{Lu}",
                                          "\\p{^Ll}",
                                          "\\PN",
                                          "\\p{Greek}",
                                          "\\1",
                                          "\\2",
                                          "\\g1",
                                          "\\g{-1}",
                                          "\\g{n}",
                                          "\\k<n>",
                                          "\\k{n}",
                                          "\\k'n'",
                                          "\\g<1>",
                                          "\\g'n'",
                                          "(?1)",
                                          "(?R)",
                                          "(?&n)",
                                          "(?P>n)",
                                          "(?P=n)",
                                          "(?+1)",
                                          "(?-1)",
                                          "(?C)",
                                          "(?C7)",
                                          "(?C'a''b')",
                                          "(?C{a})",
                                          "(?#c(o)m)",
                                          "(*F)",
                                          "(*COMMIT)",
                                          "(*MARK:x)",
                                          "(*:y)",
                                          "(*ACCEPT)",
                                          "(?i)",
                                          "(?-i)",
                                          "(?x)",
                                          "(?xx)",
                                          "(?^)",
                                          "(?m-s)",
                                          "(?n)",
                                          "(?J)",
                                          "(?s)",
                                          "\\Qa(.*\\E",
                                          "\\Q\\E",
                                          "\\E",
                                          "\\Q+",
                                          " ",
                                          "#a(b\n",
                                          "{",
                                          "}",
                                          "{1",
                                          "]",
                                          "-",
                                          "\\]",
                                          "\\é",
                                          "[[:<:]]",
                                          "[[:>:]]",
                                          "(?|(a)|(b)(c))",
                                          "(?(1)a|b)",
                                          "(?(<n>)a)",
                                          "(?(?=a)b|c)",
                                          "(?(?!a)b)",
                                          "(?(R)a|b)",
                                          "(?(DEFINE)(?<d>a))",
                                          "(?(?C9)(?<=a)b|c)",
                                          "(?(VERSION>=10.0)a|b)"};
    const std::vector<std::string> openings_{
        "(",      "(",      "(?:",    "(?<n>",     "(?P<p>",   "(?'q'", "(?=",
        "(?!",    "(?<=",   "(?<!",   "(?>",       "(?|",      "(?i:",  "(?-i:",
        "(?x:",   "(?xx:",  "(?s-i:", "(?^:",      "(?n:",     "(?*",   "(?<*",
        "(*pla:", "(*nlb:", "(*sr:",  "(*atomic:", "(*napla:", "(?J:",  "(*positive_lookbehind:"};
    const std::vector<std::string> brackets_{"[", "[", "[^", "[]", "[^]", "[-", "[\\E^", "[\\Q]\\E", "[ ^"};
    const std::vector<std::string> items_{"a",         "K",         "k-s",       "A-Z",       "-",
                                          "^",         " ",         "\t",        "é",         "\\x{212a}",
                                          "\\d",       "\\W",       "\\h",       "\\V",       "\\pL",
                                          "\\p{Lu}",   "\\n",       "\\t-a",     "\\b",       "\\101-\\132",
                                          "\\8",       "\\0",       "\\]",       "[:alpha:]", "[:^digit:]",
                                          "[:upper:]", "[",         "[:",        "\\Qa-z\\E", "\\Q]\\E",
                                          "\\E",       "-\\x7f",    "a-\\Qd\\E", "é-ü",       "\\x{80}-\\x{2fff}",
                                          "\\cA",      "\\N{U+e9}", "[a:]",      "\\-",       ".$("};
    const std::vector<std::string> quantifiers_{"*",   "+",     "?",      "*?",     "++",   "?+",  "{2}",
                                                "{0}", "{1,}?", "{2,3}+", "{3}{2}", "{,2}", "{a}", "{1,2,3}"};
    const std::vector<std::string> between_{" ", "(?#x)", "\\E", "\\Q\\E", "#c\n", "\\Q"};
};

using Names = std::vector<std::pair<std::string, unsigned>>;

Names sorted(const std::vector<Regex::Name>& names) {
    Names list;
    for (const auto& [name, group] : names) list.emplace_back(name, group);
    std::ranges::sort(list);
    return list;
}

void each_set(const PatternNode& node, const std::function<void(const PatternNode&)>& visit) {
    if (node.kind == Kind::set) visit(node);
    for (const auto& item : node.items) each_set(item, visit);
}

std::string utf8(char32_t code) {
    if (code < 0x80) return {static_cast<char>(code)};
    if (code < 0x800) return {static_cast<char>(0xC0 | code >> 6), static_cast<char>(0x80 | (code & 0x3F))};
    return {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3F)),
            static_cast<char>(0x80 | (code & 0x3F))};
}

// What is in a set is what PCRE2 matches by the text that the set is written as.
void check_set(const PatternNode& node, std::string_view pattern, Flags flags, bool spaced) {
    flags.caseless = node.caseless;
    flags.extended = false;
    const auto text = std::string(spaced ? "(?xx)" : "") + std::string(node.span.of(pattern));
    Matcher matcher(std::make_shared<const Regex>("^(?:" + text + ")\\z", flags, Regex::Use::rarely));
    INFO("set " << text << " of " << pattern << " with " << flags.letters());
    for (unsigned code = 0; code < 128; ++code) {
        const bool found = matcher.find(std::string(1, static_cast<char>(code)));
        if (node.set.inexact ? found && !node.set.ascii[code] : found != node.set.ascii[code]) FAIL("code " << code);
    }
    for (const char32_t code : {0x80, 0xA0, 0xE9, 0x17F, 0x3B1, 0x2028, 0x212A, 0xFFFD}) {
        if (flags.bytes && code > 0xFF) continue;
        const bool found = matcher.find(flags.bytes ? std::string(1, static_cast<char>(code)) : utf8(code));
        const auto beyond = node.set.beyond;
        if (found && beyond == CharacterSet::Beyond::none) FAIL("code " << std::uint32_t{code} << " is matched");
        if (!found && beyond == CharacterSet::Beyond::all && !node.set.inexact)
            FAIL("code " << std::uint32_t{code} << " is not");
    }
}

PatternTree tree_of(std::string_view pattern, std::string_view flags = "") {
    auto tree = parse_pattern(pattern, Flags::parse(flags));
    REQUIRE(tree);
    return std::move(*tree);
}

}  // namespace

TEST_CASE("re tree: what compiles has a tree, with the groups and names that PCRE2 counts") {
    Grammar grammar(1);
    int compiled = 0, named = 0, sets = 0;
    for (int i = 0; i < 60'000; ++i) {
        const auto pattern = grammar.pattern();
        const auto flags = Flags::parse(grammar.flags());
        std::optional<Regex> regex;
        try {
            regex.emplace(pattern, flags, Regex::Use::rarely);
        } catch (const Error&) {
            continue;
        }
        ++compiled;
        const auto tree = parse_pattern(pattern, flags);
        INFO("pattern " << pattern << " with " << flags.letters());
        if (!tree) FAIL("no tree");
        if (tree->groups != regex->groups()) FAIL(tree->groups << " groups, not " << regex->groups());
        if (sorted(tree->names) != sorted(regex->names())) FAIL("other names");
        named += !regex->names().empty();
        if (pattern.find("(*U") != pattern.npos || pattern.find("LF)") != pattern.npos) continue;
        const bool spaced = pattern.find("xx") != pattern.npos;
        each_set(tree->root, [&](const PatternNode& node) {
            const auto text = node.span.of(pattern);
            // Where letters change what a blank is, and in quotes, the text alone does not say what it stands for.
            if (!text.starts_with('[') && !text.starts_with('\\') && text != ".") return;
            if (text == "." || text == "[" || text == "\\" || (spaced && text.starts_with('['))) return;
            ++sets;
            check_set(node, pattern, flags, false);
        });
    }
    CHECK(compiled > 10'000);
    CHECK(named > 1'000);
    CHECK(sets > 10'000);
}

TEST_CASE("re tree: parts have their places, counts and modes") {
    const std::string pattern = "^(?i:ab)+?(?<n>x{2,30}|[^y])$";
    const auto tree = tree_of(pattern);
    const auto& items = tree.root.items;
    REQUIRE(items.size() == 4);
    CHECK(items[0].kind == Kind::assertion);
    CHECK(items[1].kind == Kind::repeat);
    CHECK(items[1].greed == PatternNode::Greed::lazy);
    CHECK(items[1].min == 1);
    CHECK_FALSE(items[1].max);
    CHECK(items[1].quantifier.of(pattern) == "+");
    CHECK(items[1].span.of(pattern) == "(?i:ab)+?");
    CHECK(items[1].items[0].items[0].items[0].caseless);
    CHECK(items[2].name == "n");
    CHECK(items[2].number == 1);
    const auto& alternatives = items[2].items[0].items;
    REQUIRE(alternatives.size() == 2);
    CHECK(alternatives[0].items[0].quantifier.of(pattern) == "{2,30}");
    CHECK(alternatives[0].items[0].max == 30U);
    CHECK(alternatives[1].items[0].negative);
    CHECK_FALSE(alternatives[1].items[0].set.ascii['y']);
}

TEST_CASE("re tree: spaces and comments between a part and its quantifier do not come between them") {
    for (const char* pattern : {"a + # more\n b", "a(?#x)+b", "a\\E+b", "a\\Q\\E+b"}) {
        const auto tree = tree_of(pattern, "x");
        REQUIRE(tree.root.items.size() == 2);
        CHECK(tree.root.items[0].kind == Kind::repeat);
    }
    CHECK(tree_of("\\Qa+\\E+").root.items.size() == 2);
}

TEST_CASE("re tree: a pattern as long and as deep as there may be is no trouble") {
    std::string deep;
    for (int i = 0; i < 249; ++i) deep += "(";
    deep += std::string(60'000, 'a');
    for (int i = 0; i < 249; ++i) deep += ")";
    CHECK(tree_of(deep).groups == 249);
}
