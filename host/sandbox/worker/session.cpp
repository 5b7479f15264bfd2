#include "host/sandbox/worker/session.hpp"

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <utility>

#include "prelude_text.hpp"

namespace uhost::sandbox {
namespace {

// Their addresses are the registry's keys.
const char rules_key = 0, environment_key = 0, begin_call_key = 0, begin_load_key = 0, merge_key = 0;

void push_kept(lua_State* L, const char& key) {
    lua_pushlightuserdata(L, const_cast<char*>(&key));
    lua_rawget(L, LUA_REGISTRYINDEX);
}

// Pops the value at the top.
void keep(lua_State* L, const char& key) {
    lua_pushlightuserdata(L, const_cast<char*>(&key));
    lua_insert(L, -2);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

bool is_position(std::string_view step) {
    return !step.empty() && step.size() < 8 && step.find_first_not_of("0123456789") == std::string_view::npos;
}

// A first line with "#!" is for the shell. Its end is kept, so that lines keep their numbers.
std::string_view without_shebang(std::string_view source) {
    if (!source.starts_with('#')) return source;
    const auto end = source.find('\n');
    return end == std::string_view::npos ? std::string_view() : source.substr(end);
}

std::string joined(std::initializer_list<std::string_view> pieces) {
    std::string text;
    for (const auto piece : pieces) text += piece;
    return text;
}

// Whether a message's own name for a chunk, which Lua shortens at its front, is `chunk`.
bool names(std::string_view shown, std::string_view chunk) {
    if (shown.starts_with("...")) return chunk.ends_with(shown.substr(3));
    return shown == chunk;
}

}  // namespace

struct Session::Request {
    Session* session;
    DataReader reader;

