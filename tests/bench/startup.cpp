// Measures starting and ending uhost against starting and ending luajit, in turns.
//
//   startup UHOST        UHOST is the binary
//
// Prints: name, seconds of ours, seconds of the peer, ratio, target, same answer; separated by tabs. Medians.

#include <algorithm>
#include <iostream>

#include "tests/bench/process_run.hpp"

namespace {

constexpr int rounds = 200;

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

void compare(const char* name, const std::string& uhost, const std::string& code, double target) {
    std::vector<double> ours, peer;
    bool same = true;
    for (int round = 0; round < rounds; ++round) {
        const auto mine = run_process({uhost, "-e", code});
        const auto other = run_process({"luajit", "-e", code});
        ours.push_back(mine.seconds);
        peer.push_back(other.seconds);
        same = same && mine.output == other.output;
    }
    std::printf("%s\t%.5f\t%.5f\t%.2f\t<= %.2f\t%s\n", name, median(ours), median(peer), median(ours) / median(peer),
                target, same ? "yes" : "no");
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::cerr << "usage: startup UHOST\n";
        return 2;
    }
    compare("startup of -e ''", arguments[1], "", 2.5);
    compare("startup and print", arguments[1], "print(1)", 2.5);
}
