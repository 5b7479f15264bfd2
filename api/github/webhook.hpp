#pragma once

#include <string_view>

namespace uhost::github {

/// Whether `signature`, the header X-Hub-Signature-256 ("sha256=" and 64 hexadecimal digits), is the HMAC-SHA256 of
/// the body of a delivery under the webhook's secret. How long it takes does not depend on where they differ. A
/// signature of another form is not the right one.
/// https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
bool is_webhook_signature(std::string_view payload, std::string_view secret, std::string_view signature);

}  // namespace uhost::github
