#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace uhost::store::postgres {

/// A word of SQL. Translating changes `text`, and what is written before and after it.
struct Token {
    enum class Kind { word, quoted_name, text, blob, number, parameter, sign, end };
    Kind kind = Kind::end;
    std::string text;    ///< as it stands in the SQL, quotes included
    std::string upper;   ///< of a word: in capitals; of a quoted name: what it names
    std::size_t at = 0;  ///< where it begins
    bool space_before = false;
    int depth = 0;  ///< how many parentheses are around it; those of a pair have the depth outside
    std::string before = {}, after = {};

    bool is(std::string_view word) const { return kind == Kind::word && upper == word; }
    bool is_sign(std::string_view sign) const { return kind == Kind::sign && text == sign; }
    bool names() const { return kind == Kind::word || kind == Kind::quoted_name; }
    /// Of a table or column, as PostgreSQL will call it.
    std::string name() const;
};

/// The tokens of a text; comments count as space. The last one is the end. Throws `db.sql` for a text or name whose
/// quote is not closed.
std::vector<Token> tokens_of(std::string_view sql);

}  // namespace uhost::store::postgres
