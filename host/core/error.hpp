#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace uhost {

/// What a process answers to its caller; the same everywhere.
enum class ExitCode : int {
    fine = 0,
    findings = 1,      ///< something needs attention
    usage = 2,         ///< wrong arguments, or a broken script, rule or setting
    world = 3,         ///< network, authentication, git, disk, database
    interrupted = 130  ///< Ctrl-C
};

/// A failure with a face: what happened, what to do next, and the values it happened with.
///
/// `kind` names the failure for programs (`"git.shallow"`, `"argument"`): the primitive, a dot, a word.
/// `message` is one line for people, without a full stop. `hint` is the remedy, one line. `native` is the cause
/// as the library below reported it. Core classes throw it; only the binding kit turns it into a Lua error.
class Error : public std::exception {
public:
    using Value = std::variant<std::string, std::int64_t, double, bool, std::shared_ptr<const Error>>;
    using Details = std::vector<std::pair<std::string, Value>>;

    Error(std::string kind, std::string message) : kind_(std::move(kind)), message_(std::move(message)) {}

    Error&& hint(std::string text) && {
        hint_ = std::move(text);
        return std::move(*this);
    }
    Error&& native(std::string text) && {
        native_ = std::move(text);
        return std::move(*this);
    }
    /// Adds an operand, readable in Lua as `err.details[name]`. Some names mean the same everywhere: `path`, `line` and
    /// `column` of the file that the error is about; `code`, the code of the system or library below ("ENOENT", an
    /// HTTP status); `cause`, the error behind this one; `excerpt`, lines of source that are printed below the message.
    /// No code may look for them, or for anything else, in the message or the hint.
    Error&& with(std::string name, Value value) && {
        details_.emplace_back(std::move(name), std::move(value));
        return std::move(*this);
    }

    /// The error that led to this one.
    Error&& cause(Error error) && {
        return std::move(*this).with("cause", std::make_shared<const Error>(std::move(error)));
    }

    const char* what() const noexcept override { return message_.c_str(); }
    const std::string& kind() const noexcept { return kind_; }
    const std::string& message() const noexcept { return message_; }
    const std::string& hint() const noexcept { return hint_; }
    const std::string& native() const noexcept { return native_; }
    const Details& details() const noexcept { return details_; }

private:
    std::string kind_, message_, hint_, native_;
    Details details_;
};

/// The exit code that an uncaught error of this kind ends the process with. Kinds that name a mistake of the caller (an
/// argument, a script, a rule, a setting) give `usage`, and so do those of a primitive that says so; all others `world`.
ExitCode exit_code_of(std::string_view kind);

/// Says that the errors of a primitive, kind "NAME.…", or those of one kind, are mistakes of the caller. A primitive
/// declares it once, at namespace scope beside what throws: `const UsageErrors usage_errors("json");`
struct UsageErrors {
    explicit UsageErrors(std::string_view primitive);
};

/// An operating-system failure as an Error: `message` is followed by the system's message for `code` (an errno
/// value), and common codes (no space, no permission, not found) bring their hint.
Error system_error(std::string kind, std::string message, int code);

}  // namespace uhost
