#include "api/git/history/commit_object.hpp"

#include <charconv>
#include <optional>

#include "api/git/history/objects.hpp"

namespace uhost::git {
namespace {

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

constexpr std::int64_t latest = std::int64_t{1} << 40;  // a date beyond is a mistake, and could overflow sums

/// The seconds of `Name <email> SECONDS ZONE`; 0 if there are none.
std::int64_t seconds_of(std::string_view person) noexcept {
    const std::size_t close = person.rfind('>');
    if (close == std::string_view::npos) return 0;
    std::string_view rest = person.substr(close + 1);
    while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
    std::int64_t seconds = 0;
    const auto result = std::from_chars(rest.data(), rest.data() + rest.size(), seconds);
    return result.ec == std::errc() && seconds > 0 && seconds <= latest ? seconds : 0;
}

void read_person(std::string_view person, CommitFacts& facts) {
    const std::size_t open = person.find('<');
    const std::size_t close = person.find('>', open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos) return;
    std::string_view name = person.substr(0, open);
    while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
    facts.author_name = name;
    facts.author_email = person.substr(open + 1, close - open - 1);
}

bool is_blank(std::string_view line) noexcept { return line.find_first_not_of(" \t\r\f\v") == std::string_view::npos; }

std::string subject_of(std::string_view message) {
    std::string subject;
    while (!message.empty()) {
        std::string_view line = take_line(message);
        if (is_blank(line)) {
            if (subject.empty()) continue;
            break;
        }
        while (is_blank(line.substr(line.size() - 1))) line.remove_suffix(1);
        if (!subject.empty()) subject += ' ';
        subject += line;
    }
    return subject;
}

}  // namespace

bool parse_commit_links(ByteView commit, CommitLinks& links) {
    std::string_view text = as_text(commit);
    links.parents.clear();
    links.time = 0;
    const auto tree = header_value(take_line(text), "tree");
    const auto tree_oid = tree ? Oid::from_hex(*tree) : std::nullopt;
    if (!tree_oid) return false;
    links.tree = *tree_oid;
    while (!text.empty()) {
        const std::string_view line = take_line(text);
        if (line.empty()) break;
        if (const auto parent = header_value(line, "parent")) {
            const auto oid = Oid::from_hex(*parent);
            if (!oid) return false;
            links.parents.push_back(*oid);
        } else if (const auto committer = header_value(line, "committer")) {
            links.time = seconds_of(*committer);
            break;
        }
    }
    return true;
}

CommitFacts parse_commit_facts(ByteView commit) {
    std::string_view text = as_text(commit);
    CommitFacts facts;
    while (!text.empty()) {
        const std::string_view line = take_line(text);
        if (line.empty()) break;
        if (const auto author = header_value(line, "author")) read_person(*author, facts);
    }
    facts.subject = subject_of(text);
    return facts;
}

void read_commit_links(ObjectReader& reader, const Oid& oid, CommitLinks& links) {
    if (!parse_commit_links(reader.read(oid, ObjectType::commit), links)) {
        throw reader.corrupt(oid, "is not a well-formed commit");
    }
}

}  // namespace uhost::git
