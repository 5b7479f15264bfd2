#pragma once

#include <span>
#include <string>
#include <string_view>

namespace uhost {

/// The candidate that `word` was most probably meant to be, or "" when none is near (at most a third of its letters
/// differ, one at least; two that changed places count as one). For "did you mean" in messages.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

/// A hint line: "did you mean 'x'?" when something is near, else "known are: a, b, c".
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace uhost
