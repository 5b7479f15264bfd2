#include "api/http/recording/answers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "api/http/recording/body.hpp"
#include "host/core/file.hpp"

namespace uhost::http {
namespace {

constexpr std::size_t longest_shown = 300;
constexpr std::size_t most_shown = 3;

std::string shown(const Question& question) {
    return fmt::format("{} {}", question.method, question.url.substr(0, longest_shown));
}

std::string body_shown(const Question& question) { return dump(question.body).substr(0, longest_shown); }

std::size_t common_beginning(std::string_view a, std::string_view b) {
    return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

Error unreadable(const std::string& file, const Error& error) {
    return Error("settings.recording", fmt::format("cannot replay {}", file))
        .hint(error.kind() == "file.too_large"
                  ? fmt::format("it is larger than {} MiB: is it a recording?", largest_recording >> 20)
                  : std::string("check the path; --record FILE makes one"))
        .native(error.message());
}

}  // namespace

Answers::Answers(const std::filesystem::path& file) : file_(file.string()) {
    std::string text;
    try {
        text = read_file(file, largest_recording);
    } catch (const Error& error) {
        throw unreadable(file_, error);
    }
    read(text);
}

void Answers::read(std::string_view text) {
    std::vector<Exchange> exchanges;
    for (std::size_t begin = 0, number = 1; begin < text.size() || number == 1; ++number) {
        const auto end = std::min(text.find('\n', begin), text.size());
        const auto line = text.substr(begin, end - begin);
        if (number == 1) {
            check_header(line, file_);
        } else {
            exchanges.push_back(from_line(line, file_, number));
        }
        begin = end + 1;
    }
    std::ranges::stable_sort(exchanges, {}, &Exchange::number);
    for (auto& exchange : exchanges) known_[exchange.question.key()].exchanges.push_back(std::move(exchange));
}

std::vector<std::string> Answers::credentials() const {
    std::set<std::string> names;
    for (const auto& [key, known] : known_) {
        for (const auto& exchange : known.exchanges) {
            if (!exchange.credential.empty()) names.insert(exchange.credential);
        }
    }
    return {names.begin(), names.end()};
}

const Exchange& Answers::next(const Question& question, bool changes) {
    const auto found = known_.find(question.key());
    if (found == known_.end()) throw not_recorded(question);
    auto& [exchanges, asked] = found->second;
    if (changes && asked >= exchanges.size()) throw too_often(question, exchanges.size());
    return exchanges[std::min(asked++, exchanges.size() - 1)];
}

Error Answers::too_often(const Question& question, std::size_t times) const {
    return Error("http.not_recorded",
                 fmt::format("{} was recorded {} in {}, and is asked for once more", shown(question),
                             times == 1 ? std::string("once") : fmt::format("{} times", times), file_))
        .hint("the script does something else than when it was recorded; record it again with --record")
        .with("method", question.method)
        .with("url", question.url);
}

Error Answers::not_recorded(const Question& question) const {
    const auto near = nearest(question);
    auto hint = near.empty() ? std::string("nothing is recorded in it")
                             : fmt::format("nearest recorded: {}", fmt::join(near, "; "));
    return Error("http.not_recorded", fmt::format("{} is not in the recording {}", shown(question), file_))
        .hint(hint + "; record it again with --record")
        .native(question.body.is_null() ? std::string() : "its body: " + body_shown(question))
        .with("method", question.method)
        .with("url", question.url)
        .with("nearest", fmt::format("{}", fmt::join(near, "\n")));
}

// The same URL first, then those that begin alike; the same method before others.
std::vector<std::string> Answers::nearest(const Question& question) const {
    std::vector<std::pair<std::size_t, const Question*>> ranked;
    for (const auto& [key, known] : known_) {
        const auto& other = known.exchanges.front().question;
        const auto alike = common_beginning(question.url, other.url) + (question.url == other.url ? longest_shown : 0);
        ranked.emplace_back(2 * alike + (question.method == other.method ? 1 : 0), &other);
    }
    std::ranges::stable_sort(ranked, std::ranges::greater{}, &std::pair<std::size_t, const Question*>::first);
    std::vector<std::string> texts;
    for (const auto& [rank, other] : ranked) {
        auto text = shown(*other);
        if (other->method == question.method && other->url == question.url) {
            text += other->body == question.body ? fmt::format(" that accepts {}", other->accept)
                                                 : fmt::format(" with the body {}", body_shown(*other));
        }
        if (std::ranges::find(texts, text) == texts.end()) texts.push_back(std::move(text));
        if (texts.size() == most_shown) break;
    }
    return texts;
}

}  // namespace uhost::http
