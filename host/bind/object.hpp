#pragma once

#include <memory>

#include "host/bind/module.hpp"

namespace uhost::bind {

/// What the kit needs to know of a class that scripts hold. Static; its address is the type's identity.
struct ObjectType {
    const char* name;                            ///< as users read it: "git.Repository"
    std::span<const Function> methods;           ///< "__call" makes the object callable (an iterator)
    std::string (*describe)(const void* object);  ///< what `tostring` adds after the name; may be null
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

}  // namespace uhost::bind