    static Request& at(lua_State* L) { return *static_cast<Request*>(lua_touserdata(L, 1)); }
};

Session& Session::of_upvalue(lua_State* L) { return *static_cast<Session*>(lua_touserdata(L, lua_upvalueindex(1))); }

Session::Session(WorkerChannel& channel, const WorkerLimits& limits)
    : channel_(channel), limits_(limits), state_(limits.memory_bytes), L_(state_.raw()) {
    open_libraries();
}

void Session::open_libraries() {
    for (const lua_CFunction open : {luaopen_base, luaopen_table, luaopen_string, luaopen_math, luaopen_bit}) {
        lua_pushcfunction(L_, open);
        lua_call(L_, 0, 0);
    }
    if (luaL_loadbufferx(L_, prelude_text.data(), prelude_text.size(), "=prelude", "t") != 0) std::abort();
    lua_pushvalue(L_, LUA_GLOBALSINDEX);
    lua_pushlightuserdata(L_, this);
    lua_pushcclosure(L_, load_source, 1);
    if (lua_pcall(L_, 2, 4, 0) != 0) std::abort();
    keep(L_, merge_key);
    keep(L_, begin_load_key);
    keep(L_, begin_call_key);
    keep(L_, environment_key);
    // Nothing is left where a function without an environment of its own would look.
    lua_newtable(L_);
    lua_replace(L_, LUA_GLOBALSINDEX);
}

void Session::serve() {
    while (true) {
        const auto frame = channel_.read();
        answer_.clear();
        answer(frame.operation, frame.payload);
    }
}

void Session::answer(Operation operation, std::string_view payload) {
    const lua_CFunction body = operation == Operation::load ? load : operation == Operation::map ? map : call;
    state_.trace_lines(operation == Operation::trace);
    Request request{this, DataReader(payload)};
    for (auto* text : {&kind_, &message_, &remedy_, &chunk_, &subject_, &path_, &problem_}) text->clear();
    line_ = 0;
    item_ = 0;
    last_beat_ns_ = monotonic_ns();
    lua_settop(L_, 0);
    push_kept(L_, begin_call_key);
    lua_call(L_, 0, 0);
    lua_pushlightuserdata(L_, this);
    lua_pushcclosure(L_, note_position, 1);
    lua_pushcfunction(L_, body);
    lua_pushlightuserdata(L_, &request);
    state_.start_clock(limits_.deadline_ms);
    const int status = lua_pcall(L_, 1, 0, 1);
    state_.stop_clock();
    // A rule that caught the end of its time may have gone on to a result.
    if (status != 0 || !kind_.empty() || state_.out_of_time()) return report(status);
    channel_.write(Operation::value, answer_);
}

int Session::refuse(const char* kind, std::string message, std::string remedy) {
    kind_ = kind;
    message_ = std::move(message);
    remedy_ = std::move(remedy);
    return 0;
}

int Session::refuse(const NotPlain& value) {
    path_ = value.path;
    problem_ = value.problem;
    return refuse("value", joined({value.message(), ", which is not plain data"}),
                  "give strings, finite numbers, booleans, and lists and tables of these");
}

/// Loads the layers and merges them. What was loaded before stays if anything is wrong with them.
int Session::load(lua_State* L) {
    auto& request = Request::at(L);
    auto& self = *request.session;
    self.subject_ = "loading it";
    push_kept(L, begin_load_key);
    lua_call(L, 0, 0);
    push_kept(L, merge_key);
    lua_newtable(L);
    for (int layer = 1; !request.reader.at_end(); ++layer) {
        const auto chunk_name = request.reader.text_or("=?");
        const auto source = request.reader.text().value_or("");
        self.compile(L, chunk_name, source);
        lua_call(L, 0, 1);
        if (!lua_istable(L, -1)) {
            self.chunk_ = self.chunks_.back();
            return self.refuse("result", joined({"it returns a ", luaL_typename(L, -1), " instead of a table"}),
                               "end it with `return { NAME = function(…) … end }`");
        }
        lua_rawseti(L, -2, layer);
    }
    lua_call(L, 1, 2);
    return self.push_rules(L);
}

/// Writes what the merged rules at -2 and their origins at the top hold; from then on they are the rules.
int Session::push_rules(lua_State* L) {
    functions_.clear();
    DataWriter writer(answer_);
    writer.skip_functions(functions_);
    if (const auto refused = writer.write(L, -2, "the policy's data")) return refuse(*refused);
    if (const auto refused = writer.write(L, -1, "the policy's origins")) return refuse(*refused);
    lua_pushvalue(L, -2);
    keep(L, rules_key);
    for (const auto& path : functions_) {
        if (!push_function(L, path)) return 0;
        lua_Debug function{};
        lua_getinfo(L, ">S", &function);
        writer.write(path);
        writer.write(static_cast<double>(function.linedefined));
        writer.write(std::string_view(function.source));
    }
    return 0;
}

int Session::call(lua_State* L) {
    auto& request = Request::at(L);
    auto& self = *request.session;
    self.subject_ = request.reader.text_or("");
    if (!self.push_function(L, self.subject_)) return 0;
    lua_Debug function{};
    lua_pushvalue(L, -1);
    lua_getinfo(L, ">S", &function);
    const int first = lua_gettop(L);
    self.push_arguments(L, request.reader);
    lua_call(L, lua_gettop(L) - first, 2);
    DataWriter writer(self.answer_);
    if (const auto refused = writer.write(L, -2, joined({"the result of ", self.subject_})))
        return self.refuse(*refused);
    if (lua_type(L, -1) == LUA_TSTRING) {
        writer.write(std::string_view(lua_tostring(L, -1), lua_objlen(L, -1)));
    } else {
        writer.write_nil();
    }
    writer.write(static_cast<double>(function.linedefined));
    for (const auto& step : self.state_.steps()) {
        writer.write(step.chunk_name);
        writer.write(static_cast<double>(step.line));
        writer.write(static_cast<double>(step.count));
    }
    return 0;
}

int Session::map(lua_State* L) {
    auto& request = Request::at(L);
    auto& self = *request.session;
    self.subject_ = request.reader.text_or("");
    if (!self.push_function(L, self.subject_)) return 0;
    const int function = lua_gettop(L);
    const auto count = static_cast<std::size_t>(request.reader.number().value_or(0));
    DataWriter writer(self.answer_);
    for (self.item_ = 1; self.item_ <= count; ++self.item_) {
        self.state_.start_clock(self.limits_.deadline_ms);
        lua_pushvalue(L, function);
        self.push_arguments(L, request.reader);
        lua_call(L, lua_gettop(L) - function - 1, 1);
        if (self.state_.out_of_time()) return 0;
        if (const auto refused = writer.write(L, -1, joined({"the result of ", self.subject_})))
            return self.refuse(*refused);
        lua_settop(L, function);
        self.beat();
    }
    return 0;
}

/// Reports to the host, during a long list, that its items get done.
void Session::beat() {
    const auto now = monotonic_ns();
    if (now - last_beat_ns_ < limits_.deadline_ms * 1'000'000 / 4) return;
    last_beat_ns_ = now;
    channel_.write(Operation::alive, {});
}

void Session::push_arguments(lua_State* L, DataReader& reader) {
    const int count = static_cast<int>(reader.number().value_or(0));
    luaL_checkstack(L, count + 1, "too many arguments");
    for (int i = 0; i < count; ++i) {
        if (!reader.push(L)) luaL_error(L, "its arguments are malformed");
    }
}

/// Pushes the function at a path such as "rules.3.when"; if there is none, says so.
bool Session::push_function(lua_State* L, std::string_view path) {
    push_kept(L, rules_key);
    for (auto rest = path; !rest.empty();) {
        const auto step = rest.substr(0, rest.find('.'));
        rest.remove_prefix(std::min(rest.size(), step.size() + 1));
        if (!lua_istable(L, -1)) break;
        if (lua_objlen(L, -1) > 0 && is_position(step)) {
            lua_pushinteger(L, std::atoi(std::string(step).c_str()));
        } else {
            lua_pushlstring(L, step.data(), step.size());
        }
        lua_rawget(L, -2);
        lua_remove(L, -2);
    }
    if (lua_isfunction(L, -1)) return true;
    refuse("no_function", joined({"it has no function '", path, "'"}));
    return false;
}

void Session::compile(lua_State* L, const std::string& chunk_name, std::string_view source) {
    const auto name = chunk_name.substr(chunk_name.starts_with('@') ? 1 : 0);
    std::erase(chunks_, name);
    chunks_.push_back(name);
    const auto text = without_shebang(source);
    // "t": bytecode could do anything.
    if (luaL_loadbufferx(L, text.data(), text.size(), chunk_name.c_str(), "t") != 0) {
        kind_ = "syntax";
        chunk_ = chunks_.back();
        lua_error(L);
    }
    push_kept(L, environment_key);
    lua_setfenv(L, -2);
}

/// load_source(name, level): the body of another rule file, which the host finds.
int Session::load_source(lua_State* L) {
    auto& self = of_upvalue(L);
    std::size_t size = 0;
    const char* name = luaL_checklstring(L, 1, &size);
    self.message_.clear();
    DataWriter(self.message_).write(std::string_view(name, size));
    self.channel_.write(Operation::source_wanted, self.message_);
    self.message_.clear();
    self.incoming_ = self.channel_.read();
    DataReader reader(self.incoming_.payload);
    if (self.incoming_.operation != Operation::source) {
        luaL_where(L, 2);
        const auto why = reader.text().value_or("there is no such rule file");
        lua_pushlstring(L, why.data(), why.size());
        lua_concat(L, 2);
        return lua_error(L);
    }
    self.chunk_ = reader.text_or("=?");
    const auto source = reader.text().value_or("");
    const auto chunk_name = std::exchange(self.chunk_, {});
    self.compile(L, chunk_name, source);
    return 1;
}

/// Remembers where the rules were when something was raised, and passes it on.
int Session::note_position(lua_State* L) {
    auto& self = of_upvalue(L);
    lua_Debug frame{};
    for (int level = 1; self.line_ == 0 && lua_getstack(L, level, &frame) != 0; ++level) {
        lua_getinfo(L, "Sl", &frame);
        if (frame.source[0] != '@' || frame.currentline <= 0) continue;
        self.chunk_ = frame.source + 1;
        self.line_ = frame.currentline;
    }
    lua_settop(L, 1);
    return 1;
}

/// Takes "path:line: " off the front of a message: it is more exact than the place of the raising function.
void Session::take_position(std::string& message) {
    constexpr std::string_view prelude = "prelude:";
    if (message.starts_with(prelude)) {  // a function of the prelude raised it; where the rule was is noted already
        message.erase(0, std::min(message.size(), message.find(": ", prelude.size()) + 2));
        return;
    }
    for (auto colon = message.find(':'); colon != std::string::npos; colon = message.find(':', colon + 1)) {
        const auto end = message.find_first_not_of("0123456789", colon + 1);
        if (end == std::string::npos || end == colon + 1 || message.compare(end, 2, ": ") != 0) continue;
        for (const auto& chunk : chunks_) {
            if (!names(std::string_view(message).substr(0, colon), chunk)) continue;
            chunk_ = chunk;
            line_ = std::atoi(message.c_str() + colon + 1);
            message.erase(0, end + 2);
            return;
        }
        return;
    }
}

void Session::report(int status) {
    if (state_.out_of_time()) {
        refuse("timeout", too_long(limits_.deadline_ms),
               "look for a loop without end, or ask less of it at a time");
    } else if (status == LUA_ERRMEM || (status != 0 && state_.out_of_memory())) {
        refuse("memory", joined({"it needs more than ", std::to_string(limits_.memory_bytes >> 20), " MiB"}),
               "look for text or tables that grow without end");
    } else if (status != 0) {
        if (kind_.empty()) kind_ = "failed";
        if (lua_type(L_, -1) == LUA_TSTRING) {
            message_.assign(lua_tostring(L_, -1), lua_objlen(L_, -1));
            take_position(message_);
            message_.resize(std::min({message_.size(), message_.find('\n'), std::size_t{500}}));
        } else {
            message_ = joined({"it raised a ", luaL_typename(L_, -1), " instead of a message"});
        }
    }
    answer_.clear();
    DataWriter writer(answer_);
    for (const auto* text : {&kind_, &message_, &chunk_}) writer.write(*text);
    writer.write(static_cast<double>(line_));
    writer.write(static_cast<double>(item_));
    for (const auto* text : {&remedy_, &subject_, &path_, &problem_}) writer.write(*text);
    channel_.write(Operation::failure, answer_);
}

}  // namespace uhost::sandbox
