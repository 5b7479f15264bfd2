#pragma once

#include <yaml.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace uhost::yaml {

enum class Style { plain, single_quoted, double_quoted, literal, folded, block, flow };

struct Place {
    std::size_t line, column;  ///< from 1; columns in code points
};

enum class EventKind {
    document_start,
    scalar,
    alias,
    sequence_start,
    sequence_end,
    mapping_start,
    mapping_end,
    stream_end
};

struct Event {
    EventKind kind = EventKind::stream_end;
    Style style = Style::plain;
    std::size_t begin = 0, end = 0;  ///< bytes of the source, with anchor and tag
    Place place{1, 1};               ///< of `begin`
    std::string text;                ///< of a scalar, without quotes
    std::string anchor;              ///< also of an alias: what it names
    std::string tag;                 ///< resolved; empty without one
};

/// The events of YAML text, as libyaml reads it. The source has to be UTF-8 without zero bytes, and to outlive the
/// parser.
class Parser {
public:
    explicit Parser(std::string_view source);
    ~Parser() { yaml_parser_delete(&parser_); }
    Parser(const Parser&) = delete;
    Parser& operator=(const Parser&) = delete;

    /// Throws `yaml.syntax`.
    Event next();

private:
    std::string readable(std::string_view source);
    char32_t stand_in_for(char32_t code_point, std::string_view source);
    std::string restored(const yaml_char_t* text, std::size_t size) const;
    std::size_t offset_of(std::size_t index);
    void take_places(const yaml_event_t& read, Event& event);
    [[noreturn]] void fail() const;

    std::string_view source_;
    std::vector<std::pair<char32_t, char32_t>> stand_ins_;  ///< a character of the source, what stands for it
    char32_t next_stand_in_ = 0xE000;
    bool is_ascii_ = true;
    std::string text_;                                ///< what libyaml reads
    std::size_t known_index_ = 0, known_offset_ = 0;  ///< libyaml counts code points
    yaml_parser_t parser_{};
};

}  // namespace uhost::yaml
