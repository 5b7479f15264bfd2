#pragma once

#include <histedit.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "api/line_editor/editor.hpp"

namespace uhost::line_editor {

/// What completing does to the line.
struct Completion {
    std::string insertion;  ///< at the cursor
    std::string listing;    ///< lines to show below; may be empty
};

/// Where Libedit's keys and completions come from. Called on its thread.
class LibeditInput {
public:
    virtual ~LibeditInput() = default;
    /// Nothing at the end of input, and when reading is cancelled.
    virtual std::optional<wchar_t> next_character() = 0;
    /// Nothing when reading is cancelled.
    virtual std::optional<Completion> complete(CompletionRequest request) = 0;
};

/// One libedit editor on standard input and output. It sets the locale of the thread that makes it to UTF-8, and
/// belongs to that thread.
class Libedit {
public:
    Libedit(const std::string& terminal, LibeditInput& input);
    ~Libedit();
    Libedit(const Libedit&) = delete;
    Libedit& operator=(const Libedit&) = delete;

    /// A line without its newline; nothing at the end of input, and when reading is cancelled.
    std::optional<std::string> edit(const std::string& prompt);
    void remember(const std::string& entry);
    /// Takes the terminal's present size.
    void resize();

private:
    static Libedit& of(EditLine* editor);
    static int read_character(EditLine* editor, wchar_t* character);
    static char* show_prompt(EditLine* editor);
    static unsigned char complete(EditLine* editor, int key);
    static unsigned char paste(EditLine* editor, int key);

    void bind_keys();
    void write(const std::string& text) const;

    template <auto close>
    struct Close {
        void operator()(auto* object) const { close(object); }
    };
    using Locale = std::unique_ptr<std::remove_pointer_t<locale_t>, Close<freelocale>>;

    LibeditInput& input_;
    std::string prompt_;
    Locale locale_;
    std::unique_ptr<FILE, Close<fclose>> in_, out_;
    std::unique_ptr<History, Close<history_end>> history_;
    std::unique_ptr<EditLine, Close<el_end>> editor_;
};

}  // namespace uhost::line_editor
