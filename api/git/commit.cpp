#include "api/git/commit.hpp"

#include <charconv>
#include <cstdlib>

#include "api/git/failure.hpp"
#include "api/git/text_encoding.hpp"

namespace uhost::git {
namespace {

std::string_view take_line(std::string_view& text) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

template <class Integer>
Integer number_in(std::string_view text) {
    Integer value = 0;
    if (text.starts_with('+')) text.remove_prefix(1);
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

// git's "%s": the lines of the first paragraph, joined by spaces.
std::string subject_of(std::string_view message) {
    while (message.starts_with('\n')) message.remove_prefix(1);
    std::string subject;
    while (!message.empty()) {
        auto line = take_line(message);
        while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
        if (line.empty()) break;
        if (!subject.empty()) subject += ' ';
        subject += line;
    }
    return subject;
}

void set_oid(Oid& into, std::string_view hex) {
    if (const auto oid = Oid::from_hex(hex)) into = *oid;
}

}  // namespace

Person parse_person(std::string_view line) {
    Person person;
    const auto open = line.find('<'), close = line.rfind('>');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
        person.name = line;
        return person;
    }
    auto name = line.substr(0, open);
    while (name.ends_with(' ')) name.remove_suffix(1);
    person.name = name;
    person.email = line.substr(open + 1, close - open - 1);
    auto rest = line.substr(close + 1);
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    const auto space = rest.find(' ');
    person.time = number_in<std::int64_t>(rest.substr(0, space));
    if (space != std::string_view::npos) {
        const int offset = number_in<int>(rest.substr(space + 1));
        person.offset_minutes = offset / 100 * 60 + offset % 100;
    }
    return person;
}

std::optional<Commit> parse_commit(const Oid& id, std::string_view bytes) {
    Commit commit;
    commit.id = id;
    std::string encoding;
    while (!bytes.empty()) {
        const auto line = take_line(bytes);
        if (line.empty()) break;
        const auto space = line.find(' ');
        const auto key = line.substr(0, space);
        const auto value = space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
        if (key == "tree") set_oid(commit.tree, value);
        if (key == "parent") set_oid(commit.parents.emplace_back(), value);
        if (key == "author") commit.author = parse_person(value);
        if (key == "committer") commit.committer = parse_person(value);
        if (key == "encoding") encoding = value;
    }
    if (commit.tree.is_zero()) return std::nullopt;
    commit.message = bytes;
    for (auto* text : {&commit.message, &commit.author.name, &commit.committer.name}) *text = to_utf8(*text, encoding);
    commit.subject = subject_of(commit.message);
    return commit;
}

Oid replacement_of(git_repository* repository, const Oid& id) {
    static const bool ignored = std::getenv("GIT_NO_REPLACE_OBJECTS") != nullptr;
    if (ignored) return id;
    git_oid replacement;
    const auto name = "refs/replace/" + id.hex();
    return git_reference_name_to_id(&replacement, repository, name.c_str()) == 0 ? from_git_oid(replacement) : id;
}

Commit read_commit(git_repository* repository, const Oid& id) {
    const auto what = "cannot read commit " + id.hex();
    OdbHandle odb;
    check(git_repository_odb(out(odb), repository), what, repository);
    const auto oid = to_git_oid(replacement_of(repository, id));
    OdbObjectHandle object;
    check(git_odb_read(out(object), odb.get(), &oid), what, repository);
    if (git_odb_object_type(object.get()) != GIT_OBJECT_COMMIT) {
        throw Error("git.not_a_commit", id.hex() + " is not a commit").hint("name a commit, a branch or a tag");
    }
    auto commit = parse_commit(
        id, {static_cast<const char*>(git_odb_object_data(object.get())), git_odb_object_size(object.get())});
    if (commit) return std::move(*commit);
    throw Error("git.corrupt_object", what + ": it is malformed").hint("check the repository with 'git fsck --full'");
}

}  // namespace uhost::git
