// What is the same for every statement: parameters, names and expressions.
#include "host/store/postgres/translator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "host/core/error.hpp"
#include "host/core/excerpt.hpp"
#include "host/core/utf8.hpp"

namespace uhost::store::postgres {
namespace {

using Kind = Token::Kind;
using Words = std::set<std::string_view>;

// Names to SQLite, keywords to PostgreSQL.
const Words reserved{"ANALYSE", "ANY",   "ASYMMETRIC", "AUTHORIZATION", "BINARY", "BOTH",     "COLLATION",
                     "FREEZE",  "GRANT", "LEADING",    "OFFSET",        "ONLY",   "OVERLAPS", "PLACING",
                     "SIMILAR", "SOME",  "SYMMETRIC",  "TRAILING",      "USER",   "VARIADIC", "VERBOSE"};

const Words clauses{"AND",     "OR",     "WHERE",     "GROUP",   "HAVING",   "ORDER",     "LIMIT", "OFFSET",
                    "UNION",   "EXCEPT", "INTERSECT", "ON",      "WHEN",     "THEN",      "ELSE",  "END",
                    "AS",      "ASC",    "DESC",      "NULLS",   "ESCAPE",   "RETURNING", "FROM",  "JOIN",
                    "LEFT",    "INNER",  "CROSS",     "DO",      "SET",      "FILTER",    "OVER",  "ROWS",
                    "RANGE",   "USING",  "RIGHT",     "FULL",    "CONFLICT", "IS",        "NOT",   "IN",
                    "BETWEEN", "LIKE",   "GLOB",      "COLLATE", "GROUPS",   "WINDOW",    "FOR",   "FETCH"};

// What a conversion of strftime is to to_char.
const std::map<char, std::string_view> time_parts{{'Y', "YYYY"}, {'m', "MM"}, {'d', "DD"},   {'H', "HH24"},
                                                  {'M', "MI"},   {'S', "SS"}, {'f', "SS.MS"}};

std::string time_format(std::string_view strftime) {
    std::string format;
    for (std::size_t i = 0; i < strftime.size(); ++i) {
        const auto part =
            strftime[i] == '%' && i + 1 < strftime.size() ? time_parts.find(strftime[i + 1]) : time_parts.end();
        if (part != time_parts.end()) {
            format += part->second;
            ++i;
        } else {
            format += fmt::format("\"{}\"", strftime[i]);
        }
    }
    return format;
}

}  // namespace

std::string regular_expression(std::string_view glob) {
    std::string expression = "^";
    bool in_set = false;
    for (std::size_t i = 0; i < glob.size(); ++i) {
        const char c = glob[i];
        if (in_set) {
            expression += c;
            in_set = c != ']';
        } else if (c == '[') {
            in_set = true;
            expression += c;
        } else if (c == '*' || c == '?') {
            expression += c == '*' ? ".*" : ".";
        } else {
            if (std::string_view(".\\+(){}|^$").find(c) != std::string_view::npos) expression += '\\';
            expression += c;
        }
    }
    return expression + "$";
}

std::string quoted(std::string_view name) {
    std::string text = "\"";
    for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
    return text + '"';
}

Translator::Translator(std::string_view sql, const Catalog& catalog)
    : sql_(sql), catalog_(catalog), tokens_(tokens_of(sql)) {
    while (tokens_.size() > 1 && tokens_[tokens_.size() - 2].is_sign(";")) tokens_.erase(tokens_.end() - 2);
}

void Translator::unsupported(Index at, std::string_view construct, std::string_view hint) const {
    const auto place = place_in(sql_, tokens_[at].at);
    throw Error("db.sql",
                fmt::format("{} is SQLite's, and PostgreSQL has nothing like it, at line {} column {} of the SQL",
                            construct, place.line, place.column))
        .hint(std::string(hint))
        .with("construct", std::string(construct))
        .with("line", place.line)
        .with("column", place.column);
}

Translator::Index Translator::closing(Index open) const {
    for (auto i = open + 1; i < tokens_.size(); ++i) {
        if (tokens_[i].is_sign(")") && tokens_[i].depth == tokens_[open].depth) return i;
    }
    throw Error("db.sql", "a parenthesis in the SQL is not closed").hint("correct the statement there");
}

Translator::Index Translator::operand_end(Index at) const {
    const int depth = tokens_[at].depth;
    for (auto i = at;; ++i) {
        const auto& token = tokens_[i];
        if (token.kind == Kind::end || token.depth < depth) return i;
        if (token.depth > depth) continue;
        if (token.is_sign(",") || token.is_sign(";") || (token.kind == Kind::word && clauses.contains(token.upper)))
            return i;
    }
}

Translator::Index Translator::find_word(Index at, Index end, int depth, std::string_view word) const {
    while (at < end && !(tokens_[at].depth == depth && tokens_[at].is(word))) ++at;
    return at;
}

std::vector<std::pair<Translator::Index, Translator::Index>> Translator::items(Index open) const {
    std::vector<std::pair<Index, Index>> found;
    const auto end = closing(open);
    auto begin = open + 1;
    if (begin == end) return found;
    for (auto i = begin; i <= end; ++i) {
        const bool comma = tokens_[i].is_sign(",") && tokens_[i].depth == tokens_[open].depth + 1;
        if (!comma && i != end) continue;
        found.emplace_back(begin, i);
        begin = i + 1;
    }
    return found;
}

StatementKind Translator::kind_of_statement() {
    static const std::map<std::string_view, StatementKind> kinds{
        {"SELECT", StatementKind::read},        {"VALUES", StatementKind::read},
        {"EXPLAIN", StatementKind::read},       {"SHOW", StatementKind::read},
        {"INSERT", StatementKind::write},       {"REPLACE", StatementKind::write},
        {"UPDATE", StatementKind::write},       {"DELETE", StatementKind::write},
        {"TRUNCATE", StatementKind::write},     {"CREATE", StatementKind::definition},
        {"ALTER", StatementKind::definition},   {"DROP", StatementKind::definition},
        {"COMMENT", StatementKind::definition}, {"ANALYZE", StatementKind::definition},
        {"VACUUM", StatementKind::utility},     {"REINDEX", StatementKind::definition}};
    static const Words transactions{"BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "END", "START", "ABORT"};
    const auto& first = tokens_[0].upper;
    if (tokens_[0].kind == Kind::end) throw Error("db.sql", "there is no statement in the SQL");
    if (transactions.contains(first)) {
        throw Error("db.transaction", "BEGIN, COMMIT, ROLLBACK and SAVEPOINT cannot be given as SQL")
            .hint("use conn:transaction(function() … end), which also rolls back on an error");
    }
    if (first == "WITH") {
        const bool writes = std::ranges::any_of(
            tokens_, [](const Token& token) { return token.is("INSERT") || token.is("UPDATE") || token.is("DELETE"); });
        return writes ? StatementKind::write : StatementKind::read;
    }
    const auto kind = kinds.find(first);
    if (kind != kinds.end()) return kind->second;
    if (first == "PRAGMA" || first == "ATTACH" || first == "DETACH")
        unsupported(0, first, "leave it out when the store is PostgreSQL");
    throw Error("db.sql", fmt::format("near \"{}\": syntax error, at line 1 column 1 of the SQL", tokens_[0].text))
        .hint(
            "statements begin with SELECT, INSERT, UPDATE, DELETE, CREATE …; what changes the connection (SET, LISTEN) "
            "cannot be given, because others share it");
}

// `?` takes the number after the highest so far, `?3` is number 3, and a name has the number of its first place.
void Translator::number_parameters() {
    auto& names = result_.parameters;
    std::map<std::string, int> numbers;
    std::vector<std::pair<Index, int>> null_tests;
    for (Index i = 0; i < tokens_.size(); ++i) {
        auto& token = tokens_[i];
        if (token.kind != Kind::parameter) continue;
        int number = static_cast<int>(names.size()) + 1;
        if (token.text.size() > 1 && token.text[0] == '?') {
            number = std::atoi(token.text.c_str() + 1);
            if (number < 1 || number > 32766) throw Error("db.sql", "a parameter's number is from 1 to 32766");
        } else if (token.text.size() > 1) {
            number = numbers.emplace(token.text, number).first->second;
        }
        if (static_cast<std::size_t>(number) > names.size()) names.resize(static_cast<std::size_t>(number));
        result_.used.resize(names.size());
        if (token.text[0] != '?') names[static_cast<std::size_t>(number) - 1] = token.text.substr(1);
        const auto null = i + 2 < tokens_.size() && tokens_[i + 2].is("NOT") ? i + 3 : i + 2;
        if (tokens_[i + 1].is("IS") && null < tokens_.size() && tokens_[null].is("NULL")) {
            null_tests.emplace_back(i, number);
            continue;
        }
        result_.used[static_cast<std::size_t>(number) - 1] = true;
        token.text = fmt::format("${}", number);
    }
    for (const auto& [at, number] : null_tests) {
        result_.null_tests.push_back(number);
        tokens_[at].text = fmt::format("${}::text", names.size() + result_.null_tests.size());
    }
}

void Translator::quote_reserved_names() {
    for (Index i = 0; i + 1 < tokens_.size(); ++i) {
        auto& token = tokens_[i];
        if (token.kind == Kind::quoted_name) token.text = quoted(token.upper);
        if (token.kind != Kind::word || !reserved.contains(token.upper) || tokens_[i + 1].is_sign("(")) continue;
        // OFFSET begins a clause unless something puts it where a name is.
        const bool clause = token.is("OFFSET") && i > 0 && !tokens_[i - 1].is("AS") && !tokens_[i - 1].is_sign(".") &&
                            !tokens_[i - 1].is_sign(",") && !tokens_[i - 1].is("SELECT");
        if (!clause) token.text = quoted(token.name());
    }
}

void Translator::translate_is(Index at) {
    const auto operand = tokens_[at + 1].is("NOT") ? at + 2 : at + 1;
    static const Words states{"NULL", "TRUE", "FALSE", "DISTINCT", "UNKNOWN"};
    if (states.contains(tokens_[operand].upper) && tokens_[operand].kind == Kind::word) return;
    tokens_[at].text = operand == at + 2 ? "IS DISTINCT FROM" : "IS NOT DISTINCT FROM";
    if (operand == at + 2) drop(at + 1);
}

// SQLite's LIKE takes small letters for capitals, and nothing escapes unless it is said what does.
void Translator::translate_like(Index at) {
    tokens_[at].text = "ILIKE";
    const auto end = operand_end(at + 1);
    if (!tokens_[end].is("ESCAPE")) tokens_[end - 1].after += " ESCAPE ''";
}

void Translator::translate_glob(Index at) {
    auto& pattern = tokens_[at + 1];
    tokens_[at].text = tokens_[at - 1].is("NOT") ? "!~" : "~";
    if (tokens_[at - 1].is("NOT")) drop(at - 1);
    if (pattern.kind == Kind::parameter) {
        const auto number = static_cast<std::size_t>(std::atoi(pattern.text.c_str() + 1));
        result_.patterns.resize(result_.parameters.size());
        result_.patterns.at(number - 1) = true;
        return;
    }
    if (pattern.kind != Kind::text) unsupported(at, "GLOB with a pattern that is computed", "give it as a parameter");
    pattern.text =
        fmt::format("'{}'", regular_expression(std::string_view(pattern.text).substr(1, pattern.text.size() - 2)));
}

// A member of a JSON text: `document ->> '$.name'`.
void Translator::translate_member(Index at) {
    auto& path = tokens_[at + 1];
    if (path.kind != Kind::text || !path.text.starts_with("'$.") || path.text.find('[') != path.text.npos) {
        unsupported(at, "-> with anything but a path of names such as '$.name'", "read the document in Lua");
    }
    tokens_[at - 1].after += "::json";
    tokens_[at].text = tokens_[at].text == "->" ? "#>" : "#>>";
    auto names = path.text.substr(3, path.text.size() - 4);
    std::ranges::replace(names, '.', ',');
    path.text = fmt::format("'{{{}}}'", names);
}

// A cast to an integer cuts the fraction off, where PostgreSQL would round.
void Translator::translate_cast(Index at) {
    const auto close = closing(at + 1);
    const auto as = find_word(at + 1, close, tokens_[at].depth + 1, "AS");
    if (as + 1 >= close) return;
    auto& type = tokens_[as + 1];
    if (type.is("INTEGER") || type.is("INT")) {
        drop(at);
        tokens_[at + 1].text = "trunc((";
        tokens_[as].text = ")::numeric)";
        type.text = "::bigint";
        drop(close);
    } else if (type.is("REAL")) {
        type.text = "DOUBLE PRECISION";
    } else if (type.is("BLOB")) {
        type.text = "BYTEA";
    }
}

void Translator::translate_function(Index at) {
    auto& name = tokens_[at];
    const auto open = at + 1, close = closing(open);
    const auto arguments = items(open);
    const auto& word = name.upper;
    static const std::map<std::string_view, std::string_view> renamed{{"IFNULL", "coalesce"}, {"INSTR", "strpos"}};
    if (const auto other = renamed.find(word); other != renamed.end()) {
        name.text = other->second;
    } else if (word == "CAST") {
        translate_cast(at);
    } else if ((word == "MAX" || word == "MIN") && arguments.size() > 1) {
        name.text = word == "MAX" ? "greatest" : "least";
    } else if (word == "ROUND" && !arguments.empty()) {
        // Halves go away from zero for this type, as with SQLite.
        tokens_[arguments[0].first].before += "(";
        tokens_[arguments[0].second - 1].after += ")::numeric";
    } else if (word == "SUBSTR" && arguments.size() == 2 && tokens_[arguments[1].first].is_sign("-")) {
        name.text = "right";
        drop(arguments[1].first);
    } else if (word == "GROUP_CONCAT" && !arguments.empty()) {
        name.text = "string_agg";
        tokens_[arguments[0].second - 1].after += arguments.size() == 1 ? "::text, ','" : "::text";
    } else if (word == "JSON_GROUP_ARRAY") {
        name.text = "coalesce(json_agg";
        tokens_[close].after += ", '[]'::json)";
    } else if (word == "TOTAL") {
        name.text = "coalesce(sum";
        tokens_[close].after += ", 0)::double precision";
    } else if (word == "HEX") {
        name.text = "upper(encode";
        tokens_[close].text = ", 'hex'))";
    } else if (word == "IIF" && arguments.size() == 3) {
        drop(at);
        tokens_[open].text = "(CASE WHEN ";
        tokens_[arguments[0].second].text = " THEN ";
        tokens_[arguments[1].second].text = " ELSE ";
        tokens_[close].text = " END)";
    } else if (word == "STRFTIME") {
        const bool now = arguments.size() == 2 && tokens_[open + 1].kind == Kind::text &&
                         tokens_[arguments[1].first].text == "'now'";
        if (!now)
            unsupported(at, "strftime() of anything but a literal format and 'now'", "give the time as a parameter");
        const auto& format = tokens_[open + 1].text;
        name.text = fmt::format("to_char(now() AT TIME ZONE 'UTC', '{}')",
                                time_format(std::string_view(format).substr(1, format.size() - 2)));
        drop(open, close + 1);
    } else if (word == "UNIXEPOCH") {
        if (arguments.size() > 1) unsupported(at, "unixepoch() with modifiers", "give the time as a parameter");
        const bool now = arguments.empty() || tokens_[open + 1].text == "'now'";
        name.text = "extract";
        tokens_[open].text = now ? "(epoch FROM now()" : "(epoch FROM (";
        tokens_[close].text = now ? ")::bigint" : ")::timestamptz)::bigint";
        if (now) drop(open + 1, close);
    }
}

// SQLite allows ON behind CROSS JOIN, with which a query fixes the order of its loops.
void Translator::translate_join(Index at) {
    for (auto i = at + 2; i < tokens_.size() && i <= at + 6; ++i) {
        if (tokens_[i].is("ON") && tokens_[i].depth == tokens_[at].depth) return drop(at);
        if (tokens_[i].is("JOIN") || tokens_[i].is("WHERE")) return;
    }
}

// PostgreSQL 15 wants a name for each.
void Translator::name_subquery(Index open) {
    if (!tokens_[open + 1].is("SELECT") && !tokens_[open + 1].is("WITH") && !tokens_[open + 1].is("VALUES")) return;
    const auto close = closing(open);
    const auto& next = tokens_[close + 1];
    const bool named = next.is("AS") || (next.names() && !(next.kind == Kind::word && clauses.contains(next.upper)));
    if (!named) tokens_[close].after += fmt::format(" AS subquery_{}", open);
}

void Translator::order_nulls(Index by) {
    static const Words ends{"LIMIT",  "OFFSET",    "ROWS",      "RANGE", "GROUPS", "UNION",
                            "EXCEPT", "INTERSECT", "RETURNING", "FOR",   "FETCH"};
    const int depth = tokens_[by].depth;
    auto begin = by + 1;
    for (auto i = begin;; ++i) {
        const auto& token = tokens_[i];
        const bool last = token.kind == Kind::end || token.depth < depth ||
                          (token.depth == depth && token.kind == Kind::word && ends.contains(token.upper) && i > begin);
        if (last || (token.depth == depth && token.is_sign(","))) {
            order_term(begin, i);
            begin = i + 1;
        }
        if (last) return;
    }
}

// NULL comes first to SQLite. Where there can be none it is not said, so that an index serves for the order.
void Translator::order_term(Index begin, Index end) {
    if (begin >= end || find_word(begin, end, tokens_[begin].depth, "NULLS") < end) return;
    const bool descends = tokens_[end - 1].is("DESC");
    const auto term_end = descends || tokens_[end - 1].is("ASC") ? end - 1 : end;
    const bool column = term_end == begin + 1 || (term_end == begin + 3 && tokens_[begin + 1].is_sign("."));
    if (column && tokens_[term_end - 1].names() && catalog_.never_null(tokens_[term_end - 1].name())) return;
    tokens_[end - 1].after += descends ? " NULLS LAST" : " NULLS FIRST";
}

void Translator::translate_expressions() {
    for (Index i = 0; i + 1 < tokens_.size(); ++i) {
        auto& token = tokens_[i];
        const auto& next = tokens_[i + 1];
        if (token.kind == Kind::blob) {
            token.text = fmt::format("'\\x{}'::bytea", std::string_view(token.text).substr(2, token.text.size() - 3));
        } else if (token.is_sign("->>") || token.is_sign("->")) {
            translate_member(i);
        } else if (token.is_sign("==")) {
            token.text = "=";
        } else if (token.is_sign("(") && i > 0 && (tokens_[i - 1].is("FROM") || tokens_[i - 1].is("JOIN"))) {
            name_subquery(i);
        }
        if (token.kind != Kind::word) continue;
        if (token.is("IS")) translate_is(i);
        if (token.is("LIKE")) translate_like(i);
        if (token.is("GLOB")) translate_glob(i);
        if (token.is("MATCH")) unsupported(i, "MATCH", "search with LIKE");
        if (token.is("NOCASE")) unsupported(i, "COLLATE NOCASE", "compare lower(…) with lower(…)");
        if (token.is("CROSS") && next.is("JOIN")) translate_join(i);
        if (token.is("ORDER") && next.is("BY")) order_nulls(i + 1);
        if (next.is_sign("(")) translate_function(i);
    }
}

std::string Translator::written() {
    std::string text;
    bool space = false;
    for (const auto& token : tokens_) {
        space |= token.space_before;
        if (token.text.empty() && token.before.empty() && token.after.empty()) continue;
        if (space && !text.empty()) text += ' ';
        space = false;
        result_.origins.emplace_back(text.size(), token.at);
        text += token.before + token.text + token.after;
    }
    return text;
}

Translation Translator::translate() {
    result_.kind = kind_of_statement();
    number_parameters();
    quote_reserved_names();
    translate_expressions();
    const auto& second = tokens_[std::min<Index>(1, tokens_.size() - 1)];
    if (tokens_[0].is("CREATE") && second.is("VIRTUAL"))
        unsupported(1, "CREATE VIRTUAL TABLE", "keep it in a file: db.open(PATH)");
    if (tokens_[0].is("CREATE") && second.is("TRIGGER")) translate_create_trigger();
    if (tokens_[0].is("CREATE") || tokens_[0].is("ALTER")) translate_create_table();
    if (tokens_[0].is("INSERT") || tokens_[0].is("REPLACE")) translate_insert();
    result_.sql = written();
    if (!utf8::is_valid(result_.sql)) result_.sql = encode_text(result_.sql);
    return std::move(result_);
}

}  // namespace uhost::store::postgres
