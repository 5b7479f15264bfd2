#include "api/http/recording/question.hpp"

#include <algorithm>
#include <cctype>

#include "api/http/recording/body.hpp"

namespace uhost::http {

bool has_name(const std::pair<std::string, std::string>& header, std::string_view name) {
    return std::ranges::equal(header.first, name, {}, [](unsigned char c) { return std::tolower(c); });
}

Question question_of(const Request& request, Scrubber& scrubber) {
    scrubber.learn(request.headers);
    if (!request.authorization.empty()) scrubber.learn_authorization(request.authorization);
    Question question;
    question.method = request.method;
    question.body = stored_request_body(request.body, scrubber);
    question.url = scrubber.text(request.url.text);
    const auto accept =
        std::ranges::find_if(request.headers, [](const auto& header) { return has_name(header, "accept"); });
    if (accept != request.headers.end()) question.accept = scrubber.text(accept->second);
    return question;
}

}  // namespace uhost::http
