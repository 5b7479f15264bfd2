#include "api/fs/glob.hpp"

#include <string>
#include <vector>

namespace uhost::fs {
namespace {

enum class Kind { character, any, set, star, double_star, double_star_slash };

struct Token {
    Kind kind;
    char character = 0;
    std::string_view set = {};
    bool negated = false;

    bool fits(char c) const {
        if (kind == Kind::character) return c == character;
        if (c == '/') return false;
        return kind == Kind::any || in_set(c) != negated;
    }

private:
    bool in_set(char c) const {
        const auto byte = static_cast<unsigned char>(c);
        for (std::size_t i = 0; i < set.size(); ++i) {
            if (i + 2 < set.size() && set[i + 1] == '-') {
                if (byte >= static_cast<unsigned char>(set[i]) && byte <= static_cast<unsigned char>(set[i + 2]))
                    return true;
                i += 2;
            } else if (set[i] == c) {
                return true;
            }
        }
        return false;
    }
};

// A set from `pattern`'s "[" on, or nothing when it is not closed: then "[" stands for itself.
std::size_t set_length(std::string_view pattern) {
    const std::size_t first = pattern.size() > 1 && (pattern[1] == '!' || pattern[1] == '^') ? 2 : 1;
    const auto close = pattern.find(']', first + 1);
    return close == std::string_view::npos ? 0 : close + 1;
}

Token set_token(std::string_view text) {
    const bool negated = text[1] == '!' || text[1] == '^';
    const std::size_t first = negated ? 2 : 1;
    return {Kind::set, 0, text.substr(first, text.size() - first - 1), negated};
}

std::vector<Token> tokens(std::string_view pattern) {
    std::vector<Token> list;
    while (!pattern.empty()) {
        std::size_t used = 1;
        if (pattern.starts_with("**/")) {
            list.push_back({Kind::double_star_slash});
            used = 3;
        } else if (pattern.starts_with("**")) {
            list.push_back({Kind::double_star});
            used = 2;
        } else if (pattern[0] == '*') {
            list.push_back({Kind::star});
        } else if (pattern[0] == '?') {
            list.push_back({Kind::any});
        } else if (pattern[0] == '[' && set_length(pattern) > 0) {
            used = set_length(pattern);
            list.push_back(set_token(pattern.substr(0, used)));
        } else {
            used = pattern[0] == '\\' && pattern.size() > 1 ? 2 : 1;
            list.push_back({Kind::character, pattern[used - 1]});
        }
        pattern.remove_prefix(used);
    }
    return list;
}

}  // namespace

// reached[i]: the tokens before i fit the path read so far.
bool matches(std::string_view path, std::string_view pattern) {
    const auto list = tokens(pattern);
    std::vector<char> reached(list.size() + 1, 0), next(list.size() + 1);
    // A "**/" may begin only where a name begins.
    const auto skip_empty = [&](std::vector<char>& states, bool at_name) {
        for (std::size_t i = 0; i < list.size(); ++i) {
            const auto kind = list[i].kind;
            const bool empty =
                kind == Kind::star || kind == Kind::double_star || (kind == Kind::double_star_slash && at_name);
            if (states[i] && empty) states[i + 1] = 1;
        }
    };
    reached[0] = 1;
    skip_empty(reached, true);
    for (const char c : path) {
        std::fill(next.begin(), next.end(), 0);
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (!reached[i]) continue;
            switch (list[i].kind) {
                case Kind::star:
                    next[i] |= c != '/';
                    break;
                case Kind::double_star:
                case Kind::double_star_slash:
                    next[i] = 1;
                    break;
                default:
                    next[i + 1] |= list[i].fits(c);
            }
        }
        skip_empty(next, c == '/');
        reached.swap(next);
    }
    return reached[list.size()];
}

}  // namespace uhost::fs
