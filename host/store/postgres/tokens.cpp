#include "host/store/postgres/tokens.hpp"

#include <algorithm>
#include <cctype>

#include "host/core/error.hpp"

namespace uhost::store::postgres {
namespace {

using Kind = Token::Kind;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string capitals(std::string_view text) {
    std::string upper(text);
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return upper;
}

class Reader {
public:
    explicit Reader(std::string_view sql) : sql_(sql) {}

    std::vector<Token> all() {
        do {
            space_ = skip_space();
            tokens_.push_back(next());
        } while (tokens_.back().kind != Kind::end);
        return std::move(tokens_);
    }

private:
    char peek(std::size_t ahead = 0) const { return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0'; }

    bool skip_space() {
        const auto begin = at_;
        for (;;) {
            if (std::isspace(static_cast<unsigned char>(peek())) != 0) {
                ++at_;
            } else if (sql_.substr(at_, 2) == "--") {
                at_ = std::min(sql_.find('\n', at_), sql_.size());
            } else if (sql_.substr(at_, 2) == "/*") {
                const auto end = sql_.find("*/", at_ + 2);
                at_ = end == sql_.npos ? sql_.size() : end + 2;
            } else {
                return at_ > begin;
            }
        }
    }

    Token make(Kind kind, std::size_t end) {
        Token token{kind, std::string(sql_.substr(at_, end - at_)), {}, at_, space_, depth_};
        if (kind == Kind::word) token.upper = capitals(token.text);
        at_ = end;
        return token;
    }

    std::size_t while_word(std::size_t from) const {
        while (from < sql_.size() && is_word(sql_[from])) ++from;
        return from;
    }

    // Behind the quote that closes the one at `begin`; a doubled one stands for itself.
    std::size_t closing(std::size_t begin, char quote) const {
        for (auto at = begin + 1; at < sql_.size(); ++at) {
            if (sql_[at] != quote) continue;
            if (at + 1 >= sql_.size() || sql_[at + 1] != quote) return at + 1;
            ++at;
        }
        throw Error("db.sql", "a quote in the SQL is not closed").hint("values go into parameters, not into the SQL");
    }

    Token quoted_name(char quote) {
        auto token = make(Kind::quoted_name, closing(at_, quote));
        for (std::size_t i = 1; i + 1 < token.text.size(); ++i) {
            token.upper += token.text[i];
            if (token.text[i] == quote) ++i;
        }
        return token;
    }

    std::size_t number_end() const {
        auto end = at_;
        const auto digits = [&] {
            while (end < sql_.size() && (is_word(sql_[end]) || sql_[end] == '.')) ++end;
        };
        digits();
        const bool exponent = end > at_ && (sql_[end - 1] == 'e' || sql_[end - 1] == 'E') && end < sql_.size() &&
                              (sql_[end] == '+' || sql_[end] == '-');
        if (exponent && sql_.substr(at_, 2) != "0x") {
            ++end;
            digits();
        }
        return end;
    }

    Token sign() {
        static constexpr std::string_view pairs[]{"||", "<=", ">=", "<>", "!=", "==", "<<", ">>", "->", "::"};
        const bool pair = std::ranges::find(pairs, sql_.substr(at_, 2)) != std::end(pairs);
        if (peek() == ')') --depth_;
        const bool arrow = sql_.substr(at_, 3) == "->>";
        auto token = make(Kind::sign, at_ + (arrow ? 3 : pair ? 2 : 1));
        if (token.text == "(") ++depth_;
        return token;
    }

    Token next() {
        const char c = peek();
        if (at_ >= sql_.size()) return make(Kind::end, at_);
        if ((c == 'x' || c == 'X') && peek(1) == '\'') return make(Kind::blob, closing(at_ + 1, '\''));
        if (c == '\'') return make(Kind::text, closing(at_, c));
        if (c == '"' || c == '`') return quoted_name(c);
        if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return make(Kind::number, number_end());
        if (c == '?') return make(Kind::parameter, while_word(at_ + 1));
        if ((c == ':' || c == '@' || c == '$') && is_word(peek(1))) return make(Kind::parameter, while_word(at_ + 1));
        if (is_word(c)) return make(Kind::word, while_word(at_));
        return sign();
    }

    std::string_view sql_;
    std::size_t at_ = 0;
    int depth_ = 0;
    bool space_ = false;
    std::vector<Token> tokens_;
};

}  // namespace

std::string Token::name() const {
    if (kind == Kind::quoted_name) return upper;
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

std::vector<Token> tokens_of(std::string_view sql) { return Reader(sql).all(); }

}  // namespace uhost::store::postgres
