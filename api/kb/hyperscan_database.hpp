#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct hs_database;
struct hs_scratch;

namespace uhost::kb {

/// A pattern as Hyperscan takes it.
struct HyperscanForm {
    std::string pattern;
    unsigned flags;
    unsigned id;  ///< what a match reports
};

/// A compiled database for blocks of text.
class HyperscanDatabase {
public:
    /// What the library refuses is taken out of `forms` and its id added to `refused`. Null when nothing is left.
    static std::shared_ptr<const HyperscanDatabase> compile(std::vector<HyperscanForm> forms,
                                                            std::vector<unsigned>& refused);
    /// Null when it is for another library or machine, or damaged.
    static std::shared_ptr<const HyperscanDatabase> restore(std::string_view serialized);
    std::string serialize() const;

    ~HyperscanDatabase();
    HyperscanDatabase(const HyperscanDatabase&) = delete;
    HyperscanDatabase& operator=(const HyperscanDatabase&) = delete;

    const hs_database* handle() const { return database_; }

private:
    explicit HyperscanDatabase(hs_database* database) : database_(database) {}

    hs_database* database_;
};

}  // namespace uhost::kb
