#pragma once

#include <list>
#include <memory>
#include <unordered_map>

#include "api/git/history/bytes.hpp"
#include "api/git/history/pack.hpp"

namespace uhost::git {

/// An inflated object that no one changes any more.
struct ObjectBytes {
    ObjectType type = ObjectType::none;
    std::size_t size = 0;
    std::unique_ptr<std::uint8_t[]> data;

    ByteView view() const noexcept { return {data.get(), size}; }
    std::span<std::uint8_t> writable() noexcept { return {data.get(), size}; }
};

using SharedObject = std::shared_ptr<const ObjectBytes>;

/// Keeps the objects read last, by the place of their pack entry, up to a number of bytes: the next older version of a
/// tree is usually a delta of the one just read. For one thread.
class BaseCache {
public:
    explicit BaseCache(std::size_t budget_bytes) : budget_(budget_bytes) {}

    /// The object at `offset` of pack number `pack`, or null.
    SharedObject find(std::size_t pack, std::uint64_t offset);

    /// Takes the object in, letting go of those unused longest. One larger than an eighth of the budget is not kept.
    void put(std::size_t pack, std::uint64_t offset, SharedObject object);

private:
    struct Key {
        std::size_t pack;
        std::uint64_t offset;
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const noexcept {
            return (key.offset * 0x9e3779b97f4a7c15u) ^ (key.pack << 56);
        }
    };
    struct Kept {
        Key key;
        SharedObject object;
    };

    std::size_t budget_;
    std::size_t used_ = 0;
    std::list<Kept> recent_;  // the most recently used first
    std::unordered_map<Key, std::list<Kept>::iterator, KeyHash> places_;
};

}  // namespace uhost::git
