#include <catch2/catch.hpp>

#include "api/yaml/document.hpp"
#include "api/yaml/scalar.hpp"
#include "host/core/error.hpp"

using namespace uhost::yaml;

namespace {

std::string kind_of(std::string_view source, const ParseOptions& options = {}) {
    try {
        Document document(source, options);
        return "";
    } catch (const uhost::Error& error) {
        return error.kind();
    }
}

std::string_view source_of(std::string_view source, const Node& node) {
    return source.substr(node.begin, node.end - node.begin);
}

std::string type_of(std::string_view scalar) {
    const Document document(scalar, {});
    return type_name(resolve(document.root()));
}

}  // namespace

TEST_CASE("yaml documents: nodes know what of the source they are") {
    const std::string_view source = "a: &x 'it''s' # c\nb: [1, {c: d}]\ne: |\n  f\n\n  g\nh:\n";
    const Document document(source, {});
    const auto& entries = document.root().entries;
    REQUIRE(entries.size() == 4);
    CHECK(source_of(source, *entries[0].value) == "'it''s'");
    CHECK(entries[0].value->text == "it's");
    CHECK(entries[0].value->anchor == "x");
    CHECK(source_of(source, *entries[1].value) == "[1, {c: d}]");
    CHECK(source_of(source, *entries[1].value->items[1]) == "{c: d}");
    CHECK(source_of(source, *entries[2].value) == "|\n  f\n\n  g");
    CHECK(source_of(source, *entries[3].value).empty());
    CHECK(entries[2].key->place.line == 3);
}

TEST_CASE("yaml documents: what aliases expand to is counted") {
    std::string source = "a0: &a0 [x, x]\n";
    for (int i = 1; i < 40; ++i) {
        const auto name = std::to_string(i), before = std::to_string(i - 1);
        source += "a" + name + ": &a" + name + " [*a" + before + ", *a" + before + "]\n";
    }
    CHECK(kind_of(source) == "yaml.too_large");
    CHECK(kind_of("a: &a [1]\nb: *a\n", {.max_nodes = 6}) == "yaml.too_large");
    CHECK(kind_of("a: &a [1]\nb: *a\n", {.max_nodes = 7}).empty());
}

TEST_CASE("yaml documents: what is wrong has a kind") {
    CHECK(kind_of("a: 1\na: 2\n") == "yaml.duplicate_key");
    CHECK(kind_of("a: &a [*a]") == "yaml.alias");
    CHECK(kind_of("a: 1\n---\nb: 2\n") == "yaml.documents");
    CHECK(kind_of("\n,\n") == "yaml.syntax");
    CHECK(kind_of("[[[1]]]", {.max_depth = 2}) == "yaml.depth");
    CHECK(kind_of("").empty());
}

TEST_CASE("yaml scalars: resolve by the core schema") {
    for (const auto* text : {"on", "yes", "1_000", "12:30", "0.0.1", "'1'", "-", "=", "1e", "0x"}) {
        CHECK(type_of(text) == "string");
    }
    for (const auto* text : {"0", "-1", "+1.5", ".5", "1.", "1e3", "0x1F", "0o7", ".inf", "-.INF", ".nan"}) {
        CHECK(type_of(text) == "number");
    }
    CHECK(type_of("~") == "null");
    CHECK(type_of("True") == "boolean");
}
