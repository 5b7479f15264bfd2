#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "api/http/sink.hpp"
#include "host/core/file.hpp"

namespace uhost::http {

/// Writes the body of a successful response (2xx) to a file, which appears whole or not at all: the bytes go to a file
/// beside it that is renamed at the end and removed on failure. The body of any other response stays in memory, up to
/// 64 KiB, and the file is left alone. Throws `http.file`.
class FileSink : public Sink {
public:
    explicit FileSink(std::filesystem::path file) : file_(std::move(file)) {}

    void begin(const Response& response) override;
    Took write(std::string_view bytes) override;
    void finish(Response& response) override;

private:
    std::filesystem::path file_;
    std::optional<AtomicFile> download_;
    std::string refusal_;  // the body of a response that is no success
};

}  // namespace uhost::http
