#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/recording/exchange.hpp"

namespace uhost::http {

/// A recording that was read, to answer from. The k-th time that a request is made it gets the answer of the k-th time
/// it was recorded. A question that is asked more often than it was recorded gets the last answer again; a change is
/// not made more often than it was recorded.
class Answers {
public:
    /// Throws `settings.recording` for a file that cannot be read, is no recording, is broken, or larger than
    /// `largest_recording`.
    explicit Answers(const std::filesystem::path& file);

    /// The answer to this request; its address stays the same. Throws `http.not_recorded`, naming what is nearest.
    const Exchange& next(const Question& question, bool changes);

    /// The vault's names of the secrets that were sent.
    std::vector<std::string> credentials() const;

private:
    struct Known {
        std::vector<Exchange> exchanges;
        std::size_t asked = 0;
    };

    void read(std::string_view text);
    Error not_recorded(const Question& question) const;
    Error too_often(const Question& question, std::size_t times) const;
    std::vector<std::string> nearest(const Question& question) const;

    std::string file_;
    std::map<std::string, Known> known_;  // by Question::key
};

}  // namespace uhost::http
