#pragma once

#include <string>
#include <string_view>

namespace uhost::http {

/// `text` with the values of query parameters that grant access (X-Amz-Signature, sig, token …) replaced by "***".
/// The text may be a URL, a form, or anything that has URLs in it, also percent-encoded in one another, in HTML
/// (`&amp;`) or in JSON (`\u0026`).
std::string without_url_credentials(std::string_view text);

}  // namespace uhost::http
