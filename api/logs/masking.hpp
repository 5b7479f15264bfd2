#pragma once

#include <string>
#include <string_view>

#include "api/logs/line_finder.hpp"
#include "host/secrets/vault.hpp"

namespace uhost::logs {

/// Hides secrets in logs: those of the vault, and what has the shape of a token of a well-known service. A log may have
/// secrets that this machine never knew. Each becomes "***"; lines stay lines. From any thread.
class Masking {
public:
    explicit Masking(const Vault& vault);

    /// Of whole lines, each with a newline behind it.
    void mask(std::string& text) const;
    /// Of any text.
    std::string mask_text(std::string_view text) const;

private:
    std::vector<re::Span> tokens_in(std::string_view text) const;

    const Vault& vault_;
    LinePattern tokens_;
};

}  // namespace uhost::logs
