#include "api/line_editor/typist.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "host/core/utf8.hpp"

namespace uhost::line_editor {
namespace {

Descriptor make_event() {
    Descriptor event(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!event) throw system_error("line_editor.start", "cannot start reading lines", errno);
    return event;
}

bool edits(const EditorOptions& options) { return !options.terminal.empty() && options.terminal != "dumb"; }

}  // namespace

Typist::Typist(EditorOptions options) : options_(std::move(options)), wake_(make_event()) {}

Typist::~Typist() {
    cancel();
    {
        const std::lock_guard lock(mutex_);
        phase_ = Phase::closed;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Typist::remember(std::string entry) {
    const std::lock_guard lock(mutex_);
    new_entries_.push_back(std::move(entry));
}

void Typist::read(std::string prompt, Publish publish) {
    // First: where no thread can be had, there is no read that cancel() would wait for.
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    {
        const std::lock_guard lock(mutex_);
        prompt_ = std::move(prompt);
        publish_ = std::move(publish);
        cancelled_ = false;
        phase_ = Phase::requested;
    }
    changed_.notify_all();
}

void Typist::complete(Completion completion) {
    {
        const std::lock_guard lock(mutex_);
        completion_ = std::move(completion);
    }
    changed_.notify_all();
}

void Typist::cancel() {
    std::unique_lock lock(mutex_);
    if (phase_ == Phase::idle) return;
    cancelled_ = true;
    wake();
    changed_.notify_all();
    changed_.wait(lock, [this] { return phase_ == Phase::idle; });
}

void Typist::resize() {
    {
        const std::lock_guard lock(mutex_);
        resized_ = true;
    }
    wake();
}

void Typist::wake() const {
    constexpr std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(wake_.get(), &one, sizeof one);
}

void Typist::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return phase_ == Phase::requested || phase_ == Phase::closed; });
        if (phase_ == Phase::closed) {
            libedit_.reset();  // it belongs to this thread, as does the locale that it takes back
            return;
        }
        phase_ = Phase::reading;
        const auto prompt = prompt_;
        lock.unlock();
        auto event = read_line(prompt);
        lock.lock();
        phase_ = Phase::idle;
        if (!cancelled_) publish_(std::move(event));
        changed_.notify_all();
    }
}

Event Typist::read_line(const std::string& prompt) {
    try {
        return edits(options_) ? read_edited_line(prompt) : read_plain_line(prompt);
    } catch (const std::exception&) {
        return std::current_exception();
    }
}

Event Typist::read_edited_line(const std::string& prompt) {
    if (libedit_ == nullptr) libedit_ = std::make_unique<Libedit>(options_.terminal, static_cast<LibeditInput&>(*this));
    for (const auto& entry : take_new_entries()) libedit_->remember(entry);
    auto line = libedit_->edit(prompt);
    if (!line) return EndOfInput{};
    return Line{std::move(*line)};
}

std::vector<std::string> Typist::take_new_entries() {
    const std::lock_guard lock(mutex_);
    return std::exchange(new_entries_, {});
}

Event Typist::read_plain_line(const std::string& prompt) {
    if (options_.shows_prompt) [[maybe_unused]] const auto code = write_all(STDOUT_FILENO, prompt);
    std::size_t end = 0;
    while ((end = input_.find('\n')) == std::string::npos) {
        if (fill_buffer()) continue;
        if (input_.empty()) return EndOfInput{};
        return Line{std::exchange(input_, {})};
    }
    auto line = input_.substr(0, end);
    input_.erase(0, end + 1);
    return Line{std::move(line)};
}

// Waits for input and reads what there is; false at its end, and when the read is cancelled.
bool Typist::fill_buffer() {
    while (true) {
        std::array<pollfd, 2> waits{{{STDIN_FILENO, POLLIN, 0}, {wake_.get(), POLLIN, 0}}};
        if (poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR) return false;
        if (waits[1].revents != 0) {
            std::uint64_t count = 0;
            [[maybe_unused]] const auto taken = ::read(wake_.get(), &count, sizeof count);
            if (take_resized() && libedit_ != nullptr) libedit_->resize();
            const std::lock_guard lock(mutex_);
            if (cancelled_) return false;
        }
        if (waits[0].revents == 0) continue;
        std::array<char, 4096> piece;
        const auto size = ::read(STDIN_FILENO, piece.data(), piece.size());
        if (size > 0) {
            input_.append(piece.data(), static_cast<std::size_t>(size));
            return true;
        }
        if (size == 0 || (errno != EINTR && errno != EAGAIN)) return false;
    }
}

bool Typist::take_resized() {
    const std::lock_guard lock(mutex_);
    return std::exchange(resized_, false);
}

std::optional<wchar_t> Typist::next_character() {
    constexpr std::size_t max_sequence_bytes = 4;
    while (true) {
        if (!input_.empty()) {
            const auto character = utf8::decode(input_);
            if (character.valid || input_.size() >= max_sequence_bytes || character.bytes < input_.size()) {
                input_.erase(0, character.bytes);
                return character.valid ? static_cast<wchar_t>(character.value) : L'\uFFFD';
            }
        }
        if (!fill_buffer()) return {};
    }
}

std::optional<Completion> Typist::complete(CompletionRequest request) {
    std::unique_lock lock(mutex_);
    completion_.reset();
    publish_(std::move(request));
    changed_.wait(lock, [this] { return completion_ || cancelled_; });
    return std::exchange(completion_, {});
}

}  // namespace uhost::line_editor
