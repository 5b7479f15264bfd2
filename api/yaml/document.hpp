#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "api/yaml/parser.hpp"

namespace uhost::yaml {

enum class Kind { scalar, sequence, mapping };

struct Node;

struct Entry {
    const Node* key;
    const Node* value;
    bool merged = false;  ///< came from another mapping by `<<`
};

/// A part of a document. An alias is the node that it names.
struct Node {
    Kind kind = Kind::scalar;
    Style style = Style::plain;
    std::size_t begin = 0, end = 0;  ///< bytes of the source, without anchor and tag
    Place place{1, 1};               ///< of `begin`
    std::string text;                ///< of a scalar, without quotes
    std::string tag;                 ///< resolved; empty without one
    std::string anchor;
    std::vector<const Node*> items;  ///< of a sequence
    std::vector<Entry> entries;      ///< of a mapping; those that were merged in stand last
    std::size_t weight = 1;          ///< nodes below, each alias counted with all that it stands for
};

struct ParseOptions {
    std::size_t max_bytes = 1 << 20;
    std::size_t max_nodes = 200'000;  ///< with aliases expanded, so that a small document stays small
    int max_depth = 100;
};

/// One YAML document, with the place of everything in it.
class Document {
public:
    /// Throws, with `details.line` and `.column`, `yaml.syntax`, `yaml.duplicate_key` (and `.first_line`), `yaml.key`
    /// for a key that is no scalar, `yaml.alias` for one that contains itself, `yaml.depth`, `yaml.documents` for more
    /// than one; and `yaml.too_large`.
    Document(std::string_view source, const ParseOptions& options);

    const Node& root() const { return *root_; }

private:
    class Builder;

    std::string_view source_;
    std::deque<Node> nodes_;
    const Node* root_ = nullptr;
};

}  // namespace uhost::yaml
