#ifdef UHOST_HYPERSCAN

#include "api/kb/hyperscan_database.hpp"

#include <cstdlib>
#include <new>
#include <optional>

namespace uhost::kb {
namespace {

using CompileError = std::unique_ptr<hs_compile_error_t, HyperscanRelease<hs_free_compile_error>>;

/// Which form the library refuses, if it says so.
struct Refusal {
    std::optional<std::size_t> form;
};

std::optional<Refusal> try_compile(const std::vector<HyperscanForm>& forms, hs_database_t** database) {
    std::vector<const char*> patterns;
    std::vector<unsigned> flags, ids;
    for (const auto& form : forms) {
        patterns.push_back(form.pattern.c_str());
        flags.push_back(form.flags);
        ids.push_back(form.id);
    }
    hs_compile_error_t* raw = nullptr;
    const auto code = hs_compile_multi(patterns.data(), flags.data(), ids.data(), static_cast<unsigned>(forms.size()),
                                       HS_MODE_BLOCK, nullptr, database, &raw);
    const CompileError error(raw);
    if (code == HS_SUCCESS) return std::nullopt;
    if (!error || error->expression < 0) return Refusal{};
    return Refusal{static_cast<std::size_t>(error->expression)};
}

}  // namespace

std::shared_ptr<const HyperscanDatabase> HyperscanDatabase::compile(std::vector<HyperscanForm> forms,
                                                                    std::vector<unsigned>& refused) {
    while (!forms.empty()) {
        hs_database_t* database = nullptr;
        const auto refusal = try_compile(forms, &database);
        if (!refusal) return std::shared_ptr<const HyperscanDatabase>(new HyperscanDatabase(database));
        if (!refusal->form) break;
        refused.push_back(forms[*refusal->form].id);
        forms.erase(forms.begin() + static_cast<std::ptrdiff_t>(*refusal->form));
    }
    for (const auto& form : forms) refused.push_back(form.id);
    return nullptr;
}

std::shared_ptr<const HyperscanDatabase> HyperscanDatabase::restore(std::string_view serialized) {
    hs_database_t* database = nullptr;
    if (hs_deserialize_database(serialized.data(), serialized.size(), &database) != HS_SUCCESS) return nullptr;
    return std::shared_ptr<const HyperscanDatabase>(new HyperscanDatabase(database));
}

std::string HyperscanDatabase::serialize() const {
    char* bytes = nullptr;
    std::size_t size = 0;
    if (hs_serialize_database(database_, &bytes, &size) != HS_SUCCESS) throw std::bad_alloc();
    const std::unique_ptr<char, decltype(&std::free)> owned(bytes, &std::free);
    return std::string(bytes, size);
}

}  // namespace uhost::kb

#endif
