#include "api/line_editor/libedit.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <locale>

#include "host/core/utf8.hpp"

namespace uhost::line_editor {
namespace {

constexpr int max_history_entries = 2000;
constexpr std::size_t max_paste_bytes = 1 << 20;
// Around what moves no cursor, for EL_PROMPT_ESC.
constexpr char prompt_escape = '\1';
// A terminal puts pasted text between the marks once it is asked to (xterm's "bracketed paste mode").
constexpr char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l", paste_begin[] = "\033[200~", paste_end[] = "\033[201~";

FILE* open_copy(int descriptor, const char* mode) {
    const int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    FILE* const file = copy < 0 ? nullptr : fdopen(copy, mode);
    if (file == nullptr) throw system_error("line_editor.start", "cannot use the terminal", errno);
    return file;
}

// The end of the colours ("ESC [ … m") that begin at `at`; `at` when there are none.
std::size_t end_of_colours(const std::string& prompt, std::size_t at) {
    while (prompt.compare(at, 2, "\033[") == 0) {
        const auto end = prompt.find('m', at);
        if (end == std::string::npos) break;
        at = end + 1;
    }
    return at;
}

// Colours take no columns of the screen. libedit wants one pair of marks around all that stand together.
std::string with_marked_colours(const std::string& prompt) {
    std::string marked;
    for (std::size_t at = 0; at < prompt.size();) {
        const auto end = end_of_colours(prompt, at);
        if (end == at) {
            marked += prompt[at++];
            continue;
        }
        marked.append(1, prompt_escape).append(prompt, at, end - at).append(1, prompt_escape);
        at = end;
    }
    return marked;
}

}  // namespace

Libedit::Libedit(const std::string& terminal, LibeditInput& input)
    : input_(input),
      locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)),
      in_(open_copy(STDIN_FILENO, "r")),
      out_(open_copy(STDOUT_FILENO, "w")),
      history_(history_init()) {
    if (locale_ != nullptr) uselocale(locale_.get());
    editor_.reset(el_init_fd("uhost", in_.get(), out_.get(), out_.get(), STDIN_FILENO, STDOUT_FILENO, STDOUT_FILENO));
    if (editor_ == nullptr || history_ == nullptr) throw Error("line_editor.start", "libedit cannot use this terminal");
    HistEvent event{};
    history(history_.get(), &event, H_SETSIZE, max_history_entries);
    history(history_.get(), &event, H_SETUNIQUE, 1);
    EditLine* const editor = editor_.get();
    el_set(editor, EL_CLIENTDATA, this);
    el_set(editor, EL_TERMINAL, terminal.c_str());
    el_set(editor, EL_PROMPT_ESC, show_prompt, prompt_escape);
    el_set(editor, EL_HIST, history, history_.get());
    el_set(editor, EL_GETCFN, read_character);
    bind_keys();
    el_source(editor, nullptr);
}

Libedit::~Libedit() {
    editor_.reset();
    if (locale_ != nullptr) uselocale(LC_GLOBAL_LOCALE);
}

void Libedit::bind_keys() {
    EditLine* const editor = editor_.get();
    el_set(editor, EL_EDITOR, "emacs");
    el_set(editor, EL_ADDFN, "uhost-complete", "Complete a name", complete);
    el_set(editor, EL_ADDFN, "uhost-paste", "Insert pasted text", paste);
    el_set(editor, EL_BIND, "^I", "uhost-complete", nullptr);
    el_set(editor, EL_BIND, paste_begin, "uhost-paste", nullptr);
    el_set(editor, EL_BIND, "^R", "em-inc-search-prev", nullptr);
    el_set(editor, EL_BIND, "^W", "ed-delete-prev-word", nullptr);
    // Home, End and Delete, and words with Control, as terminals send them.
    constexpr std::pair<const char*, const char*> keys[]{
        {"\033[H", "ed-move-to-beg"},    {"\033[F", "ed-move-to-end"},  {"\033[1~", "ed-move-to-beg"},
        {"\033[4~", "ed-move-to-end"},   {"\033[3~", "ed-delete-next-char"},
        {"\033[1;5C", "em-next-word"},   {"\033[1;5D", "ed-prev-word"}};
    for (const auto& [key, command] : keys) el_set(editor, EL_BIND, key, command, nullptr);
}

Libedit& Libedit::of(EditLine* editor) {
    void* self = nullptr;
    el_get(editor, EL_CLIENTDATA, &self);
    return *static_cast<Libedit*>(self);
}

std::optional<std::string> Libedit::edit(const std::string& prompt) {
    prompt_ = with_marked_colours(prompt);
    write(paste_on);
    int size = 0;
    const char* const text = el_gets(editor_.get(), &size);
    std::optional<std::string> line;
    if (text != nullptr && size > 0) line.emplace(text, static_cast<std::size_t>(size));
    write(paste_off);
    if (line && line->ends_with('\n')) line->pop_back();
    return line;
}

void Libedit::remember(const std::string& entry) {
    HistEvent event{};
    history(history_.get(), &event, H_ENTER, entry.c_str());
}

void Libedit::resize() { el_resize(editor_.get()); }

void Libedit::write(const std::string& text) const {
    std::fputs(text.c_str(), out_.get());
    std::fflush(out_.get());
}

int Libedit::read_character(EditLine* editor, wchar_t* character) {
    const auto next = of(editor).input_.next_character();
    if (!next) return 0;
    *character = *next;
    return 1;
}

char* Libedit::show_prompt(EditLine* editor) { return of(editor).prompt_.data(); }

unsigned char Libedit::complete(EditLine* editor, int) {
    const LineInfo* const line = el_line(editor);
    CompletionRequest request{{line->buffer, line->lastchar}, static_cast<std::size_t>(line->cursor - line->buffer)};
    const auto completion = of(editor).input_.complete(std::move(request));
    if (!completion) return CC_EOF;
    if (!completion->insertion.empty()) el_insertstr(editor, completion->insertion.c_str());
    if (completion->listing.empty()) return completion->insertion.empty() ? CC_REFRESH_BEEP : CC_REFRESH;
    of(editor).write("\n" + completion->listing);
    return CC_REDISPLAY;
}

unsigned char Libedit::paste(EditLine* editor, int) {
    std::string text;
    while (!text.ends_with(paste_end)) {
        if (text.size() > max_paste_bytes) return CC_ERROR;
        const auto next = of(editor).input_.next_character();
        if (!next) return CC_EOF;
        utf8::append(text, *next == L'\r' ? U'\n' : static_cast<char32_t>(*next));
    }
    text.resize(text.size() - (sizeof paste_end - 1));
    el_insertstr(editor, text.c_str());
    return CC_REFRESH;
}

}  // namespace uhost::line_editor
