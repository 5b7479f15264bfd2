#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace uhost::kb {

/// Numbers and texts one after the other, each list and text with its size before it. For this machine only.
class Packer {
public:
    template <class Number>
    void number(Number value) {
        text_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    template <class Number>
    void numbers(const std::vector<Number>& values) {
        size(values.size());
        text_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Number));
    }
    void text(std::string_view value) {
        size(value.size());
        text_ += value;
    }
    void texts(const std::vector<std::string>& values) {
        size(values.size());
        for (const auto& value : values) text(value);
    }
    void size(std::size_t value) { number(static_cast<std::uint32_t>(value)); }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

/// Reads what a Packer wrote. Nothing is read, and ok() is false, from where the text is not as it was written.
class Unpacker {
public:
    explicit Unpacker(std::string_view text) : rest_(text) {}

    bool ok() const { return ok_; }
    bool at_end() const { return rest_.empty(); }

    template <class Number = std::uint32_t>
    Number number() {
        Number value = 0;
        const auto bytes = take(sizeof value);
        if (ok_) std::memcpy(&value, bytes.data(), sizeof value);
        return value;
    }
    template <class Number>
    std::vector<Number> numbers() {
        const auto bytes = take(std::size_t{number()} * sizeof(Number));
        std::vector<Number> values(bytes.size() / sizeof(Number));
        if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
        return values;
    }
    /// Numbers below `limit`.
    std::vector<std::uint32_t> places(std::size_t limit) {
        auto values = numbers<std::uint32_t>();
        ok_ = ok_ && std::ranges::all_of(values, [&](auto value) { return value < limit; });
        return values;
    }
    std::string_view text() { return take(number()); }
    std::vector<std::string> texts() {
        std::vector<std::string> values;
        for (auto count = number(); count > 0 && ok_; --count) values.emplace_back(text());
        return values;
    }
    /// What was read makes no sense.
    void refuse() { ok_ = false; }

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
