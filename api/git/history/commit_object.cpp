#include "api/git/history/commit_object.hpp"

#include <iconv.h>
#include <strings.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <memory>

#include "api/git/history/objects.hpp"

namespace uhost::git {
namespace {

constexpr std::string_view blanks = " \t\r";
constexpr std::int64_t max_time = std::int64_t{1} << 40;  // a date beyond is a mistake, and could overflow sums

/// Takes the next line off `text`, without its line feed.
std::string_view take_line(std::string_view& text) noexcept {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

/// The value of the header line `name VALUE`.
std::optional<std::string_view> header_value(std::string_view line, std::string_view name) noexcept {
    if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ' ') return std::nullopt;
    return line.substr(name.size() + 1);
}

std::string_view without_trailing_blanks(std::string_view text) noexcept {
    const auto last = text.find_last_not_of(blanks);
    return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

/// What stands behind the last ">": "seconds +hhmm".
std::string_view date_in(std::string_view person) noexcept {
    const auto close = person.rfind('>');
    if (close == std::string_view::npos) return {};
    const auto date = person.substr(close + 1);
    const auto begin = date.find_first_not_of(' ');
    return begin == std::string_view::npos ? std::string_view() : date.substr(begin);
}

std::int64_t seconds_in(std::string_view date) noexcept {
    std::int64_t seconds = 0;
    const auto result = std::from_chars(date.data(), date.data() + date.size(), seconds);
    return result.ec == std::errc() && seconds > 0 && seconds <= max_time ? seconds : 0;
}

int offset_in(std::string_view date) noexcept {
    const auto space = date.find(' ');
    if (space == std::string_view::npos) return 0;
    auto zone = date.substr(space + 1);
    if (zone.starts_with('+')) zone.remove_prefix(1);
    int offset = 0;
    std::from_chars(zone.data(), zone.data() + zone.size(), offset);
    return offset / 100 * 60 + offset % 100;
}

std::string subject_of(std::string_view message) {
    std::string subject;
    while (!message.empty()) {
        const auto line = without_trailing_blanks(take_line(message));
        if (line.empty() && subject.empty()) continue;
        if (line.empty()) break;
        if (!subject.empty()) subject += ' ';
        subject += line;
    }
    return subject;
}

struct CloseConverter {
    void operator()(void* converter) const noexcept { iconv_close(converter); }
};

}  // namespace

Person parse_person(std::string_view line) {
    Person person;
    const auto open = line.find('<');
    const auto close = line.find('>', open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos) {
        person.name = line;
        return person;
    }
    person.name = without_trailing_blanks(line.substr(0, open));
    person.email = line.substr(open + 1, close - open - 1);
    const auto date = date_in(line);
    person.time = seconds_in(date);
    person.offset_minutes = offset_in(date);
    return person;
}

bool parse_commit_links(std::string_view bytes, CommitLinks& links) {
    links.parents.clear();
    links.time = 0;
    const auto tree = header_value(take_line(bytes), "tree");
    const auto tree_oid = tree ? Oid::from_hex(*tree) : std::nullopt;
    if (!tree_oid) return false;
    links.tree = *tree_oid;
    while (!bytes.empty()) {
        const auto line = take_line(bytes);
        if (line.empty()) break;
        if (const auto parent = header_value(line, "parent")) {
            const auto oid = Oid::from_hex(*parent);
            if (!oid) return false;
            links.parents.push_back(*oid);
        } else if (const auto committer = header_value(line, "committer")) {
            links.time = seconds_in(date_in(*committer));
            break;
        }
    }
    return true;
}

std::optional<Commit> parse_commit(const Oid& id, std::string_view bytes) {
    CommitLinks links;
    if (!parse_commit_links(bytes, links)) return std::nullopt;
    Commit commit{id, links.tree, std::move(links.parents), {}, {}, {}, {}};
    std::string_view author, committer, encoding;
    while (!bytes.empty()) {
        const auto line = take_line(bytes);
        if (line.empty()) break;
        if (author.empty()) author = header_value(line, "author").value_or("");
        if (committer.empty()) committer = header_value(line, "committer").value_or("");
        if (encoding.empty()) encoding = header_value(line, "encoding").value_or("");
    }
    const std::string name_of_encoding(encoding);
    commit.author = parse_person(to_utf8(author, name_of_encoding));
    commit.committer = parse_person(to_utf8(committer, name_of_encoding));
    commit.message = to_utf8(bytes, name_of_encoding);
    commit.subject = subject_of(commit.message);
    return commit;
}

std::string to_utf8(std::string_view text, const std::string& encoding) {
    if (encoding.empty() || strcasecmp(encoding.c_str(), "utf-8") == 0 || strcasecmp(encoding.c_str(), "utf8") == 0) {
        return std::string(text);
    }
    const iconv_t opened = iconv_open("UTF-8", encoding.c_str());
    if (opened == reinterpret_cast<iconv_t>(-1)) return std::string(text);
    const std::unique_ptr<void, CloseConverter> converter(opened);
    std::string converted;
    std::array<char, 4096> piece;
    char* from = const_cast<char*>(text.data());
    std::size_t left = text.size();
    while (left > 0) {
        char* to = piece.data();
        std::size_t room = piece.size();
        const auto result = iconv(opened, &from, &left, &to, &room);
        converted.append(piece.data(), piece.size() - room);
        if (result == static_cast<std::size_t>(-1) && errno != E2BIG) return std::string(text);
    }
    return converted;
}

Commit read_commit(ObjectReader& reader, const Oid& oid) {
    auto commit = parse_commit(oid, as_text(reader.read(oid, ObjectType::commit)));
    if (!commit) throw reader.corrupt(oid, "is not a well-formed commit");
    return std::move(*commit);
}

void read_commit_links(ObjectReader& reader, const Oid& oid, CommitLinks& links) {
    if (!parse_commit_links(as_text(reader.read(oid, ObjectType::commit)), links)) {
        throw reader.corrupt(oid, "is not a well-formed commit");
    }
}

}  // namespace uhost::git
