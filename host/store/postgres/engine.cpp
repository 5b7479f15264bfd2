// PostgreSQL as an engine of the store. It is a library of its own, which is loaded with the first address that needs
// it.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "host/store/postgres/connection.hpp"

namespace uhost::store::postgres {
namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

struct FreeOptions {
    void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;

constexpr auto system_certificates = "/etc/ssl/certs/ca-certificates.crt";

std::string value_of(const Parameters& parameters, std::string_view name) {
    const auto found = std::ranges::find(parameters, name, &Parameters::value_type::first);
    return found != parameters.end() ? found->second : std::string();
}

Parameters parameters_of(const PQconninfoOption* options) {
    Parameters parameters;
    for (; options != nullptr && options->keyword != nullptr; ++options) {
        if (options->val != nullptr && *options->val != '\0') parameters.emplace_back(options->keyword, options->val);
    }
    return parameters;
}

Parameters parse(const std::string& address) {
    // Of a password with a '/', libpq would take the first part for a port, and say so.
    const auto names = address.substr(0, address.find('?'));
    const auto slash = names.find('/', names.find("://") + 3);
    const bool is_ambiguous = slash != names.npos && names.find('@', slash) != names.npos;
    char* why = nullptr;
    const Options options(is_ambiguous ? nullptr : PQconninfoParse(address.c_str(), &why));
    if (!options) {
        PQfreemem(why);  // it repeats the address
        throw Error("argument", "the address of the database cannot be read")
            .hint("it looks like postgres://user@host:5432/database?sslmode=verify-full, special characters as %40 and %2F");
    }
    auto parameters = parameters_of(options.get());
    if (!value_of(parameters, "password").empty()) {
        throw Error("argument", "the address of the database holds a password")
            .hint("put it into ~/.pgpass, or into PGPASSWORD in the environment: others can read what an address says");
    }
    return parameters;
}

bool is_set(const char* variable) {
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

// A socket of this machine, or its own address.
bool stays_on_machine(std::string_view hosts) {
    for (std::size_t begin = 0; begin <= hosts.size();) {
        const auto end = std::min(hosts.find(',', begin), hosts.size());
        const auto host = hosts.substr(begin, end - begin);
        const bool near = host.empty() || host[0] == '/' || host[0] == '@' || host == "localhost" || host == "::1" ||
                          host.starts_with("127.");
        if (!near) return false;
        begin = end + 1;
    }
    return true;
}

void add_security(Parameters& parameters, const std::string& hosts) {
    const bool says_how = !value_of(parameters, "sslmode").empty() || !value_of(parameters, "service").empty() ||
                          is_set("PGSSLMODE") || is_set("PGSERVICE");
    if (says_how || stays_on_machine(hosts)) return;
    parameters.emplace_back("sslmode", "verify-full");
    const char* home = std::getenv("HOME");
    std::error_code unknown;
    const bool own_authorities =
        !value_of(parameters, "sslrootcert").empty() || is_set("PGSSLROOTCERT") ||
        (home != nullptr && std::filesystem::exists(std::filesystem::path(home) / ".postgresql/root.crt", unknown));
    if (!own_authorities) parameters.emplace_back("sslrootcert", system_certificates);
}

Server server_at(const std::string& address, const OpenOptions& options) {
    Server server{parse(address), {}};
    const Options defaults(PQconndefaults());
    const auto usual = parameters_of(defaults.get());
    const auto known = [&](std::string_view name) {
        const auto given = value_of(server.parameters, name);
        return given.empty() ? value_of(usual, name) : given;
    };
    const auto host = known("host"), user = known("user");
    const auto database = known("dbname").empty() ? user : known("dbname");
    server.name =
        fmt::format("postgres://{}@{}:{}/{}", user, host.empty() ? "localhost" : host, known("port"), database);
    const auto reached = known("hostaddr").empty() ? host : known("hostaddr");
    const bool is_near = value_of(server.parameters, "service").empty() && stays_on_machine(reached);
    if (options.loopback_only && !is_near) {
        throw Error("db.offline", fmt::format("{} is not contacted: uhost runs offline", server.name))
            .hint("run without --offline (and UHOST_OFFLINE unset), or with a store on this machine: --store sqlite");
    }
    add_security(server.parameters, reached);
    static constexpr std::pair<const char*, const char*> habits[]{{"keepalives_idle", "30"},
                                                                  {"keepalives_interval", "10"},
                                                                  {"keepalives_count", "3"},
                                                                  {"tcp_user_timeout", "60000"},
                                                                  {"fallback_application_name", "uhost"}};
    for (const auto& [name, value] : habits) {
        if (value_of(server.parameters, name).empty()) server.parameters.emplace_back(name, value);
    }
    if (!options.password.empty()) server.parameters.emplace_back("password", options.password);
    return server;
}

// The connections of a dry run to one schema are one, inside, so that each reads what the others wrote.
struct DryStore {
    std::unique_ptr<PostgresConnection> connection;
    const void* in_transaction = nullptr;  // which of them
    std::mutex mutex;
};

class DryConnection : public EngineConnection {
public:
    explicit DryConnection(std::shared_ptr<DryStore> store) : store_(std::move(store)) {}
    ~DryConnection() override { leave(); }

    const std::string& name() const override { return inner().name(); }
    const Dialect& dialect() const override { return inner().dialect(); }
    std::unique_ptr<EngineStatement> prepare(std::string_view sql) override { return inner().prepare(sql); }
    void execute_script(std::string_view sql) override { inner().execute_script(sql); }
    void control(TransactionControl what) override {
        using enum TransactionControl;
        const std::lock_guard lock(store_->mutex);
        if (store_->in_transaction != nullptr && store_->in_transaction != this) {
            throw Error("db.busy", fmt::format("{} is locked by another transaction of this dry run", name()))
                .hint("let it end first")
                .with("retry", true);
        }
        inner().control(what);
        store_->in_transaction = inner().in_transaction() ? this : nullptr;
    }
    bool in_transaction() const override { return store_->in_transaction == this; }
    void set_durable(bool) override {}
    std::int64_t total_changes() const override { return inner().total_changes(); }
    std::int64_t changes() const override { return inner().changes(); }
    std::int64_t last_insert_id() const override { return inner().last_insert_id(); }
    void set_stop(std::stop_token stop) override { inner().set_stop(std::move(stop)); }

private:
    PostgresConnection& inner() const { return *store_->connection; }
    void leave() noexcept {
        try {
            while (in_transaction()) control(TransactionControl::rollback_to_savepoint);
        } catch (const Error&) {
            store_->in_transaction = nullptr;
        }
    }

    std::shared_ptr<DryStore> store_;
};

class PostgresEngine : public Engine {
public:
    std::string_view name() const override { return "postgres"; }
    std::unique_ptr<EngineConnection> open(const std::string& address, const OpenOptions& options) const override {
        return std::make_unique<PostgresConnection>(pool_of(address, options), options, false);
    }
    std::shared_ptr<DryRun> begin_dry_run() const override;

    std::shared_ptr<Pool> pool_of(const std::string& address, const OpenOptions& options) const {
        auto server = server_at(address, options);
        const std::lock_guard lock(mutex_);
        std::erase_if(pools_, [](const auto& pool) { return pool.expired(); });
        for (const auto& known : pools_) {
            if (auto pool = known.lock(); pool && pool->server() == server) return pool;
        }
        auto pool = std::make_shared<Pool>(std::move(server));
        pools_.push_back(pool);
        return pool;
    }

private:
    mutable std::mutex mutex_;
    mutable std::vector<std::weak_ptr<Pool>> pools_;
};

class PostgresDryRun : public DryRun {
public:
    explicit PostgresDryRun(const PostgresEngine& engine) : engine_(engine) {}
    std::unique_ptr<EngineConnection> open(const std::string& address, const OpenOptions& options) override {
        const std::lock_guard lock(mutex_);
        auto& store = stores_[address + ' ' + options.schema];
        if (!store) {
            auto opened = std::make_shared<DryStore>();
            opened->connection =
                std::make_unique<PostgresConnection>(engine_.pool_of(address, options), options, true);
            store = std::move(opened);
        }
        return std::make_unique<DryConnection>(store);
    }

private:
    const PostgresEngine& engine_;
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<DryStore>> stores_;
};

std::shared_ptr<DryRun> PostgresEngine::begin_dry_run() const { return std::make_shared<PostgresDryRun>(*this); }

}  // namespace
}  // namespace uhost::store::postgres

extern "C" const uhost::store::Engine* uhost_open_postgres_engine() {
    static const uhost::store::postgres::PostgresEngine engine;
    return &engine;
}
