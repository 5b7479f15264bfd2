// A program that embeds uhost as its users do: from an installed prefix, through the public headers only.
#include <cstdio>

#include "host/runtime/host.hpp"

int main() {
    uhost::HostOptions options;
    options.read_settings_file = false;
    uhost::Host host(options);
    const int waited = host.run_code("task.sleep(0.01) return task.map({1, 2}, function(x) return x * 3 end)[2]", "code", {});
    const int refused = host.run_code("error('no')", "code", {});
    std::printf("%d %d\n", waited, refused);
    return waited == 6 && refused == 2 ? 0 : 1;
}
