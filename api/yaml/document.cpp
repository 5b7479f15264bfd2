#include "api/yaml/document.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "api/yaml/scalar.hpp"
#include "host/core/error.hpp"
#include "host/core/utf8.hpp"

namespace uhost::yaml {

/// Makes nodes of yaml-cpp's events.
class Document::Builder : public YAML::EventHandler {
public:
    Builder(Document& document, const ParseOptions& options) : document_(document), options_(options) {}

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnAnchor(const YAML::Mark&, const std::string& name) override { anchor_ = name; }

    void OnNull(const YAML::Mark& mark, YAML::anchor_t id) override {
        auto begin = skip_properties(document_.source_, offset_of(mark));
        const auto rest = document_.source_.substr(std::min(begin, document_.source_.size()));
        std::string_view written;
        for (const std::string_view word : {"null", "Null", "NULL", "~"}) {
            if (rest.starts_with(word)) written = word;
        }
        // The mark of an empty node is that of whatever comes next.
        if (written.empty()) begin = empty_node_offset();
        add_scalar(begin, Style::plain, "", id, written);
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t id, const std::string& text) override {
        const auto begin = skip_properties(document_.source_, offset_of(mark));
        add_scalar(begin, style_at(begin), tag == "?" ? "" : tag, id, text);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t id) override {
        const auto found = anchors_.find(id);
        const auto begin = offset_of(mark);
        if (found == anchors_.end()) throw error("yaml.alias", begin, "the alias stands within what it names");
        last_end_ = std::min(document_.source_.find_first_of(" \t\r\n,]}:", begin), document_.source_.size());
        attach(found->second);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t id,
                         YAML::EmitterStyle::value style) override {
        open(Kind::sequence, mark, tag, id, style);
    }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t id,
                    YAML::EmitterStyle::value style) override {
        open(Kind::mapping, mark, tag, id, style);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapEnd() override { close(); }

    const Node* root() const { return root_; }

    Error error(std::string kind, std::size_t offset, const std::string& message) const {
        const auto place = document_.place(offset);
        return Error(std::move(kind), fmt::format("invalid YAML at line {}, column {}: {}", place.line, place.column, message))
            .with("line", static_cast<std::int64_t>(place.line))
            .with("column", static_cast<std::int64_t>(place.column));
    }

private:
    struct Open {
        Node* node;
        YAML::anchor_t id;
        const Node* key = nullptr;  // of a mapping, before its value has come
        std::unordered_map<std::string, const Node*> keys;
    };

    std::size_t offset_of(const YAML::Mark& mark) const {
        return std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), document_.source_.size());
    }

    Style style_at(std::size_t begin) const {
        switch (begin < document_.source_.size() ? document_.source_[begin] : '\0') {
            case '\'': return Style::single_quoted;
            case '"': return Style::double_quoted;
            case '|': return Style::literal;
            case '>': return Style::folded;
            default: return Style::plain;
        }
    }

    // Behind the colon of the key, or where the node before ended.
    std::size_t empty_node_offset() const {
        if (open_.empty() || !open_.back().key) return last_end_;
        const auto colon = skip_space(document_.source_, last_end_);
        return colon < document_.source_.size() && document_.source_[colon] == ':' ? colon + 1 : last_end_;
    }

    std::size_t column_around() const {
        if (open_.empty()) return 0;
        const auto begin = open_.back().node->begin;
        return begin - *document_.line_of(begin);
    }

    Node& make(Kind kind, std::size_t begin) {
        if (document_.nodes_.size() >= options_.max_nodes) throw too_many();
        auto& node = document_.nodes_.emplace_back();
        node.kind = kind;
        node.begin = node.end = begin;
        node.anchor = std::exchange(anchor_, {});
        return node;
    }

    Error too_many() const {
        return Error("yaml.too_large",
                     fmt::format("the document has more than {} nodes, with its aliases expanded", options_.max_nodes));
    }

    // A block of text whose last line ends with the file: for GitHub's parser and most others it ends with its line.
    // yaml-cpp leaves that out.
    bool is_cut_block(std::size_t begin, Style style, std::string_view text) const {
        const auto source = document_.source_;
        if ((style != Style::literal && style != Style::folded) || text.empty() || text.back() == '\n') return false;
        const auto header = source.substr(begin, source.find('\n', begin) - begin);
        const auto indicators = header.substr(0, header.find(' '));
        return source.back() != '\n' && source.ends_with(text.substr(text.find_last_of(" \n") + 1)) &&
               indicators.find('-') == std::string_view::npos;
    }

    void add_scalar(std::size_t begin, Style style, std::string tag, YAML::anchor_t id, std::string_view text) {
        auto& node = make(Kind::scalar, begin);
        node.style = style;
        node.tag = std::move(tag);
        node.text = text;
        node.end = scalar_end(document_.source_, begin, style, text, column_around());
        if (is_cut_block(begin, style, text)) node.text += '\n';
        last_end_ = node.end;
        if (id != 0) anchors_[id] = &node;
        attach(&node);
    }

    void open(Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t id,
              YAML::EmitterStyle::value style) {
        const auto begin = skip_properties(document_.source_, offset_of(mark));
        if (static_cast<int>(open_.size()) >= options_.max_depth) {
            throw error("yaml.depth", begin, fmt::format("more than {} levels", options_.max_depth));
        }
        auto& node = make(kind, begin);
        node.style = style == YAML::EmitterStyle::Flow ? Style::flow : Style::block;
        if (tag != "?") node.tag = tag;
        last_end_ = begin;
        open_.push_back({&node, id, nullptr, {}});
    }

    void close() {
        const auto id = open_.back().id;
        auto* node = open_.back().node;
        node->end = std::max(last_end_, node->begin);
        if (node->style == Style::flow && (document_.source_[node->begin] == '[' || document_.source_[node->begin] == '{')) {
            node->end = flow_end(node->end == node->begin ? node->begin + 1 : node->end);
        }
        if (node->kind == Kind::mapping) merge(*node);
        last_end_ = node->end;
        open_.pop_back();
        if (id != 0) anchors_[id] = node;
        attach(node);
    }

    std::size_t flow_end(std::size_t offset) const {
        const auto source = document_.source_;
        for (offset = skip_space(source, offset); offset < source.size(); offset = skip_space(source, offset + 1)) {
            if (source[offset] == ']' || source[offset] == '}') return offset + 1;
        }
        return source.size();
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
        if (key->kind != Kind::scalar) throw error("yaml.key", key->begin, "a key has to be a scalar");
        const auto [place, is_new] = around.keys.emplace(type_name(resolve(*key)) + key->text, key);
        if (!is_new) {
            const auto first = document_.place(place->second->begin).line;
            throw error("yaml.duplicate_key", key->begin,
                        fmt::format("the key '{}' stands here a second time, after line {}", key->text, first))
                .with("first_line", static_cast<std::int64_t>(first));
        }
        around.key = key;
    }

    // `<<: *defaults` and `<<: [*a, *b]`: what the mapping itself has wins, then what comes first.
    void merge(Node& node) const {
        const auto entries = node.entries;
        std::unordered_set<std::string_view> has;
        for (const auto& entry : entries) has.insert(entry.key->text);
        for (const auto& entry : entries) {
            if (entry.key->text != "<<" || entry.key->style != Style::plain) continue;
            std::erase_if(node.entries, [&](const Entry& other) { return other.key == entry.key; });
            if (entry.value->kind == Kind::mapping) {
                merge_from(node, *entry.value, has);
            } else if (entry.value->kind == Kind::sequence) {
                for (const auto* item : entry.value->items) merge_from(node, *item, has);
            } else {
                throw error("yaml.key", entry.value->begin, "<< takes a mapping or a list of mappings");
            }
        }
    }

    void merge_from(Node& node, const Node& source, std::unordered_set<std::string_view>& has) const {
        if (source.kind != Kind::mapping) throw error("yaml.key", source.begin, "<< takes a mapping or a list of mappings");
        for (const auto& entry : source.entries) {
            if (!has.insert(entry.key->text).second) continue;
            add_weight(node, entry.key->weight + entry.value->weight);
            node.entries.push_back({entry.key, entry.value, true});
        }
    }

    Document& document_;
    const ParseOptions& options_;
    std::vector<Open> open_;
    std::unordered_map<YAML::anchor_t, const Node*> anchors_;
    std::string anchor_;
    std::size_t last_end_ = 0;
    const Node* root_ = nullptr;
};

