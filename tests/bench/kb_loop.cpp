// The peer of the bench `kb`: every pattern tried on every line with PCRE2's machine code, one after the other.
//
//   bench-kb_loop PATTERNS LOG     PATTERNS: one a line. Prints seconds, without reading and compiling, and how many
//                                  lines some pattern matches.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "api/re/matcher.hpp"

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    std::vector<uhost::re::Matcher> matchers;
    std::ifstream patterns(argv[1]);
    for (std::string line; std::getline(patterns, line);) {
        matchers.emplace_back(std::make_shared<const uhost::re::Regex>(line));
    }
    std::ifstream log(argv[2], std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(log), {});
    const auto begin = std::chrono::steady_clock::now();
    std::size_t matched = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto line = std::string_view(text).substr(at, end - at);
        bool any = false;
        for (auto& matcher : matchers) any = matcher.find(line) || any;
        matched += any ? 1 : 0;
        at = end + 1;
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    std::printf("%.6f %zu\n", taken.count(), matched);
}
