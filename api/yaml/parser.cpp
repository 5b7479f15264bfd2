#include "api/yaml/parser.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/core/error.hpp"
#include "host/core/utf8.hpp"

namespace uhost::yaml {
namespace {

// YAML 1.1 ended lines also with NEL, LS and PS, and libyaml does. Control characters it refuses, and a byte order mark
// within the text; GitHub's parser takes them.
bool is_read_otherwise(char32_t c) {
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 ||
           c == 0xFEFF || c == 0xFFFE || c == 0xFFFF;
}

bool is_plain(char c) { return (c >= 0x20 && c < 0x7F) || c == '\n'; }

Style style_of(yaml_scalar_style_t style) {
    switch (style) {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE:
            return Style::single_quoted;
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
            return Style::double_quoted;
        case YAML_LITERAL_SCALAR_STYLE:
            return Style::literal;
        case YAML_FOLDED_SCALAR_STYLE:
            return Style::folded;
        default:
            return Style::plain;
    }
}

/// Frees what libyaml allocated for an event.
struct ReadEvent {
    yaml_event_t event{};
    ReadEvent() = default;
    ~ReadEvent() { yaml_event_delete(&event); }
    ReadEvent(const ReadEvent&) = delete;
    ReadEvent& operator=(const ReadEvent&) = delete;
};

}  // namespace

Parser::Parser(std::string_view source) : source_(source), text_(readable(source)) {
    if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text_.data()), text_.size());
}

// The source with other characters for those that libyaml reads otherwise, one for one. The last line has its end, so
// that a block of text has it there too.
std::string Parser::readable(std::string_view source) {
    std::string text;
    text.reserve(source.size() + 1);
    for (std::size_t at = 0; at < source.size();) {
        const auto plain = std::find_if_not(source.begin() + static_cast<std::ptrdiff_t>(at), source.end(), is_plain);
        text.append(source.begin() + static_cast<std::ptrdiff_t>(at), plain);
        at = static_cast<std::size_t>(plain - source.begin());
        if (at == source.size()) break;
        const auto [code_point, bytes, valid] = utf8::decode(source.substr(at));
        if (is_read_otherwise(code_point)) {
            utf8::append(text, stand_in_for(code_point, source));
        } else {
            text.append(source, at, bytes);
        }
        if (bytes > 1) is_ascii_ = false;
        at += bytes;
    }
    if (!source.ends_with('\n')) text += '\n';
    return text;
}

char32_t Parser::stand_in_for(char32_t code_point, std::string_view source) {
    for (const auto& [original, stand_in] : stand_ins_) {
        if (original == code_point) return stand_in;
    }
    std::string candidate;
    do {
        candidate.clear();
        utf8::append(candidate, next_stand_in_++);
    } while (source.find(candidate) != source.npos);
    is_ascii_ = false;
    stand_ins_.emplace_back(code_point, next_stand_in_ - 1);
    return next_stand_in_ - 1;
}

std::string Parser::restored(const yaml_char_t* text, std::size_t size) const {
    std::string result(reinterpret_cast<const char*>(text), size);
    for (const auto& [original, stand_in] : stand_ins_) {
        std::string from, to;
        utf8::append(from, stand_in);
        utf8::append(to, original);
        for (auto at = result.find(from); at != result.npos; at = result.find(from, at + to.size())) {
            result.replace(at, from.size(), to);
        }
    }
    return result;
}

// From the place asked for before, for events come in order.
std::size_t Parser::offset_of(std::size_t index) {
    if (is_ascii_) return std::min(index, source_.size());
    const auto continues = [this] {
        return known_offset_ < source_.size() && utf8::is_continuation(source_[known_offset_]);
    };
    for (; known_index_ < index && known_offset_ < source_.size(); ++known_index_) {
        do ++known_offset_;
        while (continues());
    }
    for (; known_index_ > index; --known_index_) {
        do --known_offset_;
        while (continues());
    }
    return known_offset_;
}

void Parser::fail() const {
    std::string message = parser_.problem ? parser_.problem : "not readable";
    if (parser_.context) {
        message += fmt::format(" {}", parser_.context);
        if (parser_.context_mark.line != parser_.problem_mark.line) {
            message += fmt::format(" that begins at line {}", parser_.context_mark.line + 1);
        }
    }
    const auto line = parser_.problem_mark.line + 1, column = parser_.problem_mark.column + 1;
    throw Error("yaml.syntax", fmt::format("invalid YAML at line {}, column {}: {}", line, column, message))
        .with("line", static_cast<std::int64_t>(line))
        .with("column", static_cast<std::int64_t>(column));
}

void Parser::take_places(const yaml_event_t& read, Event& event) {
    event.begin = offset_of(read.start_mark.index);
    event.end = offset_of(read.end_mark.index);
    event.place = {read.start_mark.line + 1, read.start_mark.column + 1};
}

Event Parser::next() {
    ReadEvent owner;
    auto& read = owner.event;
    const auto text_of = [this](const yaml_char_t* text) {
        return text ? restored(text, std::char_traits<char>::length(reinterpret_cast<const char*>(text)))
                    : std::string();
    };
    do {
        if (yaml_parser_parse(&parser_, &read) == 0) {
            if (parser_.error == YAML_MEMORY_ERROR) throw std::bad_alloc();
            fail();
        }
    } while (read.type == YAML_STREAM_START_EVENT || read.type == YAML_DOCUMENT_END_EVENT);
    Event event;
    take_places(read, event);
    const auto name = [&](const auto& node) {
        event.anchor = text_of(node.anchor);
        event.tag = text_of(node.tag);
    };
    switch (read.type) {
        case YAML_DOCUMENT_START_EVENT:
            event.kind = EventKind::document_start;
            break;
        case YAML_ALIAS_EVENT:
            event.kind = EventKind::alias;
            event.anchor = text_of(read.data.alias.anchor);
            break;
        case YAML_SCALAR_EVENT:
            event.kind = EventKind::scalar;
            event.style = style_of(read.data.scalar.style);
            event.text = restored(read.data.scalar.value, read.data.scalar.length);
            name(read.data.scalar);
            break;
        case YAML_SEQUENCE_START_EVENT:
            event.kind = EventKind::sequence_start;
            event.style = read.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE ? Style::flow : Style::block;
            name(read.data.sequence_start);
            break;
        case YAML_MAPPING_START_EVENT:
            event.kind = EventKind::mapping_start;
            event.style = read.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE ? Style::flow : Style::block;
            name(read.data.mapping_start);
            break;
        case YAML_SEQUENCE_END_EVENT:
            event.kind = EventKind::sequence_end;
            break;
        case YAML_MAPPING_END_EVENT:
            event.kind = EventKind::mapping_end;
            break;
        default:
            event.kind = EventKind::stream_end;
    }
    return event;
}

}  // namespace uhost::yaml
