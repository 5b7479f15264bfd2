#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string_view>

#include "host/core/descriptor.hpp"
#include "host/core/resolved_path.hpp"

namespace uhost::log_text {

/// What a log is read from: a regular file, read at any place, from any thread.
class SourceFile {
public:
    /// Opens a file; "-" is standard input. What is no regular file, and UTF-16, is first copied to a temporary file
    /// (as UTF-8), which waits for its end. Throws `log_text.read`, also when `stop` is requested meanwhile.
    static std::shared_ptr<const SourceFile> open(const FilePlace& place, const std::stop_token& stop);

    SourceFile(Descriptor descriptor, std::string name, std::uint64_t bytes);

    /// What users call it.
    const std::string& name() const { return name_; }
    /// What ends its lines: a newline, or a carriage return where there are no newlines, as in logs that went through a
    /// terminal of old.
    char line_end() const { return line_end_; }
    /// As they came, before any copying.
    std::uint64_t bytes() const { return bytes_; }
    /// Fills `into` as far as the file has bytes; 0 at its end. Throws `log_text.read`.
    std::size_t read_at(char* into, std::size_t size, std::uint64_t offset) const;

private:
    char find_line_end() const;

    Descriptor descriptor_;
    std::string name_;
    std::uint64_t bytes_;
    char line_end_;
};

/// Collects what comes bit by bit in a temporary file without a name, which is gone with the last that uses it.
class Spool {
public:
    /// Throws `log_text.write`.
    explicit Spool(std::string name);

    /// Throws `log_text.write`.
    void write(std::string_view bytes);
    /// What was collected; the spool cannot be used any more. Throws `log_text.read`.
    std::shared_ptr<const SourceFile> finish(const std::stop_token& stop);

private:
    std::string name_;
    Descriptor descriptor_;
    std::uint64_t bytes_ = 0;
};

}  // namespace uhost::log_text
