#include "host/store/postgres/link.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "host/store/postgres/postgres_error.hpp"

namespace uhost::store::postgres {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::size_t max_prepared = 200;
constexpr auto longest_wait = 1s;  // then the stop token is looked at whatever happens

std::string key_of(const Command& command) {
    auto key = command.sql;
    for (const auto& parameter : command.parameters) key += fmt::format(" {}", parameter.type);
    return key;
}

}  // namespace

Link::Link(const Server& server, std::chrono::milliseconds timeout, const std::stop_token& stop)
    : server_(server), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), stop_(stop) {
    connect(timeout);
    stop_ = {};
}

Link::~Link() = default;

void Link::connect(std::chrono::milliseconds timeout) {
    std::vector<const char*> keys, values;
    for (const auto& [key, value] : server_.parameters) {
        keys.push_back(key.c_str());
        values.push_back(value.c_str());
    }
    keys.push_back(nullptr);
    values.push_back(nullptr);
    handle_.reset(PQconnectStartParams(keys.data(), values.data(), 0));
    if (!handle_) throw Error("memory", "out of memory");
    const auto until = Clock::now() + timeout;
    auto state = PGRES_POLLING_WRITING;
    while (!lost() && state != PGRES_POLLING_OK && state != PGRES_POLLING_FAILED) {
        wait(state == PGRES_POLLING_WRITING, until);
        if (stop_.stop_requested()) throw Error("db.interrupted", "connecting to the database was interrupted");
        if (Clock::now() >= until) throw no_answer_error(server_.name, timeout);
        state = PQconnectPoll(handle_.get());
    }
    if (PQstatus(handle_.get()) != CONNECTION_OK) throw connection_error(handle_.get(), server_.name);
    PQsetNoticeProcessor(
        handle_.get(), [](void*, const char*) {}, nullptr);
    PQsetnonblocking(handle_.get(), 1);
    PQenterPipelineMode(handle_.get());
}

// Until the socket is ready, the time has come, or the stop token says so. Whether the socket is ready.
bool Link::wait(bool for_writing, std::optional<Clock::time_point> until) {
    const std::stop_callback wake(stop_, [this] {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
    });
    auto longest = std::chrono::duration_cast<std::chrono::milliseconds>(longest_wait);
    if (until) longest = std::clamp(std::chrono::ceil<std::chrono::milliseconds>(*until - Clock::now()), 0ms, longest);
    const bool listens = stop_.stop_possible() && !stop_.stop_requested();
    std::array<pollfd, 2> waited{
        {{PQsocket(handle_.get()), static_cast<short>(POLLIN | (for_writing ? POLLOUT : 0)), 0},
         {wake_.get(), POLLIN, 0}}};
    // While it connects, libpq wants to be called when just that is possible which it asked for.
    if (for_writing && PQpipelineStatus(handle_.get()) == PQ_PIPELINE_OFF) waited[0].events = POLLOUT;
    ::poll(waited.data(), listens ? 2 : 1, static_cast<int>(longest.count()));
    if (listens && waited[1].revents != 0) {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto read = ::read(wake_.get(), &count, sizeof count);
    }
    return waited[0].revents != 0;
}

bool Link::alive() {
    // What the server said before it went is read before its end is.
    pollfd socket{PQsocket(handle_.get()), POLLIN, 0};
    while (!lost() && ::poll(&socket, 1, 0) > 0) {
        if (PQconsumeInput(handle_.get()) == 0) return false;
        PQisBusy(handle_.get());  // takes in what has come
        if ((socket.revents & (POLLHUP | POLLERR)) != 0) return false;
    }
    return !lost();
}

void Link::check_sent(int sent) {
    if (sent != 0) return;
    if (lost()) fail_lost();
    throw Error("db.io", fmt::format("cannot send a statement to {}", server_.name))
        .native(PQerrorMessage(handle_.get()));
}

void Link::fail_lost() {
    expected_.clear();
    throw lost_error(server_.name, PQerrorMessage(handle_.get()));
}

// The name of the command's prepared statement, which is sent if it is not known.
std::string Link::prepare(const Command& command) {
    auto key = key_of(command);
    if (const auto known = std::ranges::find(prepared_, key, &Prepared::key); known != prepared_.end()) {
        prepared_.splice(prepared_.begin(), prepared_, known);
        return known->name;
    }
    for (const auto& expected : expected_) {
        if (expected.what == Expected::What::preparation && expected.key == key) return expected.name;
    }
    std::vector<Oid> types;
    for (const auto& parameter : command.parameters) types.push_back(parameter.type);
    auto name = fmt::format("uhost_{}", ++last_name_);
    check_sent(
        PQsendPrepare(handle_.get(), name.c_str(), command.sql.c_str(), static_cast<int>(types.size()), types.data()));
    expected_.push_back({Expected::What::preparation, std::move(key), name});
    return name;
}

