#include "api/yaml/document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "api/yaml/scalar.hpp"
#include "host/core/error.hpp"
#include "host/core/utf8.hpp"

namespace uhost::yaml {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The offset of the next byte that is neither space, line end nor comment.
std::size_t skip_space(std::string_view source, std::size_t offset) {
    while (offset < source.size()) {
        if (source[offset] == '#' && (offset == 0 || is_space(source[offset - 1]))) {
            offset = std::min(source.find('\n', offset), source.size());
        } else if (is_space(source[offset])) {
            ++offset;
        } else {
            break;
        }
    }
    return offset;
}

// The offset behind anchor, tag, spaces and comments.
std::size_t skip_properties(std::string_view source, std::size_t offset) {
    while (offset < source.size() && (source[offset] == '&' || source[offset] == '!')) {
        while (offset < source.size() && !is_space(source[offset])) ++offset;
        offset = skip_space(source, offset);
    }
    return offset;
}

// The place of `offset`, which is at or behind `begin`, whose place is given.
Place place_of(std::string_view source, std::size_t offset, std::size_t begin = 0, Place place = {1, 1}) {
    for (auto at = begin; at < offset; ++at) {
        if (source[at] == '\n') {
            place = {place.line + 1, 1};
        } else if (!utf8::is_continuation(source[at])) {
            ++place.column;
        }
    }
    return place;
}

// libyaml compares each with all before it.
constexpr std::size_t max_tag_directives = 100;

std::size_t count_tag_directives(std::string_view source) {
    constexpr std::string_view directive = "%TAG";
    std::size_t count = 0;
    for (auto at = source.find(directive); at != source.npos; at = source.find(directive, at + 1)) {
        if (at == 0 || source[at - 1] == '\n' || source[at - 1] == '\r') ++count;
    }
    return count;
}

Error error(std::string kind, Place place, const std::string& message) {
    return Error(std::move(kind),
                 fmt::format("invalid YAML at line {}, column {}: {}", place.line, place.column, message))
        .with("line", static_cast<std::int64_t>(place.line))
        .with("column", static_cast<std::int64_t>(place.column));
}

}  // namespace

/// Makes nodes of events.
class Document::Builder {
public:
    Builder(Document& document, const ParseOptions& options) : document_(document), options_(options) {}

    void add(Event event) {
        switch (event.kind) {
            case EventKind::scalar:
                add_scalar(std::move(event));
                break;
            case EventKind::alias:
                add_alias(event);
                break;
            case EventKind::sequence_start:
                open(Kind::sequence, std::move(event));
                break;
            case EventKind::mapping_start:
                open(Kind::mapping, std::move(event));
                break;
            case EventKind::sequence_end:
            case EventKind::mapping_end:
                close(event);
                break;
            case EventKind::document_start:
            case EventKind::stream_end:
                break;
        }
    }

    const Node* root() const { return root_; }

private:
    struct Open {
        Node* node;
        const Node* key = nullptr;  // of a mapping, before its value has come
        std::map<std::pair<std::string_view, std::size_t>, const Node*> keys;  // by text and type
    };

    Node& make(Kind kind, Event event) {
        if (document_.nodes_.size() >= options_.max_nodes) throw too_many();
        auto& node = document_.nodes_.emplace_back();
        const bool has_properties = !event.anchor.empty() || !event.tag.empty();
        node.kind = kind;
        node.style = event.style;
        node.begin = has_properties ? skip_properties(document_.source_, event.begin) : event.begin;
        node.place = place_of(document_.source_, node.begin, event.begin, event.place);
        node.text = std::move(event.text);
        node.tag = std::move(event.tag);
        node.anchor = std::move(event.anchor);
        return node;
    }

    Error too_many() const {
        return Error("yaml.too_large",
                     fmt::format("the document has more than {} nodes, with its aliases expanded", options_.max_nodes));
    }

    // Blocks of text end with their last line, without its end and empty ones.
    std::size_t end_of(std::size_t begin, std::size_t end) const {
        end = std::min(end, document_.source_.size());
        while (end > begin && is_space(document_.source_[end - 1])) --end;
        return std::max(begin, end);
    }

    void add_scalar(Event event) {
        const auto end = event.end;
        auto& node = make(Kind::scalar, std::move(event));
        node.end = end_of(node.begin, end);
        last_end_ = node.end;
        if (!node.anchor.empty()) anchors_[node.anchor] = &node;
        attach(&node);
    }

    void add_alias(const Event& event) {
        const auto found = anchors_.find(event.anchor);
        if (found == anchors_.end()) {
            throw error("yaml.syntax", event.place, fmt::format("nothing before is called &{}", event.anchor));
        }
        if (!found->second) throw error("yaml.alias", event.place, "the alias stands within what it names");
        last_end_ = event.end;
        attach(found->second);
    }

