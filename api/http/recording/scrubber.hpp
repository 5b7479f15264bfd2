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

/// Takes out of requests and answers what must not be kept: the vault's secrets, what was sent or received as a
/// credential, the signatures of signed URLs. What is taken out becomes "***", the same on recording and on replay, so
/// that scrubbed requests can be compared. Values shorter than 8 bytes are only found by their place, not by their
/// text.
class Scrubber {
public:
    explicit Scrubber(const Vault& vault) : vault_(vault) {}

    /// Remembers what the headers of a request or an answer show to be secret: authorization, cookies, keys.
    void learn(const Headers& headers);
    void learn_authorization(std::string_view value);

    std::string text(std::string_view text) const;
    /// All texts in a JSON value, and what stands under a name such as "token"; that is remembered, too.
    void json(nlohmann::json& value);
    /// Without those that carry credentials, that differ from one time to the next (date, request ids), or that tell
    /// how the body travelled.
    Headers headers(const Headers& received) const;

private:
    void learn_fields(const nlohmann::json& value);
    void clean(nlohmann::json& value) const;
    void learn_value(std::string_view value);

    const Vault& vault_;
    std::vector<std::string> learnt_;  // longest first
};

}  // namespace uhost::http
