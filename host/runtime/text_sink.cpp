#include "host/runtime/text_sink.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "host/core/error.hpp"

namespace uhost {
namespace {

class StandardStream : public TextSink {
public:
    StandardStream(std::FILE* stream, const char* name) : stream_(stream), name_(name), terminal_(isatty(fileno(stream)) != 0) {}

    void write(std::string_view text) override {
        errno = 0;
        if (std::fwrite(text.data(), 1, text.size(), stream_) != text.size()) throw failure();
    }

    void flush() override {
        errno = 0;
        if (std::fflush(stream_) != 0 || std::ferror(stream_) != 0) throw failure();
    }

    bool is_terminal() const override { return terminal_; }

private:
    // Clears the stream's error, so that one failure is reported once.
    Error failure() {
        const int code = errno != 0 ? errno : EIO;
        std::clearerr(stream_);
        return system_error(code == EPIPE ? "output.closed" : "output.write", std::string("cannot write to ") + name_, code);
    }

    std::FILE* stream_;
    const char* name_;
    bool terminal_;
};

}  // namespace

std::shared_ptr<TextSink> standard_output() { return std::make_shared<StandardStream>(stdout, "standard output"); }
std::shared_ptr<TextSink> standard_error() { return std::make_shared<StandardStream>(stderr, "standard error"); }

}  // namespace uhost
