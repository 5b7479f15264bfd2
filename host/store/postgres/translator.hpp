#pragma once

#include <set>

#include "host/store/postgres/sql.hpp"
#include "host/store/postgres/tokens.hpp"

namespace uhost::store::postgres {

/// One statement on its way from SQLite's words to PostgreSQL's: passes over its tokens, each for one construct.
class Translator {
public:
    Translator(std::string_view sql, const Catalog& catalog);
    Translation translate();

private:
    using Index = std::size_t;

    // translator.cpp
    StatementKind kind_of_statement();
    void number_parameters();
    void quote_reserved_names();
    void translate_expressions();
    void translate_is(Index at);
    void translate_like(Index at);
    void translate_glob(Index at);
    void translate_function(Index at);
    void translate_member(Index at);
    void translate_cast(Index at);
    void translate_join(Index at);
    void name_subquery(Index open);
    void order_nulls(Index by);
    void order_term(Index begin, Index end);
    std::string written();

    // translator_tables.cpp
    void translate_create_table();
    void translate_column(Index begin, Index end);
    Index column_type(Index at, bool identity);
    void translate_create_trigger();
    void translate_insert();
    void replace_rows(const Table& table, const std::vector<std::string>& columns, Index end);
    void translate_upsert(const Table& table, const std::vector<std::string>& columns, Index conflict, Index end);
    void default_null_ids(const Table& table, Index values, Index end);
    void return_id(const Table& table, const std::vector<std::string>& columns, Index end);
    const std::vector<std::string>& conflict_target(const Table& table, const std::vector<std::string>& columns) const;
    const Table& table_called(const std::string& name);

    [[noreturn]] void unsupported(Index at, std::string_view construct, std::string_view hint) const;
    void drop(Index at) { tokens_[at].text.clear(); }
    void drop(Index begin, Index end) {
        while (begin < end) drop(begin++);
    }
    /// The parenthesis that closes the one at `open`.
    Index closing(Index open) const;
    /// The first token from `at` on, no deeper than `at`, that ends an operand: a comma, `)`, AND, a clause …
    Index operand_end(Index at) const;
    /// The first token in [at, end) at `depth` that is `word`; `end` when there is none.
    Index find_word(Index at, Index end, int depth, std::string_view word) const;
    std::vector<std::pair<Index, Index>> items(Index open) const;  ///< between the commas of a pair of parentheses

    std::string_view sql_;
    const Catalog& catalog_;
    std::vector<Token> tokens_;
    Translation result_;
    std::string target_;  // of INSERT: the table
};

/// As PostgreSQL takes a name whatever it is.
std::string quoted(std::string_view name);

}  // namespace uhost::store::postgres