namespace {

// A second document: its first event is one too many.
struct NoDocument : YAML::EventHandler {
    std::optional<std::size_t> offset;
    int null_offset = -1;
    void see(const YAML::Mark& mark) {
        if (!offset) offset = static_cast<std::size_t>(std::max(mark.pos, 0));
    }
    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { null_offset = mark.pos; }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { see(mark); }
    void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t, const std::string&) override { see(mark); }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
        see(mark);
    }
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
        see(mark);
    }
    void OnMapEnd() override {}
};

std::vector<std::size_t> line_starts_of(std::string_view source) {
    std::vector<std::size_t> starts{0};
    for (auto at = source.find('\n'); at != source.npos; at = source.find('\n', at + 1)) starts.push_back(at + 1);
    return starts;
}

constexpr std::size_t bytes_per_count = 256;

// How many bytes before each 256th continue a character. A line may be the whole document.
std::vector<std::size_t> continuations_of(std::string_view source) {
    std::vector<std::size_t> counts;
    std::size_t count = 0;
    for (std::size_t i = 0; i < source.size(); ++i) {
        if (i % bytes_per_count == 0) counts.push_back(count);
        if (utf8::is_continuation(source[i])) ++count;
    }
    counts.push_back(count);
    return counts;
}

}  // namespace

