#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "api/line_editor/editor.hpp"
#include "api/line_editor/libedit.hpp"
#include "host/core/descriptor.hpp"

namespace uhost::line_editor {

/// The thread that reads standard input for a LineEditor: libedit blocks while it waits for a key.
///
/// Its members are called on the loop's thread, `publish` on the other one, which starts with the first read and ends with
/// this object.
class Typist : private LibeditInput {
public:
    using Publish = std::function<void(Event)>;

    explicit Typist(EditorOptions options);
    ~Typist() override;
    Typist(const Typist&) = delete;
    Typist& operator=(const Typist&) = delete;

    void remember(std::string entry);
    void read(std::string prompt, Publish publish);
    void complete(Completion completion);
    /// Returns when the read has ended.
    void cancel();
    /// The terminal may have another size.
    void resize();

private:
    enum class Phase { idle, requested, reading, closed };

    void run();
    Event read_line(const std::string& prompt);
    Event read_edited_line(const std::string& prompt);
    Event read_plain_line(const std::string& prompt);
    std::vector<std::string> take_new_entries();
    bool fill_buffer();
    bool take_resized();
    void wake() const;
    std::optional<wchar_t> next_character() override;
    std::optional<Completion> complete(CompletionRequest request) override;

    EditorOptions options_;
    Descriptor wake_;  // an eventfd, which ends the wait for input

    std::mutex mutex_;  // of what both threads use
    std::condition_variable changed_;
    Phase phase_ = Phase::idle;
    bool cancelled_ = false, resized_ = false;
    std::vector<std::string> new_entries_;
    std::optional<Completion> completion_;
    std::string prompt_;
    Publish publish_;

    std::unique_ptr<Libedit> libedit_;  // these two: the thread's own
    std::string input_;                 // read, and not yet used

    std::thread thread_;
};

}  // namespace uhost::line_editor
