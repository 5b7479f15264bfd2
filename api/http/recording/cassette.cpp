#include "api/http/recording/cassette.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>

#include "host/core/file.hpp"

namespace uhost::http {
namespace {

constexpr std::size_t max_shown_chars = 300;
constexpr std::size_t max_nearest = 3;

std::string display(const RequestKey& key) {
    return fmt::format("{} {}", key.method, key.url.substr(0, max_shown_chars));
}

std::string body_text(const RequestKey& key) { return dump(key.body).substr(0, max_shown_chars); }

std::size_t common_prefix(std::string_view a, std::string_view b) {
    return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

Error unreadable(const std::string& file, const Error& error) {
    return Error("settings.recording", fmt::format("cannot replay {}", file))
        .hint(error.kind() == "file.too_large"
                  ? fmt::format("it is larger than {} MiB: is it a recording?", max_recording_bytes >> 20)
                  : std::string("check the path; --record FILE makes one"))
        .native(error.message());
}

Error cannot_record(const std::filesystem::path& file) {
    return system_error("settings.recording", fmt::format("cannot record into {}", file.string()), errno);
}

std::string first_line(int descriptor) {
    std::array<char, 4096> buffer{};
    const auto count = pread(descriptor, buffer.data(), buffer.size(), 0);
    const std::string_view text(buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    return std::string(text.substr(0, text.find('\n')));
}

}  // namespace

Cassette::Cassette(const std::filesystem::path& file) : file_(file.string()) {
    std::string text;
    try {
        text = read_file(file, max_recording_bytes);
    } catch (const Error& error) {
        throw unreadable(file_, error);
    }
    read(text);
}

void Cassette::read(std::string_view text) {
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
    for (auto& exchange : exchanges) entries_[exchange.key.text()].exchanges.push_back(std::move(exchange));
}

std::vector<std::string> Cassette::credentials() const {
    std::set<std::string> names;
    for (const auto& [text, entry] : entries_) {
        for (const auto& exchange : entry.exchanges) {
            if (!exchange.credential.empty()) names.insert(exchange.credential);
        }
    }
    return {names.begin(), names.end()};
}

const Exchange& Cassette::next(const RequestKey& key, bool changes) {
    const auto found = entries_.find(key.text());
    if (found == entries_.end()) throw not_recorded(key);
    auto& [exchanges, served] = found->second;
    if (changes && served >= exchanges.size()) throw too_often(key, exchanges.size());
    return exchanges[std::min(served++, exchanges.size() - 1)];
}

Error Cassette::too_often(const RequestKey& key, std::size_t times) const {
    return Error("http.not_recorded",
                 fmt::format("{} was recorded {} in {}, but the script sends it once more", display(key),
                             times == 1 ? std::string("once") : fmt::format("{} times", times), file_))
        .hint("the script differs from the one that was recorded; record it again with --record")
        .with("method", key.method)
        .with("url", key.url);
}

Error Cassette::not_recorded(const RequestKey& key) const {
    const auto near = nearest(key);
    auto hint = near.empty() ? std::string("nothing is recorded in it")
                             : fmt::format("nearest recorded: {}", fmt::join(near, "; "));
    return Error("http.not_recorded", fmt::format("{} is not in the recording {}", display(key), file_))
        .hint(hint + "; record it again with --record")
        .native(key.body.is_null() ? std::string() : "its body: " + body_text(key))
        .with("method", key.method)
        .with("url", key.url)
        .with("nearest", fmt::format("{}", fmt::join(near, "\n")));
}

// The same URL first, then those that begin alike; the same method before others.
std::vector<std::string> Cassette::nearest(const RequestKey& key) const {
    std::vector<std::pair<std::size_t, const RequestKey*>> ranked;
    for (const auto& [text, entry] : entries_) {
        const auto& other = entry.exchanges.front().key;
        const auto alike = common_prefix(key.url, other.url) + (key.url == other.url ? max_shown_chars : 0);
        ranked.emplace_back(2 * alike + (key.method == other.method ? 1 : 0), &other);
    }
    std::ranges::stable_sort(ranked, std::ranges::greater{}, &std::pair<std::size_t, const RequestKey*>::first);
    std::vector<std::string> texts;
    for (const auto& [rank, other] : ranked) {
        auto text = display(*other);
        if (other->method == key.method && other->url == key.url) {
            text += other->body == key.body ? fmt::format(" that accepts {}", other->accept)
                                            : fmt::format(" with the body {}", body_text(*other));
        }
        if (std::ranges::find(texts, text) == texts.end()) texts.push_back(std::move(text));
        if (texts.size() == max_nearest) break;
    }
    return texts;
}

Recorder::Recorder(std::filesystem::path file, Existing existing)
    : file_(std::move(file)), descriptor_(::open(file_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
    if (!descriptor_) throw cannot_record(file_);
    begin(existing);
}

void Recorder::begin(Existing existing) {
    struct stat status {};
    if (fstat(descriptor_.get(), &status) != 0) throw cannot_record(file_);
    if (flock(descriptor_.get(), LOCK_EX | LOCK_NB) != 0) {
        throw Error("settings.recording", fmt::format("another process is recording into {}", file_.string()))
            .hint("give each its own file");
    }
    const bool is_empty = S_ISREG(status.st_mode) && status.st_size == 0;
    const bool is_recording = S_ISREG(status.st_mode) && begins_recording(first_line(descriptor_.get()));
    if (!is_empty && !is_recording) {
        throw Error("settings.recording",
                    fmt::format("{} exists and is not a recording; it stays as it is", file_.string()))
            .hint("name a new file, or remove that one")
            .with("path", file_.string());
    }
    if (is_recording && existing == Existing::keep) {
        throw Error("settings.recording",
                    fmt::format("{} holds a recording already; it stays as it is", file_.string()))
            .hint("name a new file, or replace the recording with --set http.replace_recording=true")
            .with("path", file_.string());
    }
    if (fchmod(descriptor_.get(), 0600) != 0 || ftruncate(descriptor_.get(), 0) != 0) throw cannot_record(file_);
    write_line(recording_header());
}

void Recorder::add(const Exchange& exchange) {
    const auto line = to_line(exchange);
    if (written_ + line.size() > max_recording_bytes) {
        throw Error("http.recording", fmt::format("the recording {} would be larger than {} MiB", file_.string(),
                                                  max_recording_bytes >> 20))
            .hint("record a shorter run");
    }
    write_line(line);
}

void Recorder::write_line(std::string_view line) {
    const auto whole = std::string(line) + '\n';
    if (const int code = write_all(descriptor_.get(), whole); code != 0) {
        [[maybe_unused]] const int ignored = ftruncate(descriptor_.get(), static_cast<off_t>(written_));
        throw system_error("http.recording", fmt::format("cannot write {}", file_.string()), code);
    }
    written_ += whole.size();
}

}  // namespace uhost::http
