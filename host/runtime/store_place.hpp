#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace uhost {

class Environment;
class Host;
class Vault;

/// Where a store is: a file, or a schema of a server's database.
struct StorePlace {
    std::string address, schema, password;
    bool loopback_only = false;  ///< the host is offline
    bool on_server() const { return !schema.empty(); }
};

/// The store `name` of the host: NAME.sqlite in the state folder, or what the setting `store` says. Throws `settings`
/// when that is neither "sqlite" nor an address of PostgreSQL, and when it holds a password.
StorePlace store_place(Host& host, std::string_view name);

/// Whether databases at this address are on a server, not in a file.
bool is_server_address(std::string_view address);
/// What the server is told to know the host by: the secret PGPASSWORD.
std::string store_password(Host& host);

/// Takes the password out of an address in UHOST_STORE and into the vault, as PGPASSWORD. Returns the names of the
/// secrets taken.
std::vector<std::string> take_store_password(Environment& environment, Vault& vault);

}  // namespace uhost
