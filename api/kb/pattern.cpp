#include "api/kb/pattern.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/kb/hash.hpp"
#include "api/kb/packed.hpp"
#include "host/core/error.hpp"

namespace uhost::kb {
namespace {

Error pattern_error(std::size_t pattern, const std::string& text, std::int64_t offset, std::string reason) {
    constexpr std::size_t shown = 80;
    auto message = fmt::format("pattern {} cannot be used: {}", pattern + 1, reason);
    if (offset > 0) {
        message = fmt::format("pattern {} is malformed at position {}: {}: {}", pattern + 1, offset, reason,
                              text.size() <= shown ? text : text.substr(0, shown) + "...");
    }
    return Error("kb.pattern", std::move(message))
        .with("index", static_cast<std::int64_t>(pattern + 1))
        .with("pattern", text)
        .with("offset", offset)
        .native(std::move(reason));
}

std::int64_t position_of(const Error& error) {
    for (const auto& [name, value] : error.details()) {
        if (name == "position") return std::get<std::int64_t>(value);
    }
    return 1;
}

void check_expression(const Expression& expression, std::size_t pattern) {
    try {
        static_cast<void>(re::Regex::counting(expression.text(), expression.flags(), re::Regex::Use::rarely));
    } catch (const Error& error) {
        const auto& words = error.native().empty() ? error.message() : error.native();
        throw pattern_error(pattern, expression.text(), position_of(error), words);
    }
}

re::Flags flags_of(const PatternSource& source, std::size_t pattern) {
    try {
        return re::Flags::parse(source.flags);
    } catch (const Error& error) {
        throw pattern_error(pattern, source.match.front(), 0, error.message());
    }
}

}  // namespace

std::string pack(const std::vector<PatternSource>& sources) {
    Packer packer;
    packer.size(sources.size());
    for (const auto& source : sources) {
        packer.texts(source.match);
        packer.texts(source.unless);
        packer.text(source.flags);
        packer.number(source.within);
        packer.number(std::uint64_t{source.keep});
    }
    return packer.take();
}

std::optional<std::vector<PatternSource>> unpack_sources(std::string_view packed) {
    Unpacker unpacker(packed);
    std::vector<PatternSource> sources;
    for (auto count = unpacker.number(); count > 0 && unpacker.ok(); --count) {
        auto& source = sources.emplace_back();
        source.match = unpacker.texts();
        source.unless = unpacker.texts();
        source.flags = unpacker.text();
        source.within = unpacker.number<std::uint64_t>();
        source.keep = unpacker.number<std::uint64_t>();
    }
    if (!unpacker.ok() || !unpacker.at_end()) return std::nullopt;
    return sources;
}

Expression::Expression(std::string text, re::Flags flags) : text_(std::move(text)), flags_(flags) {
    fingerprint_ = hash_of(flags_.letters() + "\n" + text_);
}

const std::shared_ptr<const re::Regex>& Expression::get(Compiled& compiled, re::Regex::Use use, bool counts) const {
    const bool often = use == re::Regex::Use::often;
    auto& regex = often ? compiled.often : compiled.rarely;
    std::call_once(often ? compiled.once_often : compiled.once_rarely, [&] {
        regex = counts ? re::Regex::counting(text_, flags_, use) : std::make_shared<const re::Regex>(text_, flags_, use);
        if (often) compiled.is_often_there = true;
    });
    return regex;
}

PatternSet::PatternSet(const std::vector<PatternSource>& sources) {
    for (const auto& source : sources) add(source);
}

void PatternSet::add(const PatternSource& source) {
    const auto number = patterns_.size();
    const auto refuse = [&](std::string reason) {
        return pattern_error(number, source.match.empty() ? "" : source.match.front(), 0, std::move(reason));
    };
    if (source.match.empty()) throw refuse("it has nothing to match");
    if (source.match.size() > max_elements) throw refuse(fmt::format("more than {} follow each other", max_elements));
    if (source.within < 1 || source.within > max_lines) {
        throw refuse(fmt::format("'within' is a number of lines from 1 to {}", max_lines));
    }
    const auto flags = flags_of(source, number);
    Pattern pattern{source.within,
                    source.keep,
                    static_cast<std::uint32_t>(source.match.size()),
                    static_cast<std::uint32_t>(expressions_.size()),
                    {}};
    for (auto position = pattern.elements; position-- > 0;) {
        expressions_.push_back(std::make_unique<Expression>(source.match[position], flags));
        elements_.push_back({static_cast<std::uint32_t>(number), position});
    }
    for (const auto& text : source.unless) {
        pattern.unless.push_back(static_cast<std::uint32_t>(refusing_.size()));
        refusing_.push_back(std::make_unique<Expression>(text, flags));
    }
    if (!source.unless.empty()) {
        looked_back_ = std::max(looked_back_, 2 * near + (pattern.elements > 1 ? source.within : 0));
    }
    patterns_.push_back(std::move(pattern));
}

void PatternSet::check(const std::function<bool(const Expression&)>& is_known) const {
    const auto check_one = [&](const Expression& expression, std::size_t pattern) {
        if (!is_known(expression)) check_expression(expression, pattern);
    };
    for (std::size_t number = 0; number < patterns_.size(); ++number) {
        const auto& pattern = patterns_[number];
        for (auto position = pattern.elements; position-- > 0;) {
            check_one(*expressions_[pattern.last_element + position], number);
        }
        for (const auto refusing : pattern.unless) check_one(*refusing_[refusing], number);
    }
}

}  // namespace uhost::kb
