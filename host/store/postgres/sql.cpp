#include "host/store/postgres/sql.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "host/core/error.hpp"
#include "host/core/utf8.hpp"
#include "host/store/postgres/translator.hpp"

namespace uhost::store::postgres {
namespace {

using Kind = Token::Kind;

constexpr char32_t first_byte_character = 0x10FC00;

bool stands_for_byte(char32_t character) {
    return character >= first_byte_character && character < first_byte_character + 256;
}

void append_bytes(std::string& text, std::string_view bytes) {
    for (const unsigned char byte : bytes) utf8::append(text, first_byte_character + byte);
}

}  // namespace

const Table* Catalog::find(std::string_view name) const {
    const auto found = tables.find(name);
    return found != tables.end() ? &found->second : nullptr;
}

bool Catalog::never_null(std::string_view name) const {
    bool known = false;
    for (const auto& [_, table] : tables) {
        for (const auto& column : table.columns) {
            if (column.name != name) continue;
            if (!column.never_null) return false;
            known = true;
        }
    }
    return known;
}

std::size_t Translation::origin(std::size_t offset) const {
    auto after = std::ranges::upper_bound(origins, offset, {}, &std::pair<std::size_t, std::size_t>::first);
    if (after == origins.begin()) return 0;
    --after;
    return after->second;
}

std::vector<std::pair<std::size_t, std::size_t>> split_statements(std::string_view sql) {
    std::vector<std::pair<std::size_t, std::size_t>> statements;
    const auto tokens = tokens_of(sql);
    for (std::size_t i = 0; tokens[i].kind != Kind::end;) {
        const auto first = i;
        const bool trigger = tokens[i].is("CREATE") && tokens[i + 1].is("TRIGGER");
        // The body of a trigger has statements of its own, up to END.
        while (tokens[i].kind != Kind::end && !(tokens[i].is_sign(";") && (!trigger || tokens[i - 1].is("END")))) {
            ++i;
        }
        if (i > first) statements.emplace_back(tokens[first].at, tokens[i].at - tokens[first].at);
        if (tokens[i].kind != Kind::end) ++i;
    }
    return statements;
}

Translation translate(std::string_view sql, const Catalog& catalog) { return Translator(sql, catalog).translate(); }

std::string encode_text(std::string_view text) {
    const auto needs_none = [](std::string_view part) {
        // U+10FC00 to U+10FFFF begin with F4 8F.
        return part.find('\0') == part.npos && utf8::is_valid(part) && part.find("\xF4\x8F") == part.npos;
    };
    if (needs_none(text)) return std::string(text);
    std::string encoded;
    for (std::size_t at = 0; at < text.size();) {
        const auto character = utf8::decode(text.substr(at));
        const auto bytes = text.substr(at, character.bytes);
        if (!character.valid || character.value == 0 || stands_for_byte(character.value)) {
            append_bytes(encoded, bytes);
        } else {
            encoded += bytes;
        }
        at += character.bytes;
    }
    return encoded;
}

std::string decode_text(std::string_view text) {
    if (text.find("\xF4\x8F") == text.npos) return std::string(text);
    std::string decoded;
    for (std::size_t at = 0; at < text.size();) {
        const auto character = utf8::decode(text.substr(at));
        if (character.valid && stands_for_byte(character.value)) {
            decoded += static_cast<char>(character.value - first_byte_character);
        } else {
            decoded += text.substr(at, character.bytes);
        }
        at += character.bytes;
    }
    return decoded;
}

}  // namespace uhost::store::postgres
