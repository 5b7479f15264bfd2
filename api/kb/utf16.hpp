#pragma once

#include <string>
#include <string_view>

namespace uhost::kb {

/// Turns UTF-16 into UTF-8, piece by piece. Half of a pair that stands alone becomes U+FFFD.
class Utf16Decoder {
public:
    explicit Utf16Decoder(bool big_endian) : big_endian_(big_endian) {}

    /// Adds what `bytes` go on with to `text`. Pieces may end anywhere.
    void decode(std::string_view bytes, std::string& text);
    /// Adds what is left of a broken character at the end.
    void finish(std::string& text);

private:
    void unit(unsigned value, std::string& text);

    bool big_endian_;
    int first_byte_ = -1;  // of a unit that is not complete
    unsigned high_ = 0;    // the first half of a pair
};

}  // namespace uhost::kb