void Link::send(const Command& command) {
    std::vector<Oid> types;
    std::vector<const char*> values;
    std::vector<int> lengths, formats;
    for (const auto& parameter : command.parameters) {
        types.push_back(parameter.type);
        values.push_back(parameter.null ? nullptr : parameter.bytes.c_str());
        lengths.push_back(static_cast<int>(parameter.bytes.size()));
        formats.push_back(parameter.binary ? 1 : 0);
    }
    const auto count = static_cast<int>(values.size());
    if (command.once) {
        check_sent(PQsendQueryParams(handle_.get(), command.sql.c_str(), count, types.data(), values.data(),
                                     lengths.data(), formats.data(), 0));
    } else {
        const auto name = prepare(command);
        check_sent(
            PQsendQueryPrepared(handle_.get(), name.c_str(), count, values.data(), lengths.data(), formats.data(), 0));
    }
    expected_.push_back({Expected::What::results, {}, {}, command.row_by_row});
}

void Link::send(std::vector<Command> batch) {
    cancelled_ = ended_by_server_ = false;
    if (prepared_.size() > max_prepared) {
        const auto oldest = prepared_.back().name;
        prepared_.pop_back();
        run({{"DEALLOCATE " + oldest, {}, true}});
    }
    for (const auto& command : batch) send(command);
    check_sent(PQpipelineSync(handle_.get()));
    expected_.push_back({Expected::What::end});
    flush();
}

void Link::flush() {
    for (;;) {
        const int left = PQflush(handle_.get());
        if (left == 0) return;
        if (left < 0) return;  // what the server said before it went is still to be read
        if (wait(true)) PQconsumeInput(handle_.get());
    }
}

void Link::cancel() {
    cancelled_ = true;
    std::array<char, 256> why{};
    if (auto* request = PQgetCancel(handle_.get()); request != nullptr) {
        PQcancel(request, why.data(), why.size());
        PQfreeCancel(request);
    }
}

void Link::read_input() {
    while (PQisBusy(handle_.get()) != 0) {
        if (stop_.stop_requested() && !cancelled_) cancel();
        if (wait(false) && PQconsumeInput(handle_.get()) == 0) return;
    }
}

Result Link::get() {
    read_input();
    Result result(PQgetResult(handle_.get()));
    if (result && PQresultStatus(result.get()) == PGRES_FATAL_ERROR && lost()) {
        ended_by_server_ = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE) != nullptr;
        fail_lost();
    }
    if (!result && lost()) fail_lost();
    return result;
}

Result Link::next() {
    for (;;) {
        auto& expected = expected_.front();
        if (expected.what == Expected::What::end) return nullptr;
        if (expected.row_by_row) {
            PQsetSingleRowMode(handle_.get());
            expected.row_by_row = false;
        }
        auto result = get();
        if (expected.what == Expected::What::results) {
            if (!result) expected_.pop_front();
            return result;
        }
        if (failed(result.get())) return result;
        get();
        prepared_.push_front({std::move(expected.key), std::move(expected.name)});
        expected_.pop_front();
    }
}

void Link::end() {
    while (!expected_.empty()) {
        const auto what = expected_.front().what;
        if (what == Expected::What::end) {
            get();
        } else {
            bool prepared = false;
            for (auto result = get(); result; result = get()) prepared = !failed(result.get());
            auto& expected = expected_.front();
            if (what == Expected::What::preparation && prepared) {
                prepared_.push_front({std::move(expected.key), std::move(expected.name)});
            }
        }
        expected_.pop_front();
    }
}

Result Link::run(std::vector<Command> batch) {
    const auto count = batch.size();
    std::vector<std::string> texts;
    for (const auto& command : batch) texts.push_back(command.sql);
    send(std::move(batch));
    Result last;
    for (std::size_t i = 0; i < count; ++i) {
        while (auto result = next()) {
            if (failed(result.get())) {
                auto why = error(result.get(), texts[i]);
                end();
                throw why;
            }
            last = std::move(result);
        }
    }
    end();
    return last;
}

void Link::forget_prepared() {
    prepared_.clear();
    run({{"DEALLOCATE ALL", {}, true}});
}

Error Link::error(const PGresult* result, std::string_view sql) const {
    return result_error(result, server_.name, sql, cancelled_);
}

std::vector<Oid> Link::parameter_types(const Command& command) {
    const auto name = prepare(command);
    check_sent(PQsendDescribePrepared(handle_.get(), name.c_str()));
    expected_.push_back({Expected::What::results});
    check_sent(PQpipelineSync(handle_.get()));
    expected_.push_back({Expected::What::end});
    flush();
    std::vector<Oid> types;
    while (const auto described = next()) {
        if (failed(described.get())) {
            auto why = error(described.get(), command.sql);
            end();
            throw why;
        }
        for (int i = 0; i < PQnparams(described.get()); ++i) types.push_back(PQparamtype(described.get(), i));
    }
    end();
    return types;
}

}  // namespace uhost::store::postgres
