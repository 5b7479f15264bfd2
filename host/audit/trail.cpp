#include "host/audit/trail.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>

#include "host/core/error.hpp"
#include "host/core/process_identity.hpp"
#include "host/core/utf8.hpp"
#include "host/store/migrations.hpp"

namespace uhost {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t max_text_bytes = 4096;
constexpr std::size_t max_summary_bytes = 1024;
constexpr std::size_t max_details = 64;
constexpr std::int64_t max_entries = 100'000;
constexpr std::int64_t entries_between_prunings = 1000;

// The trigger keeps entries what they were, whoever opens the file with uhost.
constexpr std::array<std::string_view, 1> migrations{
    "CREATE TABLE audit ("
    "    id INTEGER PRIMARY KEY AUTOINCREMENT, started_at TEXT NOT NULL, ended_at TEXT,"
    "    kind TEXT NOT NULL, target TEXT NOT NULL, summary TEXT NOT NULL, details TEXT NOT NULL,"
    "    outcome TEXT NOT NULL CHECK (outcome IN ('started', 'done', 'failed')), result TEXT NOT NULL DEFAULT '',"
    "    machine TEXT NOT NULL, user TEXT NOT NULL, process INTEGER NOT NULL, script TEXT NOT NULL"
    ") STRICT;"
    "CREATE INDEX audit_by_kind ON audit (kind, id);"
    "CREATE TRIGGER audit_is_final BEFORE UPDATE ON audit WHEN old.outcome <> 'started' BEGIN"
    "    SELECT raise(ABORT, 'an entry of the audit trail ends once');"
    "END"};

constexpr std::string_view insert_entry =
    "INSERT INTO audit (started_at, kind, target, summary, details, outcome, machine, user, process, script)"
    " VALUES (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?, ?, ?, ?, 'started', ?, ?, ?, ?)";
constexpr std::string_view end_entry =
    "UPDATE audit SET ended_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), outcome = ?, result = ? WHERE id = ?";
constexpr std::string_view newest_entries =
    "SELECT id, started_at, ended_at, kind, target, summary, details, outcome, result, machine, user, process, script"
    " FROM audit WHERE (:kind = '' OR kind = :kind OR (:kind LIKE '%.' AND substr(kind, 1, length(:kind)) = :kind))"
    " AND (:script = '' OR substr('/' || script, -length('/' || :script)) = '/' || :script"
    "      OR substr('/' || script, -length('/' || :script || '.lua')) = '/' || :script || '.lua')"
    " AND started_at >= :since AND (:outcome = '' OR outcome = :outcome)"
    " ORDER BY id DESC LIMIT :limit";

std::string user_name() {
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found);
    return found != nullptr ? found->pw_name : std::to_string(geteuid());
}

std::string shorten(std::string text, std::size_t longest) {
    if (text.size() <= longest) return text;
    text.resize(utf8::truncate(text, longest).size());
    return text += "…";
}

std::vector<std::pair<std::string, std::string>> read_details(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> details;
    const auto json = Json::parse(text, nullptr, false);
    if (!json.is_object()) return details;
    for (const auto& [name, value] : json.items()) {
        if (value.is_string()) details.emplace_back(name, value.get<std::string>());
    }
    return details;
}

AuditEntry read_entry(const store::Statement& row) {
    const auto text = [&row](int column) { return std::string(row.text(column)); };
    AuditEntry entry;
    entry.id = row.integer(0);
    entry.started_at = text(1);
    if (!row.is_null(2)) entry.ended_at = text(2);
    entry.kind = text(3);
    entry.target = text(4);
    entry.summary = text(5);
    entry.details = read_details(row.text(6));
    entry.outcome = text(7);
    entry.result = text(8);
    entry.machine = text(9);
    entry.user = text(10);
    entry.process = row.integer(11);
    entry.script = text(12);
    return entry;
}

}  // namespace

StoredAuditTrail::StoredAuditTrail(const StorePlace& place, const Vault& vault, std::string script)
    : database_(place.address,
                {.private_file = true, .durable = true, .schema = place.schema, .password = place.password,
                 .loopback_only = place.loopback_only}),
      vault_(vault),
      machine_(machine_name()),
      user_(user_name()),
      script_(std::move(script)) {
    store::migrate(database_, "audit", migrations);
}

std::string StoredAuditTrail::masked(const std::string& text, std::size_t longest) const {
    return shorten(vault_.mask(text), longest);
}

std::string StoredAuditTrail::masked_details(const Mutation& mutation) const {
    Json details = Json::object();
    for (const auto& [name, value] : mutation.details) {
        if (details.size() == max_details) break;
        details[masked(name, max_summary_bytes)] = masked(value, max_text_bytes);
    }
    return details.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The one sync of a change: when it is made, the entry is on the disk. How it ended comes with the next sync; until then
// a power failure leaves the entry "started", which is what is known of it.
std::int64_t StoredAuditTrail::started(const Mutation& mutation) {
    database_.connection().set_durable(true);
    database_.execute(insert_entry, mutation.kind, masked(mutation.target, max_text_bytes),
                      masked(mutation.summary, max_summary_bytes), masked_details(mutation), machine_, user_,
                      static_cast<std::int64_t>(::getpid()), masked(script_, max_text_bytes));
    const auto entry = database_.last_insert_id();
    if (entry % entries_between_prunings == 0) drop_oldest(entry);
    return entry;
}

void StoredAuditTrail::drop_oldest(std::int64_t newest) {
    database_.execute("DELETE FROM audit WHERE id <= ?", newest - max_entries);
}

void StoredAuditTrail::ended(std::int64_t entry, const std::string& outcome, const std::string& result) {
    database_.connection().set_durable(false);
    database_.execute(end_entry, outcome, masked(result, max_text_bytes), entry);
}

std::vector<AuditEntry> StoredAuditTrail::history(const AuditQuery& query) {
    auto statement = database_.prepare(newest_entries);
    statement.bind(store::Parameters{{},
                                     {{"kind", query.kind},
                                      {"script", query.script},
                                      {"since", query.since},
                                      {"outcome", query.outcome},
                                      {"limit", query.limit}}});
    std::vector<AuditEntry> entries;
    while (statement.step()) entries.push_back(read_entry(statement));
    return entries;
}

}  // namespace uhost
