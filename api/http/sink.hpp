#pragma once

#include <cstdint>
#include <string_view>

#include "api/http/message.hpp"

namespace uhost::http {

/// Where a response's body goes. Called on the loop's thread, in order: begin, write…, then finish if all went well;
/// each may throw, which ends the transfer with that error.
class Sink {
public:
    enum class Took {
        all,
        nothing,  ///< not now: the same bytes are offered again after Client::resume
    };

    virtual ~Sink() = default;
    /// The headers of the final response are in; its body is still empty.
    virtual void begin(const Response&) {}
    virtual Took write(std::string_view bytes) = 0;
    virtual void finish(Response&) {}
};

/// Keeps the body in memory, and gives it to the response.
class MemorySink : public Sink {
public:
    Took write(std::string_view bytes) override {
        body_.append(bytes);
        return Took::all;
    }
    void finish(Response& response) override { response.body = std::move(body_); }

private:
    std::string body_;
};

}  // namespace uhost::http
