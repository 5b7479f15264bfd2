#include "api/yaml/scalar.hpp"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <optional>

namespace uhost::yaml {
namespace {

constexpr std::string_view tag_prefix = "tag:yaml.org,2002:";

bool is_digits(std::string_view text, std::string_view digits = "0123456789") {
    return !text.empty() && text.find_first_not_of(digits) == text.npos;
}

std::string_view without_sign(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    return text;
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_decimal(std::string_view text) {
    text = without_sign(text);
    if (const auto e = text.find_first_of("eE"); e != text.npos) {
        if (!is_digits(without_sign(text.substr(e + 1)))) return false;
        text = text.substr(0, e);
    }
    const auto point = text.find('.');
    if (point == text.npos) return is_digits(text);
    const auto whole = text.substr(0, point), fraction = text.substr(point + 1);
    return (whole.empty() || is_digits(whole)) && (fraction.empty() ? !whole.empty() : is_digits(fraction));
}

double to_number(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    double value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (result.ec == std::errc::result_out_of_range) {
        // from_chars leaves the value alone; what is out of range is huge or next to nothing.
        const bool tiny = text.find("e-") != text.npos || text.find("E-") != text.npos || text.find("0.") == 0;
        return tiny                    ? 0
               : text.starts_with('-') ? -std::numeric_limits<double>::infinity()
                                       : std::numeric_limits<double>::infinity();
    }
    return value;
}

std::optional<double> based(std::string_view text, std::string_view prefix, std::string_view digits, int base) {
    if (!text.starts_with(prefix) || !is_digits(text.substr(prefix.size()), digits)) return std::nullopt;
    double value = 0;
    for (const char c : text.substr(prefix.size())) {
        int digit = 0;
        std::from_chars(&c, &c + 1, digit, base);
        value = value * base + digit;
    }
    return value;
}

std::optional<double> special(std::string_view text) {
    const bool negative = text.starts_with('-');
    const auto name = without_sign(text);
    if (name == ".inf" || name == ".Inf" || name == ".INF") {
        return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
    }
    if (text == ".nan" || text == ".NaN" || text == ".NAN") return std::numeric_limits<double>::quiet_NaN();
    return std::nullopt;
}

}  // namespace

Value resolve(const Node& scalar) {
    const std::string_view text = scalar.text;
    if (scalar.style != Style::plain || scalar.tag == "!" || scalar.tag == std::string(tag_prefix) + "str") return text;
    if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return nullptr;
    if (text == "true" || text == "True" || text == "TRUE") return true;
    if (text == "false" || text == "False" || text == "FALSE") return false;
    if (text.size() > 64 || std::string_view("+-.0123456789").find(text[0]) == std::string_view::npos) return text;
    if (is_decimal(text)) return to_number(text);
    if (const auto value = based(text, "0x", "0123456789abcdefABCDEF", 16)) return *value;
    if (const auto value = based(text, "0o", "01234567", 8)) return *value;
    if (const auto value = special(text)) return *value;
    return text;
}

std::string type_name(const Value& value) {
    constexpr const char* names[]{"null", "boolean", "number", "string"};
    return names[value.index()];
}

std::string doubt(const Node& scalar) {
    const auto value = resolve(scalar);
    const auto* number = std::get_if<double>(&value);
    if (!number || !is_decimal(scalar.text)) return {};
    const auto digits = without_sign(scalar.text);
    const auto point = digits.find('.');
    if (point != digits.npos && digits.ends_with('0') && is_digits(digits.substr(0, point)) &&
        is_digits(digits.substr(point + 1)) && digits.substr(point + 1).size() > 1) {
        return fmt::format("{} is the number {}; quote it if it is a version", scalar.text, *number);
    }
    if (digits.size() > 1 && digits[0] == '0' && is_digits(digits)) {
        return fmt::format("{} is the number {}; quote it, or write 0o for octal", scalar.text, *number);
    }
    return {};
}

}  // namespace uhost::yaml
