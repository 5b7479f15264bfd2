#pragma once

#include <string>
#include <string_view>

namespace uhost::github {

/// HMAC-SHA-256 (RFC 2104), in hexadecimal. Whoever does not have the key learns nothing of it.
std::string keyed_hash(std::string_view key, std::string_view text);

/// `bytes` random bytes from the system, in hexadecimal.
std::string random_hex(std::size_t bytes);

/// Whether `signature`, the header X-Hub-Signature-256 ("sha256=" and 64 hexadecimal digits), is the HMAC-SHA256 of
/// the body of a delivery under the webhook's secret. How long it takes does not depend on where they differ. A
/// signature of another form is not the right one.
/// https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
bool is_webhook_signature(std::string_view payload, std::string_view secret, std::string_view signature);

}  // namespace uhost::github
