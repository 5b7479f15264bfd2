#include "api/http/recording/recorder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace uhost::http {
namespace {

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
    if (written_ + line.size() > largest_recording) {
        throw Error("http.recording", fmt::format("the recording {} would be larger than {} MiB", file_.string(),
                                                  largest_recording >> 20))
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
