#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF.
namespace uhost::utf8 {

inline constexpr std::string_view replacement_character = "\xEF\xBF\xBD";  // U+FFFD

struct CodePoint {
    char32_t value = 0;
    /// The length of the sequence. When it is not valid: of its maximal subpart (Unicode standard, 3.9), at least 1.
    std::size_t bytes = 1;
    bool valid = false;
};

/// The code point that a text, which is not empty, begins with.
CodePoint decode(std::string_view text) noexcept;

/// Whether a byte continues a sequence: every byte of a code point but its first.
constexpr bool is_continuation(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

/// The offset of the first byte that is not part of a valid sequence; nothing when all are.
std::optional<std::size_t> find_invalid(std::string_view text) noexcept;
inline bool is_valid(std::string_view text) noexcept { return !find_invalid(text); }

/// The beginning of a text, at most `max_bytes` long, that does not end inside a code point.
std::string_view truncate(std::string_view text, std::size_t max_bytes) noexcept;

/// Appends a code point; U+FFFD for a value that is none (a surrogate, above U+10FFFF).
void append(std::string& text, char32_t code_point);

/// Converts UTF-16 to UTF-8, piece by piece. Half of a surrogate pair that stands alone becomes U+FFFD. One thread at
/// a time.
class Utf16Decoder {
public:
    explicit Utf16Decoder(bool big_endian) : big_endian_(big_endian) {}

    /// Appends what `bytes` stand for to `text`. Pieces may end anywhere, also inside a character.
    void decode(std::string_view bytes, std::string& text);
    /// Appends U+FFFD if the input ended inside a character.
    void finish(std::string& text);

private:
    void add_unit(char32_t unit, std::string& text);

    bool big_endian_;
    int first_byte_ = -1;          // of a unit whose second byte has not come
    char32_t high_surrogate_ = 0;  // waiting for its low surrogate
};

}  // namespace uhost::utf8
