#include "api/xml/document.hpp"

#include <fmt/format.h>

#include "host/core/error.hpp"
#include "host/core/excerpt.hpp"

namespace uhost::xml {
namespace {

Error syntax_error(std::string_view text, const pugi::xml_parse_result& result) {
    const auto place = place_in(text, static_cast<std::size_t>(result.offset));
    return Error("xml.syntax",
                 fmt::format("invalid XML at line {}, column {}: {}", place.line, place.column, result.description()))
        .with("line", place.line)
        .with("column", place.column);
}

// Visits all nodes in document order, without recursion.
void check_depth(const pugi::xml_document& document, int max_depth) {
    int depth = 0;  // of elements around the node
    for (pugi::xml_node node = document.first_child(); node;) {
        if (node.type() == pugi::node_element && depth >= max_depth) {
            throw Error("xml.depth", fmt::format("the document nests elements deeper than {} levels", max_depth));
        }
        if (node.first_child()) {
            ++depth;
            node = node.first_child();
            continue;
        }
        while (node && !node.next_sibling()) {
            node = node.parent();
            --depth;
            if (depth < 0) return;
        }
        node = node.next_sibling();
    }
}

}  // namespace

Document::Document(std::string_view text, const ParseOptions& options) {
    if (text.size() > options.max_bytes) {
        throw Error("xml.too_large",
                    fmt::format("the document has {} bytes; {} are allowed", text.size(), options.max_bytes));
    }
    const auto result =
        document_.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata_single);
    if (!result) throw syntax_error(text, result);
    if (!root()) {
        constexpr std::int64_t first = 1;
        throw Error("xml.syntax", "the document has no element").with("line", first).with("column", first);
    }
    check_depth(document_, options.max_depth);
}

}  // namespace uhost::xml
