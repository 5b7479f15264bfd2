#pragma once

#include <string>
#include <vector>

#include "host/sandbox/plain_data.hpp"
#include "host/sandbox/worker/channel.hpp"
#include "host/sandbox/worker/lua_state.hpp"

namespace uhost::sandbox {

/// One set of rules, loaded once and called many times. All of it runs inside the confinement.
///
/// What a protected body keeps while Lua may raise are members, or objects whose destructors LuaJIT's unwinding runs.
class Session {
public:
    Session(WorkerChannel& channel, const WorkerLimits& limits);

    /// Answers requests until the host closes the socket, which ends the process.
    [[noreturn]] void serve();

private:
    struct Request;

    void open_libraries();
    void answer(Operation operation, std::string_view payload);
    void report(int status);

    // Run protected, with the request as their argument.
    static int load(lua_State* L);
    static int call(lua_State* L);
    static int map(lua_State* L);
    // Called from Lua: with the session as their upvalue.
    static int load_source(lua_State* L);
    static int note_position(lua_State* L);
    static Session& of_upvalue(lua_State* L);

    int refuse(const char* kind, std::string message, std::string remedy = {});
    int refuse(const NotPlain& value);
    int push_rules(lua_State* L);
    void compile(lua_State* L, const std::string& chunk_name, std::string_view source);
    bool push_function(lua_State* L, std::string_view path);
    void push_arguments(lua_State* L, DataReader& reader);
    void take_position(std::string& message);
    void beat();

    WorkerChannel& channel_;
    WorkerLimits limits_;
    LimitedState state_;
    lua_State* L_;
    std::vector<std::string> chunks_;  // names of what was loaded, without "@"
    std::vector<std::string> functions_;
    std::string answer_;
    WorkerChannel::Frame incoming_;

    // Of the request being answered, for what is reported when it fails.
    std::string kind_, message_, remedy_, chunk_, subject_, path_, problem_;
    int line_ = 0;
    std::size_t item_ = 0;
    std::uint64_t last_beat_ns_ = 0;
};

}  // namespace uhost::sandbox
