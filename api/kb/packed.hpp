#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace uhost::kb {

/// Numbers and texts one after the other, each with its size before it, as this machine has them in memory.
class PackWriter {
public:
    template <class Number>
    void number(Number value) {
        text_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    /// Values without pointers in them.
    template <class Value>
    void values(const std::vector<Value>& values) {
        static_assert(std::is_trivially_copyable_v<Value>);
        number(static_cast<std::uint32_t>(values.size()));
        text_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Value));
    }
    void text(std::string_view text) {
        number(static_cast<std::uint32_t>(text.size()));
        text_ += text;
    }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

/// Reads what a PackWriter wrote. From where the text is not as it was written, everything is empty and ok() is false.
class PackReader {
public:
    explicit PackReader(std::string_view text) : rest_(text) {}

    bool ok() const { return ok_; }
    bool at_end() const { return rest_.empty(); }
    /// What was read is not what it should be.
    void fail() { ok_ = false; }

    template <class Number = std::uint32_t>
    Number number() {
        Number value{};
        const auto bytes = take(sizeof value);
        if (ok_) std::memcpy(&value, bytes.data(), sizeof value);
        return value;
    }
    template <class Value>
    std::vector<Value> values() {
        const auto bytes = take(std::size_t{number()} * sizeof(Value));
        std::vector<Value> values(bytes.size() / sizeof(Value));
        if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
        return values;
    }
    std::string_view text() { return take(number()); }

private:
    std::string_view take(std::size_t size) {
        ok_ = ok_ && size <= rest_.size();
        if (!ok_) return {};
        const auto taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }

    std::string_view rest_;
    bool ok_ = true;
};

}  // namespace uhost::kb
