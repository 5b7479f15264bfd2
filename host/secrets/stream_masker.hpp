#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace uhost {

class Vault;

/// Masks secrets in text that comes in pieces and is written as it comes: a secret may begin in one piece and end in
/// another. What may be the beginning of one is held back, unless it is too short to be of use to anybody (and then the
/// rest is masked). One thread at a time.
class StreamMasker {
public:
    /// `vault` must outlive it. `before` is what was written already, if something was.
    explicit StreamMasker(const Vault& vault, std::string_view before = {});

    /// What is to be written now.
    std::string pass(std::string_view text);
    /// What is to be written of what was held back, now that nothing follows.
    std::string finish();

private:
    const Vault& vault_;
    std::string tail_;         // what may be the beginning of a secret
    std::size_t written_ = 0;  // how much of it has been written
};

}  // namespace uhost
