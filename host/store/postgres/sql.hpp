#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

// SQL as this repository writes it, which is SQLite's, in PostgreSQL's words.
namespace uhost::store::postgres {

/// What a schema holds, as far as translating needs it.
struct Table {
    struct Column {
        std::string name;
        bool never_null = false;
        bool identity = false;  ///< numbers itself, as SQLite's INTEGER PRIMARY KEY does
    };
    std::vector<Column> columns;
    std::vector<std::vector<std::string>> unique;  ///< columns of each unique index, those of the primary key first
    std::string sequence;                          ///< of the identity column
};

struct Catalog {
    std::map<std::string, Table, std::less<>> tables;
    const Table* find(std::string_view name) const;
    /// Whether every column of this name, of which there is one at least, is NOT NULL.
    bool never_null(std::string_view column) const;
};

enum class StatementKind {
    read,
    write,       ///< changes rows
    definition,  ///< changes tables
    utility      ///< cannot be part of a transaction
};

struct Translation {
    std::string sql;
    StatementKind kind = StatementKind::read;
    /// By number from 1; names without their sign, "" for those by position.
    std::vector<std::string> parameters;
    std::vector<bool> used;  ///< whether the SQL has a parameter of this number
    std::vector<bool>
        patterns;  ///< whether it is a pattern of GLOB, to be sent as a regular expression; may be shorter
    /// Further parameters, after those: each only asks whether the parameter of this number is NULL. PostgreSQL could
    /// not tell its type from that.
    std::vector<int> null_tests;
    /// RETURNING was added, and its first column is the row's id.
    bool returns_id = false;
    bool misses_table = false;  ///< the catalog has not the one that it writes to
    std::string before;         ///< a statement that has to be executed first; "" for none

    /// Where in the original text the byte `offset` of `sql` comes from.
    std::size_t origin(std::size_t offset) const;
    std::vector<std::pair<std::size_t, std::size_t>> origins;  ///< (offset in `sql`, offset in the original)
};

/// The statements of a text: (where each begins, its length), without comments before it.
std::vector<std::pair<std::size_t, std::size_t>> split_statements(std::string_view sql);

/// One statement. Throws `db.sql` naming a construct that PostgreSQL has no equal for, and `db.transaction` for BEGIN,
/// COMMIT and the like.
Translation translate(std::string_view sql, const Catalog& catalog);

/// A pattern of GLOB as a regular expression.
std::string regular_expression(std::string_view glob);

/// Text as PostgreSQL can keep it: it refuses zero bytes, and in a UTF-8 database what is not UTF-8. Each such byte
/// becomes one of the 256 private characters from U+10FC00 on; the bytes of those characters themselves likewise, so
/// that decode_text() gives every text back byte for byte.
std::string encode_text(std::string_view text);
std::string decode_text(std::string_view text);

}  // namespace uhost::store::postgres
