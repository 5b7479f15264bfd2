#pragma once

#include <memory>

#include "host/bind/module.hpp"

namespace uhost::bind {

/// What the kit needs to know of a class that scripts hold. Static; its name is the type's identity, so that two native
/// halves which link the same core may each have one for its class.
///
/// A misspelt member raises with "did you mean", and so does assigning to an object. The Lua half of a primitive adds
/// methods to the class: given to bind::module, it is a table of the native half under its short name, and
/// `function native.Repository:log(options) … end` makes a method. Classes of Lua alone: `uhost.class`.
struct ObjectType {
    const char* name;                             ///< as users read it: "git.Repository"
    std::span<const Function> methods;            ///< "__call" makes the object callable (an iterator)
    std::string (*describe)(const void* object);  ///< what `tostring` adds after the name; may be null
    std::span<const Function> fields = {};        ///< read as `object.name`; each is called with the object
};

/// Pushes an object that shares ownership of `object`. Scripts get `close()` (idempotent), `tostring`, and collection;
/// any other method on a closed object raises `closed`.
void push_object(lua_State* L, const ObjectType& type, std::shared_ptr<void> object);

/// The object in argument `index`; throws `argument` for another type and `closed` after close().
const std::shared_ptr<void>& object_at(const Call& call, int index, const ObjectType& type);

/// The typed face of the two above: `const Type<Repository> repository_type{{"git.Repository", methods, describe}};`
template <class T>
struct Type : ObjectType {
    void push(Call& call, std::shared_ptr<T> object) const { push_object(call.state(), *this, std::move(object)); }
    int give(Call& call, std::shared_ptr<T> object) const {
        push(call, std::move(object));
        return 1;
    }
    T& from(const Call& call, int index = 1) const { return *static_cast<T*>(object_at(call, index, *this).get()); }
    /// Shared ownership, for jobs on the worker pool that must survive close() and collection.
    std::shared_ptr<T> share(const Call& call, int index = 1) const {
        return std::static_pointer_cast<T>(object_at(call, index, *this));
    }
};

/// The name of the native class of the object at `index`; "" for anything else.
std::string_view object_type_name(lua_State* L, int index);

/// Pushes the table of a class to which the Lua half adds methods.
void push_class(lua_State* L, const ObjectType& type);

/// `uhost.class(name, options)`: makes a class of Lua alone. Gives the table to which methods are added, and the function
/// that makes a table an object of the class.
int make_class(Call& call);

/// Makes `tostring` of a bound function or a method give its name, and say that a method is called with a colon.
void name_functions(lua_State* L);

/// The key in Lua's registry of a table with the methods of every class so far, by its name.
inline constexpr const char* classes_key = "uhost.classes";

}  // namespace uhost::bind
