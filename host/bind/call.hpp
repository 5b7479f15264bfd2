#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <lua.hpp>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "host/core/error.hpp"
#include "host/task/task.hpp"

namespace uhost {
class Host;
class PendingMutation;
class Scheduler;
struct Mutation;
}

namespace uhost::bind {

class Call;
class Fields;
class MutationWaker;
struct MutationResult;

/// Pushes the results of a wait, inside the waiting coroutine; may throw. Returns how many values it pushed.
using Finish = std::function<int(Call&)>;

using uhost::OnCancel;

/// Wakes one wait of one task. Copyable; may be kept anywhere on the loop's thread; waking twice, or after the wait
/// was cancelled, does nothing.
class Waker {
public:
    Waker(Scheduler& scheduler, std::uint64_t wait) : scheduler_(&scheduler), wait_(wait) {}
    void wake(Finish finish) const;
    /// Wakes with an error, raised in the waiting coroutine.
    void fail(Error error) const;
    /// Runs `job` on the worker pool, with a token of `stop`; its end wakes. See Call::work.
    void wake_after(std::function<Finish(std::stop_token)> job, std::stop_source stop) const;

private:
    Scheduler* scheduler_;
    std::uint64_t wait_;
};

/// One call from Lua, as a bound function sees it: checked arguments in, results out, and the ways to wait.
///
/// Arguments are numbered from 1; in a method, 1 is the object. Every reader throws an `argument` error that names
/// the function, the argument and the type it wants. String views live as long as the argument stays on the stack.
/// Only to be used on the loop's thread, and never kept beyond the call.
class Call {
public:
    explicit Call(lua_State* L) : L_(L) {}

    lua_State* state() const { return L_; }
    Host& host() const;
    int count() const { return lua_gettop(L_); }
    bool absent(int index) const { return lua_isnoneornil(L_, index); }
    int type(int index) const { return lua_type(L_, index); }

    std::string_view text(int index, const char* name) const;
    std::string_view text_or(int index, const char* name, std::string_view fallback) const;
    std::int64_t integer(int index, const char* name, std::int64_t least = INT64_MIN, std::int64_t most = INT64_MAX) const;
    std::int64_t integer_or(int index, const char* name, std::int64_t fallback) const;
    double number(int index, const char* name) const;
    bool boolean_or(int index, const char* name, bool fallback) const;
    void function(int index, const char* name) const;
    void table(int index, const char* name) const;
    /// The options table at `index` (absent = empty). A key that is not in `known` is refused with "did you mean".
    Fields fields(int index, const char* name, std::initializer_list<std::string_view> known) const;
    /// Throws the error that the readers throw.
    [[noreturn]] void bad_argument(int index, const char* name, std::string_view expected) const;
    /// The same for one item of a list, which is at the top of the stack; items count from 1.
    [[noreturn]] void bad_item(int index, const char* name, std::size_t item, std::string_view expected) const;

    Call& push(std::nullptr_t);
    Call& push(bool value);
    Call& push(double value);
    Call& push(std::string_view value);
    Call& push(const char* value) { return push(std::string_view(value)); }
    Call& push(const std::string& value) { return push(std::string_view(value)); }
    template <class Integer>
        requires(std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>)
    Call& push(Integer value) {  // Lua numbers are doubles: exact up to 2^53
        return push(static_cast<double>(value));
    }
    template <class T>
    Call& push(const std::optional<T>& value) {
        return value ? push(*value) : push(nullptr);
    }
    template <class T>
    Call& push(const std::vector<T>& list) {
        new_table(list.size(), 0);
        for (std::size_t i = 0; i < list.size(); ++i) push(list[i]).seti(static_cast<int>(i + 1));
        return *this;
    }

    Call& new_table(std::size_t items = 0, std::size_t fields = 0);
    /// Pops the top value into field `key` of the table below it.
    Call& set(const char* key);
    Call& seti(int position);
    template <class T>
    Call& field(const char* key, const T& value) {
        return push(value).set(key);
    }

    int none() const { return 0; }
    template <class T>
    int give(const T& value) {
        push(value);
        return 1;
    }

