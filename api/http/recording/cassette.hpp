#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/recording/exchange.hpp"
#include "host/core/descriptor.hpp"

namespace uhost::http {

/// A recording to answer from. The k-th time that a request is made it gets the k-th answer recorded for it. One made
/// more often gets the last answer again, unless it changes something: then it is refused.
class Cassette {
public:
    /// Throws `settings.recording` for a file that cannot be read, is not a recording, is damaged, or is larger than
    /// max_recording_bytes.
    explicit Cassette(const std::filesystem::path& file);

    /// The answer to this request; its address stays the same. Throws `http.not_recorded`, naming what is nearest.
    const Exchange& next(const RequestKey& key, bool changes);

    /// The vault's names of the secrets that were sent.
    std::vector<std::string> credentials() const;

private:
    struct Entry {
        std::vector<Exchange> exchanges;
        std::size_t served = 0;
    };

    void read(std::string_view text);
    Error not_recorded(const RequestKey& key) const;
    Error too_often(const RequestKey& key, std::size_t times) const;
    std::vector<std::string> nearest(const RequestKey& key) const;

    std::string file_;
    std::map<std::string, Entry> entries_;  // by RequestKey::text
};

/// Writes a recording: JSON Lines, a header and then one exchange a line. Each line is written at once, so that the
/// file is whole whenever the process ends. It is readable by its owner only.
class Recorder {
public:
    enum class Existing { keep, replace };

    /// Begins `file`, which is new or empty; `Existing::replace` also begins another recording anew. Throws
    /// `settings.recording` when it holds something else, when another process is recording into it, or when it cannot
    /// be written.
    explicit Recorder(std::filesystem::path file, Existing existing = Existing::keep);

    /// Throws `http.recording` when the line cannot be written, or when the file would pass max_recording_bytes; the
    /// file then ends with the line before.
    void add(const Exchange& exchange);

private:
    void begin(Existing existing);
    void write_line(std::string_view line);

    std::filesystem::path file_;
    Descriptor descriptor_;
    std::size_t written_ = 0;
};

}  // namespace uhost::http
