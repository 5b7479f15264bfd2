#include "api/kb/candidates.hpp"
#include "api/re/line_search.hpp"
#include "host/core/error.hpp"

namespace uhost::kb {
namespace {

class Pcre2Finder : public CandidateFinder {
public:
    Pcre2Finder(const PatternSet& patterns, std::vector<std::uint32_t> expressions)
        : patterns_(patterns), expressions_(std::move(expressions)), searches_(expressions_.size()) {}

    void find(std::string_view text, std::vector<Candidate>& found) override {
        for (std::size_t i = 0; i < expressions_.size(); ++i) find_one(i, text, found);
    }

private:
    void find_one(std::size_t i, std::string_view text, std::vector<Candidate>& found) {
        auto& search = searches_[i];
        if (!search)
            search = std::make_unique<re::LineSearch>(
                patterns_.expressions()[expressions_[i]]->regex(re::Regex::Use::often));
        std::size_t searched = 0;
        try {
            search->begin(text);
            while (search->next()) {
                found.push_back({search->line_offset(), expressions_[i]});
                searched = search->line_offset() + search->line().size() + 1;
            }
        } catch (const Error& error) {
            if (error.kind() != "re.limit") throw;
            add_all_lines(text, searched, expressions_[i], found);
        }
    }

    // Whether a line takes too much is seen when it is looked at by itself.
    static void add_all_lines(std::string_view text, std::size_t from, std::uint32_t expression,
                              std::vector<Candidate>& found) {
        while (from <= text.size()) {
            found.push_back({from, expression});
            const auto newline = text.find('\n', from);
            from = newline == text.npos ? text.size() + 1 : newline + 1;
        }
    }

    const PatternSet& patterns_;
    std::vector<std::uint32_t> expressions_;
    std::vector<std::unique_ptr<re::LineSearch>> searches_;
};

}  // namespace

std::unique_ptr<CandidateFinder> pcre2_finder(const PatternSet& patterns, std::vector<std::uint32_t> expressions) {
    return std::make_unique<Pcre2Finder>(patterns, std::move(expressions));
}

}  // namespace uhost::kb
