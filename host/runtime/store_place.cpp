#include "host/runtime/store_place.hpp"

#include <fmt/format.h>

#include "host/core/encoding.hpp"
#include "host/core/error.hpp"
#include "host/runtime/host.hpp"
#include "host/secrets/vault.hpp"
#include "host/settings/settings.hpp"

namespace uhost {
namespace {

constexpr auto store_variable = "UHOST_STORE";
constexpr auto password_secret = "PGPASSWORD";

// The password of an address: where it begins, at its colon, and its length with that.
struct Part {
    std::size_t at = 0, length = 0;
};

Part password_in(std::string_view address) {
    const auto begin = address.find("://");
    if (begin == address.npos) return {};
    // A password may hold a '/' that somebody forgot to encode.
    const auto authority = address.substr(0, address.find('?', begin + 3));
    const auto at = authority.rfind('@');
    const auto colon = at == authority.npos ? at : authority.substr(0, at).find(':', begin + 3);
    return colon == authority.npos ? Part{} : Part{colon, at - colon};
}

bool holds_password(std::string_view address) {
    return password_in(address).length > 0 || address.find("password=") != address.npos;
}

}  // namespace

bool is_server_address(std::string_view address) {
    return address.starts_with("postgres://") || address.starts_with("postgresql://");
}

std::string store_password(Host& host) { return host.vault().find(password_secret); }

StorePlace store_place(Host& host, std::string_view name) {
    const auto set = host.settings().text("store").value_or("");
    if (set.empty() || set == "sqlite")
        return {(host.state_folder() / fmt::format("{}.sqlite", name)).string(), "", ""};
    if (holds_password(set)) {
        throw Error("settings", "setting 'store' holds a password, which others can read there")
            .hint("put it into ~/.pgpass, or into PGPASSWORD in the environment");
    }
    if (!is_server_address(set)) {
        throw Error("settings", fmt::format("setting 'store' is '{}'", set.substr(0, 100)))
            .hint("it is sqlite, or an address of PostgreSQL: postgres://user@host/database");
    }
    return {set, std::string(name), store_password(host), host.offline()};
}

std::vector<std::string> take_store_password(Environment& environment, Vault& vault) {
    auto address = environment.text(store_variable);
    const auto part = password_in(address);
    constexpr std::string_view parameter = "password=";
    if (const auto at = address.find(parameter); at != address.npos) {  // store_place() refuses it, without showing it
        const auto value = std::string_view(address).substr(at + parameter.size());
        vault.hide(decode_percent(value.substr(0, value.find_first_of("& "))));
    }
    if (!is_server_address(address) || part.length == 0) return {};
    const auto password = decode_percent(std::string_view(address).substr(part.at + 1, part.length - 1));
    vault.hide(password);
    environment.set(store_variable, address.erase(part.at, part.length));
    if (!vault.find(password_secret).empty()) return {};
    vault.add(password_secret, password);
    return {password_secret};
}

}  // namespace uhost