    void open(Kind kind, Event event) {
        if (static_cast<int>(open_.size()) >= options_.max_depth) {
            throw error("yaml.depth", event.place, fmt::format("more than {} levels", options_.max_depth));
        }
        auto& node = make(kind, std::move(event));
        if (!node.anchor.empty()) anchors_[node.anchor] = nullptr;
        last_end_ = node.begin;
        open_.push_back({&node, nullptr, {}});
    }

    void close(const Event& event) {
        auto* node = open_.back().node;
        node->end = std::max(node->style == Style::flow ? event.end : last_end_, node->begin);
        if (node->kind == Kind::mapping) merge(*node);
        last_end_ = node->end;
        open_.pop_back();
        if (!node->anchor.empty()) anchors_[node->anchor] = node;
        attach(node);
    }

    void add_weight(Node& node, std::size_t weight) const {
        node.weight += weight;
        if (node.weight > options_.max_nodes) throw too_many();
    }

    void attach(const Node* node) {
        if (open_.empty()) {
            root_ = node;
            return;
        }
        auto& around = open_.back();
        add_weight(*around.node, node->weight);
        if (around.node->kind == Kind::sequence) {
            around.node->items.push_back(node);
        } else if (!around.key) {
            add_key(around, node);
        } else {
            around.node->entries.push_back({std::exchange(around.key, nullptr), node});
        }
    }

    void add_key(Open& around, const Node* key) const {
        if (key->kind != Kind::scalar) throw error("yaml.key", key->place, "a key has to be a scalar");
        const auto [place, is_new] =
            around.keys.emplace(std::pair(std::string_view(key->text), resolve(*key).index()), key);
        if (!is_new) {
            const auto first = place->second->place.line;
            throw error("yaml.duplicate_key", key->place,
                        fmt::format("the key '{}' stands here a second time, after line {}", key->text, first))
                .with("first_line", static_cast<std::int64_t>(first));
        }
        around.key = key;
    }

    // `<<: *defaults` and `<<: [*a, *b]`: what the mapping itself has wins, then what comes first.
    void merge(Node& node) const {
        const auto merges = [](const Entry& entry) {
            return entry.key->text == "<<" && entry.key->style == Style::plain;
        };
        if (std::none_of(node.entries.begin(), node.entries.end(), merges)) return;
        const auto entries = node.entries;
        std::unordered_set<std::string_view> has;
        for (const auto& entry : entries) has.insert(entry.key->text);
        for (const auto& entry : entries) {
            if (!merges(entry)) continue;
            std::erase_if(node.entries, [&](const Entry& other) { return other.key == entry.key; });
            if (entry.value->kind == Kind::mapping) {
                merge_from(node, *entry.value, has);
            } else if (entry.value->kind == Kind::sequence) {
                for (const auto* item : entry.value->items) merge_from(node, *item, has);
            } else {
                throw error("yaml.key", entry.value->place, "<< takes a mapping or a list of mappings");
            }
        }
    }

    void merge_from(Node& node, const Node& source, std::unordered_set<std::string_view>& has) const {
        if (source.kind != Kind::mapping)
            throw error("yaml.key", source.place, "<< takes a mapping or a list of mappings");
        for (const auto& entry : source.entries) {
            if (!has.insert(entry.key->text).second) continue;
            add_weight(node, entry.key->weight + entry.value->weight);
            node.entries.push_back({entry.key, entry.value, true});
        }
    }

    Document& document_;
    const ParseOptions& options_;
    std::vector<Open> open_;
    std::unordered_map<std::string, const Node*> anchors_;  // null for what is open
    std::size_t last_end_ = 0;
    const Node* root_ = nullptr;
};

Document::Document(std::string_view source, const ParseOptions& options) : source_(source) {
    if (source.size() > options.max_bytes) {
        throw Error("yaml.too_large",
                    fmt::format("the document has {} bytes; {} are allowed", source.size(), options.max_bytes));
    }
    if (count_tag_directives(source) > max_tag_directives) {
        throw Error("yaml.too_large", fmt::format("the document has more than {} %TAG directives", max_tag_directives));
    }
    if (const auto bad = utf8::find_invalid(source)) throw error("yaml.syntax", place_of(source, *bad), "not UTF-8");
    if (const auto zero = source.find('\0'); zero != source.npos) {
        throw error("yaml.syntax", place_of(source, zero), "a zero byte");
    }
    Parser parser(source);
    Builder builder(*this, options);
    int documents = 0;
    for (auto event = parser.next(); event.kind != EventKind::stream_end; event = parser.next()) {
        if (event.kind == EventKind::document_start && ++documents > 1) {
            throw error("yaml.documents", event.place, "a second document begins here");
        }
        builder.add(std::move(event));
    }
    root_ = builder.root() ? builder.root() : &nodes_.emplace_back();
}

}  // namespace uhost::yaml
