#pragma once

#include <cstddef>
#include <pugixml.hpp>
#include <string_view>

namespace uhost::xml {

struct ParseOptions {
    std::size_t max_bytes = 64 << 20;
    int max_depth = 200;  ///< levels of elements
};

/// A parsed document. Entities that a DOCTYPE declares are never expanded, and nothing is fetched, so that a small
/// document stays small. The encoding is that of the byte order mark or the declaration; texts come out as UTF-8.
class Document {
public:
    /// Throws `xml.syntax` with `details.line` and `.column` (bytes, from 1), `xml.too_large`, and `xml.depth`.
    Document(std::string_view text, const ParseOptions& options);

    pugi::xml_node root() const { return document_.document_element(); }

private:
    pugi::xml_document document_;
};

}  // namespace uhost::xml
