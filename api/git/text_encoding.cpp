#include "api/git/text_encoding.hpp"

#include <iconv.h>
#include <strings.h>

#include <array>
#include <memory>

namespace uhost::git {
namespace {

struct CloseConverter {
    void operator()(void* converter) const noexcept { iconv_close(converter); }
};

}  // namespace

std::string to_utf8(std::string_view text, const std::string& encoding) {
    if (encoding.empty() || strcasecmp(encoding.c_str(), "utf-8") == 0 || strcasecmp(encoding.c_str(), "utf8") == 0) {
        return std::string(text);
    }
    const iconv_t opened = iconv_open("UTF-8", encoding.c_str());
    if (opened == reinterpret_cast<iconv_t>(-1)) return std::string(text);
    const std::unique_ptr<void, CloseConverter> converter(opened);
    std::string converted;
    std::array<char, 4096> piece;
    char* from = const_cast<char*>(text.data());
    std::size_t left = text.size();
    while (left > 0) {
        char* to = piece.data();
        std::size_t room = piece.size();
        const auto result = iconv(opened, &from, &left, &to, &room);
        converted.append(piece.data(), piece.size() - room);
        if (result == static_cast<std::size_t>(-1) && errno != E2BIG) return std::string(text);
    }
    return converted;
}

}  // namespace uhost::git
