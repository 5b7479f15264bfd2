#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace uhost::logs {

// A filter says of a block of lines which texts it cannot have, in one or two percent of the block's size: a bitmap in
// which each three and each four bytes in a row have set a bit. Letters count without case, and all digits are the same
// to it: numbers differ from line to line, would fill the bitmap, and are seldom what is looked for.

/// The filter of lines with newlines between them. Its size is a power of two.
std::string make_filter(std::string_view text);

/// The bits that a text needs. Nothing for a text of less than three bytes.
std::vector<std::uint32_t> grams_of(std::string_view text);

/// Whether lines with this filter may have a text; a filter of no size says nothing.
bool may_have(std::string_view filter, const std::vector<std::uint32_t>& grams);

/// Whether a text has a letter beyond ASCII that is the same as one of ASCII without regard to case: the Kelvin sign
/// and the long s, of which literals and filters know nothing.
bool has_folding_letter(std::string_view text);

}  // namespace uhost::logs