    /// Waits: yields the task until the Waker that `start` received is used. `start` returns what cancels the wait
    /// (a socket, a timer, a child process); cancelling ends it and raises in the task: at once, or with `wait_for_end`
    /// when the Waker is used. Throws `task.cannot_wait` where LuaJIT cannot yield. Must be the function's last act:
    /// `return call.wait(…)`.
    int wait(const std::function<std::function<void()>(Waker)>& start, OnCancel on_cancel = OnCancel::abandon);

    /// Waits for `job`, which runs on a worker-pool thread: it must own all that it touches, must not touch Lua, and
    /// should look at its stop token. What it returns pushes the results; what it throws is raised.
    int work(std::function<Finish(std::stop_token)> job, OnCancel on_cancel = OnCancel::abandon);

    // Mutations: the one way in which a bound function changes the world; include host/bind/mutation.hpp. Under a dry
    // run the mutation is recorded, `apply` is not called, and `planned` pushes what the call returns. Otherwise the
    // audit trail notes its start and how it ended: as failed when `apply` throws or the task is cancelled. The
    // function must be declared with Effect::changes, and the mutation must be its last act, as for wait().

    /// Makes a mutation at once.
    int mutate(Mutation mutation, const std::function<MutationResult()>& apply, const Finish& planned = {});
    /// Makes it on a worker-pool thread (see work); a cancelled task resumes when `apply` has ended. `planned` runs on
    /// the pool as well.
    int mutate_on_pool(Mutation mutation, std::function<MutationResult(std::stop_token)> apply,
                       std::function<Finish(std::stop_token)> planned);
    /// Makes it by a wait (see wait) for a socket or a child process, which `start` begins.
    int mutate_waiting(Mutation mutation, const std::function<std::function<void()>(MutationWaker)>& start,
                       const Finish& planned, OnCancel on_cancel = OnCancel::abandon);
    /// What the three are made of, for a mutation that lasts longer than the call. `apply` gives results and
    /// may wait; it keeps the PendingMutation and sets its outcome.
    int begin_mutation(Mutation mutation, const std::function<int(std::shared_ptr<PendingMutation>)>& apply,
                       const Finish& planned);

private:
    lua_State* L_;
};

/// Throws an `argument` error with "did you mean" for a key of the table at `index` that is not in `known`.
void check_known_options(lua_State* L, int index, std::string_view owner, std::span<const std::string_view> known);

/// An options table. Readers throw an `argument` error naming the field and the type it wants.
class Fields {
public:
    Fields(const Call& call, int index, const char* name) : call_(call), index_(index), name_(name) {}

    bool has(const char* key) const;
    std::optional<std::string> text(const char* key) const;
    std::string text_or(const char* key, std::string_view fallback) const;
    std::optional<std::int64_t> integer(const char* key) const;
    std::int64_t integer_or(const char* key, std::int64_t fallback) const;
    std::optional<double> number(const char* key) const;
    bool flag(const char* key, bool fallback) const;
    /// A list of strings; a single string counts as a list of one; absent is empty.
    std::vector<std::string> texts(const char* key) const;
    /// A table of string keys to string (or number) values, in no particular order; absent is empty.
    std::vector<std::pair<std::string, std::string>> pairs(const char* key) const;
    /// Pushes the field's raw value.
    void push(const char* key) const;
    [[noreturn]] void bad_field(const char* key, std::string_view expected) const;

private:
    int push_if_present(const char* key) const;

    const Call& call_;
    int index_;  // 0 when the table is absent
    const char* name_;
};

// What Lua halves check their arguments with, so that messages are the same everywhere; bound in `uhost`.

/// `uhost.fail(kind, message, options)`. Its `details` reach who catches the error as they are.
int raise_error(Call& call);
/// check_argument(value, name, owner, type): the value; raises an `argument` error when it is of another type.
int check_argument(Call& call);
/// check_options(options, owner, known): the options, an empty table for nil; raises for a name that is not known.
int check_options(Call& call);
/// suggest(word, known): the hint of did_you_mean, and what was probably meant, if anything; nil when nothing is known.
int suggest(Call& call);

}  // namespace uhost::bind
