#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace uhost::yaml {

enum class Kind { scalar, sequence, mapping };
enum class Style { plain, single_quoted, double_quoted, literal, folded, block, flow };

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
    std::string text;                ///< of a scalar, without quotes
    std::string tag;                 ///< as written and resolved; empty, "!" for quoted scalars
    std::string anchor;
    std::vector<const Node*> items;  ///< of a sequence
    std::vector<Entry> entries;      ///< of a mapping; those that were merged in stand last
    std::size_t weight = 1;          ///< nodes below, each alias counted with all that it stands for
};

struct Place {
    std::size_t line, column;  ///< from 1; columns in code points
};

struct ParseOptions {
    std::size_t max_bytes = 1 << 20;
    std::size_t max_nodes = 200'000;  ///< with aliases expanded, so that a small document stays small
    int max_depth = 100;
};

/// One YAML document, with the place of everything in it.
class Document {
public:
    /// Throws, with `details.line` and `.column`, `yaml.syntax`, `yaml.duplicate_key` (and `.first_line`), `yaml.key` for
    /// a key that is no scalar, `yaml.alias` for one that contains itself, `yaml.depth`, `yaml.documents` for more than
    /// one; and `yaml.too_large`.
    Document(std::string_view source, const ParseOptions& options);

    const Node& root() const { return *root_; }
    Place place(std::size_t offset) const;

private:
    class Builder;

    /// Where the line of an offset starts.
    std::vector<std::size_t>::const_iterator line_of(std::size_t offset) const;
    std::size_t continuations_before(std::size_t offset) const;

    std::string_view source_;
    std::vector<std::size_t> line_starts_, continuations_;
    std::deque<Node> nodes_;
    const Node* root_ = nullptr;
};

/// Where the node that begins at `begin` ends in the source; `parent_column` is that of the block around it, from 0.
std::size_t scalar_end(std::string_view source, std::size_t begin, Style style, std::string_view text,
                       std::size_t parent_column);
/// The offset behind anchor, tag, spaces and comments.
std::size_t skip_properties(std::string_view source, std::size_t offset);
/// The offset of the next byte that is neither space, line end nor comment.
std::size_t skip_space(std::string_view source, std::size_t offset);

}  // namespace uhost::yaml
