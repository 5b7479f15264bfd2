#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "api/http/message.hpp"

namespace uhost {
class Vault;
}

namespace uhost::http {

/// Removes secrets from requests and answers: those of the vault, credentials that were sent or received, signatures
/// of signed URLs. Each becomes "***", the same on recording and on replay, so that scrubbed requests can be compared.
/// A secret shorter than 8 bytes is found by its place only, not by its text.
class Scrubber {
public:
    explicit Scrubber(const Vault& vault) : vault_(vault) {}

    /// Remembers the secrets in the headers of a request or an answer: authorization, cookies, keys.
    void learn(const Headers& headers);
    void learn_authorization(std::string_view value);

    std::string text(std::string_view text) const;
    /// Scrubs all texts in a JSON value; a value under a name such as "token" is a secret and remembered.
    void json(nlohmann::json& value);
    /// Without headers that carry credentials, that differ each time (date, request ids), or that describe how the
    /// body travelled.
    Headers headers(const Headers& received) const;

private:
    void learn_fields(const nlohmann::json& value);
    void clean(nlohmann::json& value) const;
    void learn_value(std::string_view value);

    const Vault& vault_;
    std::vector<std::string> learned_;  // longest first
};

/// `text` with the values of query parameters that grant access (X-Amz-Signature, sig, token …) replaced by "***".
/// The text may be a URL, a form, or anything that has URLs in it, also percent-encoded in one another, in HTML
/// (`&amp;`) or in JSON (`\u0026`).
std::string without_url_credentials(std::string_view text);

}  // namespace uhost::http