Document::Document(std::string_view source, const ParseOptions& options)
    : source_(source) {
    if (source.size() > options.max_bytes) {
        throw Error("yaml.too_large",
                    fmt::format("the document has {} bytes; {} are allowed", source.size(), options.max_bytes));
    }
    line_starts_ = line_starts_of(source);
    continuations_ = continuations_of(source);
    Builder builder(*this, options);
    if (const auto bad = utf8::find_invalid(source)) throw builder.error("yaml.syntax", *bad, "not UTF-8");
    if (const auto zero = source.find('\0'); zero != source.npos) {
        throw builder.error("yaml.syntax", zero, "a zero byte");
    }
    try {
        std::istringstream stream{std::string(source)};
        YAML::Parser parser(stream);
        parser.HandleNextDocument(builder);
        NoDocument second;
        // What belongs to no document is an empty one to yaml-cpp, again and again: it never gets past it.
        for (int before = -1; parser.HandleNextDocument(second); before = second.null_offset) {
            if (second.offset) throw builder.error("yaml.documents", *second.offset, "a second document begins here");
            if (second.null_offset == before) {
                throw builder.error("yaml.syntax", static_cast<std::size_t>(std::max(before, 0)), "unexpected text");
            }
        }
    } catch (const YAML::Exception& failure) {
        throw builder.error("yaml.syntax", static_cast<std::size_t>(std::max(failure.mark.pos, 0)), failure.msg);
    }
    root_ = builder.root() ? builder.root() : &nodes_.emplace_back();
}

std::vector<std::size_t>::const_iterator Document::line_of(std::size_t offset) const {
    return std::upper_bound(line_starts_.begin(), line_starts_.end(), offset) - 1;
}

std::size_t Document::continuations_before(std::size_t offset) const {
    const auto counted = offset / bytes_per_count;
    const auto rest = source_.substr(counted * bytes_per_count, offset % bytes_per_count);
    return continuations_[counted] +
           static_cast<std::size_t>(std::count_if(rest.begin(), rest.end(), utf8::is_continuation));
}

Place Document::place(std::size_t offset) const {
    offset = std::min(offset, source_.size());
    const auto line = line_of(offset);
    const auto characters = offset - *line - (continuations_before(offset) - continuations_before(*line));
    return {static_cast<std::size_t>(line - line_starts_.begin()) + 1, characters + 1};
}

}  // namespace uhost::yaml
