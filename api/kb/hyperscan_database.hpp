#pragma once

#include <hs.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

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
    /// What the library refuses is left out, and its id added to `refused`. Null when nothing is left.
    static std::shared_ptr<const HyperscanDatabase> compile(std::vector<HyperscanForm> forms,
                                                            std::vector<unsigned>& refused);
    /// Null when it is for another library or machine, or damaged.
    static std::shared_ptr<const HyperscanDatabase> restore(std::string_view serialized);
    std::string serialize() const;

    ~HyperscanDatabase() { hs_free_database(database_); }
    HyperscanDatabase(const HyperscanDatabase&) = delete;
    HyperscanDatabase& operator=(const HyperscanDatabase&) = delete;

    const hs_database_t* handle() const { return database_; }

private:
    explicit HyperscanDatabase(hs_database_t* database) : database_(database) {}
    hs_database_t* database_;
};

/// For the library's objects, in a unique_ptr.
template <auto release>
struct HyperscanRelease {
    void operator()(auto* handle) const { release(handle); }
};

}  // namespace uhost::kb
