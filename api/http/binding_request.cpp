// How a script's options become a request, and a response becomes a table.
#include "api/http/binding_request.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "api/http/client.hpp"
#include "host/bind/credential.hpp"
#include "host/core/version.hpp"
#include "host/plan/plan.hpp"
#include "host/runtime/file_access.hpp"
#include "host/runtime/host.hpp"
#include "host/runtime/services.hpp"
#include "host/secrets/vault.hpp"
#include "host/settings/settings.hpp"
#include "host/task/loop.hpp"

namespace uhost::http {
namespace {

using bind::Call;
using bind::Fields;

constexpr std::size_t max_planned_body_bytes = 4096;

bool is_token(std::string_view text) {  // RFC 9110, 5.6.2
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [&](unsigned char c) {
        return (c < 128 && std::isalnum(c)) || marks.find(static_cast<char>(c)) != std::string_view::npos;
    });
}

std::string read_method(const Fields& options) {
    auto method = options.text_or("method", "GET");
    std::ranges::transform(method, method.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    if (!is_token(method)) options.bad_field("method", "an HTTP method, such as \"GET\"");
    return method;
}

Headers read_headers(const Fields& options) {
    auto headers = options.pairs("headers");
    std::ranges::sort(headers);
    for (const auto& [name, value] : headers) {
        const bool invalid = value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos;
        if (is_token(name) && !invalid) continue;
        throw Error("argument",
                    fmt::format("the header '{}' has a character that a header cannot have", name.substr(0, 60)))
            .hint("names are words with dashes; values are one line");
    }
    for (std::size_t i = 0; i < headers.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (!is_named(headers[i], lower_case(headers[j].first))) continue;
            throw Error("argument", fmt::format("the header '{}' is given twice", headers[i].first))
                .hint("names of headers differ in more than upper and lower case");
        }
    }
    if (!has_header(headers, "user-agent")) headers.emplace_back("User-Agent", fmt::format("uhost/{}", version));
    return headers;
}

std::shared_ptr<BodyFile> open_body(const FilePlace& place) {
    const auto file = place.path.string();
    auto body = std::make_shared<BodyFile>();
    body->descriptor = place.open(O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status {};
    if (!body->descriptor || fstat(body->descriptor.get(), &status) != 0) {
        throw system_error("http.file", fmt::format("cannot read {} as the body of a request", file), errno)
            .with("path", file);
    }
    if (!S_ISREG(status.st_mode)) {
        throw Error("http.file", fmt::format("{} cannot be the body of a request", file))
            .hint("name a regular file")
            .with("path", file);
    }
    body->size_bytes = static_cast<std::uint64_t>(status.st_size);
    return body;
}

double seconds(Call& call, const Fields& options, const char* name, double fallback) {
    const auto given = options.number(name);
    const double value =
        given ? *given : call.host().settings().number(fmt::format("http.{}", name)).value_or(fallback);
    if (value < 0) options.bad_field(name, "a number of seconds, 0 for no limit");
    return value;
}

bool changes_something(std::string_view method) {
    return method != "GET" && method != "HEAD" && method != "OPTIONS" && method != "TRACE";
}

Mutation describe(const Request& request) {
    Mutation mutation{"http.request", request.url.text, fmt::format("{} {}", request.method, request.url.text), {}};
    mutation.permitted = true;  // see require_network
    mutation.details.emplace_back("method", request.method);
    if (request.body_file) {
        mutation.details.emplace_back("body", fmt::format("a file of {} bytes", request.body_file->size_bytes));
    } else if (request.has_body) {
        mutation.details.emplace_back("body", request.body.substr(0, max_planned_body_bytes));
    }
    return mutation;
}

std::optional<std::string> text_in(lua_State* L, const char* key) {
    lua_getfield(L, -1, key);
    std::optional<std::string> text;
    if (lua_type(L, -1) == LUA_TSTRING) text.emplace(lua_tostring(L, -1), lua_objlen(L, -1));
    lua_pop(L, 1);
    return text;
}

// Whether GitHub would take a request as a query and nothing else, whatever the script says of it.
bool is_graphql_query(const Request& request) {
    if (request.method != "POST" || !request.url.text.ends_with("/graphql")) return false;
    const auto document = nlohmann::json::parse(request.body, nullptr, false);
    const auto query = document.is_object() ? document.find("query") : document.end();
    return document.is_object() && query != document.end() && query->is_string() &&
           query->get_ref<const std::string&>().find("mutation") == std::string::npos;
}

// mutates: a boolean, or { kind =, target =, summary = } for a primitive that names its change better.
std::optional<Mutation> read_mutation(Call& call, const Fields& options, const Request& request) {
    lua_State* L = call.state();
    options.push("mutates");
    const int type = lua_type(L, -1);
    const bool named = type == LUA_TTABLE;
    const bool mutates = named || (type == LUA_TBOOLEAN ? lua_toboolean(L, -1) : changes_something(request.method));
    if (!named && type != LUA_TBOOLEAN && type != LUA_TNIL) options.bad_field("mutates", "a boolean or a table");
    std::optional<Mutation> mutation;
    if (mutates) mutation = describe(request);
    if (!mutates && changes_something(request.method) && !is_graphql_query(request)) {
        call.host().plan().note({"http.request", request.url.text,
                                 request.method + " was sent: the script says that it changes nothing"});
    }
    if (named) {
        mutation->kind = text_in(L, "kind").value_or(mutation->kind);
        mutation->target = text_in(L, "target").value_or(mutation->target);
        mutation->summary = text_in(L, "summary").value_or(mutation->summary);
    }
    lua_pop(L, 1);
    return mutation;
}

// The address that is a secret, with what the request adds to its path and query: "/messages/7?wait=true".
Url below(const std::string& secret, const Url& request) {
    const auto added = std::string_view(request.text).substr(request.origin().size());
    const auto added_query = added.find('?');
    const auto path = added.substr(0, added_query);
    auto base = secret.substr(0, secret.find('#'));
    std::string query;
    if (const auto begin = base.find('?'); begin != std::string::npos) {
        query = base.substr(begin + 1);
        base.resize(begin);
    }
    if (path.size() > 1) {
        if (base.ends_with('/')) base.pop_back();
        base += path;
    }
    if (added_query != std::string_view::npos) {
        if (!query.empty()) query += '&';
        query += added.substr(added_query + 1);
    }
    return parse_url(query.empty() ? base : base + "?" + query);
}

void add_credential(Call& call, const Fields& options, Request& request) {
    if (!options.has("credential")) return;
    options.push("credential");
    const auto& credential = bind::credential_type.from(call, call.count());
    lua_pop(call.state(), 1);
    if (credential.origin != request.url.origin()) {
        throw Error("http.credential", fmt::format("{} is not sent to {}", credential.secret, request.url.origin()))
            .hint(fmt::format("it belongs to {} alone; request this URL without it", credential.origin));
    }
    if (request.url.scheme != "https" && !request.url.is_loopback()) {
        throw Error("http.credential",
                    fmt::format("{} is not sent in the clear to {}", credential.secret, request.url.host_and_port()))
            .hint("use an https URL");
    }
    if (has_header(request.headers, "authorization")) {
        throw Error("argument", fmt::format("the request has the header 'Authorization' beside {}", credential.secret))
            .hint("leave out one of the two");
    }
    const auto secret = call.host().vault().find(credential.secret);
    if (secret.empty()) throw Error("http.credential", fmt::format("{} is no longer known", credential.secret));
    request.credential = credential.secret;
    if (credential.scheme == "URL") {
        request.shown_url = request.url.text;
        request.url = below(secret, request.url);
        return;
    }
    constexpr std::string_view in_header = "header:";
    if (credential.scheme.starts_with(in_header)) {
        request.headers.emplace_back(credential.scheme.substr(in_header.size()), secret);
        request.redirects = 0;  // curl would send the header on to another host
        return;
    }
    request.authorization = fmt::format("{} {}", credential.scheme, secret);
}

void read_limits(Call& call, const Fields& options, Request& request, bool in_memory) {
    request.timeout_s = seconds(call, options, "timeout_s", in_memory ? request.timeout_s : 0);
    request.connect_timeout_s = seconds(call, options, "connect_timeout_s", request.connect_timeout_s);
    request.stall_timeout_s = seconds(call, options, "stall_timeout_s", request.stall_timeout_s);
    constexpr double max_file_bytes = 16.0 * (1 << 30);
    const double fallback = in_memory ? static_cast<double>(request.max_body_bytes) : max_file_bytes;
    const auto given = options.number("max_bytes");
    const double bytes = given || !in_memory ? given.value_or(fallback)
                                             : call.host().settings().number("http.max_bytes").value_or(fallback);
    if (!(bytes >= 1 && bytes <= 1e15)) options.bad_field("max_bytes", "a positive number of bytes");
    request.max_body_bytes = static_cast<std::uint64_t>(bytes);
}

// Where the script may connect to, and whether it may change something with a credential.
void limit_to_permissions(Host& host, Request& request) {
    const auto& permissions = host.permissions();
    if (!permissions.limited()) return;
    if (!request.credential.empty() && changes_something(request.method) && !is_graphql_query(request)) {
        permissions.require(Access::github_write, request.url.text);
    }
    request.check_redirect = [&permissions](const Url& url) {
        permissions.require_host(url.host, std::to_string(url.port));
    };
}

}  // namespace

RequestOptions read_request(Call& call, int index) {
    const auto fields =
        call.fields(index, "options",
                    {"method", "url", "headers", "body", "body_file", "timeout_s", "connect_timeout_s",
                     "stall_timeout_s", "max_bytes", "redirects", "to_file", "mutates", "credential", "stream",
                     "repeatable", "mask"});
    RequestOptions options;
    auto& request = options.request;
    const auto url = fields.text("url");
    if (!url) fields.bad_field("url", "a string");
    request.url = parse_url(*url);
    request.method = read_method(fields);
    request.headers = read_headers(fields);
    if (auto body = fields.text("body")) {
        request.body = fields.flag("mask", true) ? call.host().vault().mask(*body) : std::move(*body);
        request.has_body = true;
    }
    if (const auto file = fields.text("body_file")) {
        if (request.has_body) fields.bad_field("body_file", "nothing beside body");
        request.body_file = open_body(files::require_reading(call.host(), *file));
        request.has_body = true;
    }
    const auto redirects = fields.integer_or("redirects", 0);
    if (redirects < 0 || redirects > 50) fields.bad_field("redirects", "a number from 0 to 50");
    request.redirects = static_cast<int>(redirects);
    options.to_file = fields.text_or("to_file", "");
    read_limits(call, fields, request, options.to_file.empty() && !fields.flag("stream", false));
    options.mutation = read_mutation(call, fields, request);
    request.changes = options.mutation.has_value();
    const bool may_repeat = !options.mutation || request.method == "PUT" || request.method == "DELETE";
    request.repeatable = fields.flag("repeatable", may_repeat);
    if (!options.mutation && !options.to_file.empty()) {
        options.mutation =
            files::mutation(call.host(), "http.download", options.to_file, "download " + request.url.text);
    } else if (!options.to_file.empty()) {
        static_cast<void>(files::mutation(call.host(), "http.download", options.to_file, ""));  // whether it may
    }
    add_credential(call, fields, request);
    limit_to_permissions(call.host(), request);
    return options;
}

void require_network(Call& call, const Request& request) {
    if (client_of(call.host()).is_replay()) return;
    call.host().permissions().require_host(request.url.host, std::to_string(request.url.port));
    if (!call.host().offline()) return;
    throw Error("http.offline", fmt::format("{} is not contacted: uhost runs offline", request.url.host_and_port()))
        .hint("run without --offline (and UHOST_OFFLINE unset) to use the network")
        .with("url", request.url.text);
}

Client& client_of(Host& host) {
    return shared_client(host.services(), host.loop(), host.settings(), host.environment(), host.vault());
}

void push_response(Call& call, const Response& response) {
    call.new_table(0, 10)
        .field("status", response.status)
        .field("ok", response.status >= 200 && response.status < 300)
        .field("url", response.url)
        .field("body", response.body)
        .field("body_bytes", response.body_bytes)
        .field("elapsed_s", response.elapsed_s)
        .field("version", response.version);
    std::map<std::string_view, std::string> joined;
    for (const auto& [name, value] : response.headers) {
        const auto [place, is_new] = joined.try_emplace(name, value);
        if (!is_new) place->second += ", " + value;
    }
    call.new_table(0, joined.size());
    for (const auto& [name, value] : joined) {
        call.push(name).push(value);
        lua_rawset(call.state(), -3);
    }
    call.set("headers");
}

}  // namespace uhost::http
