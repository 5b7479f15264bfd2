# Sourced by ./uhost and tests/run: installs what is missing, configures and builds. Says what it does on standard error
# and nothing when there is nothing to do.

say() { printf 'uhost: %s\n' "$*" >&2; }

stop() { # stop EXIT_CODE MESSAGE HINT
    printf 'error: %s\n  hint: %s\n' "$2" "$3" >&2
    exit "$1"
}

# The packages named in the given lists, one a line. "NAME [amd64 arm64]" is for these architectures only.
wanted_packages() {
    sed 's/#.*//' "$@" | awk -v here="$(dpkg --print-architecture 2>/dev/null)" '
        match($0, /\[.*\]/) { if (index(" " substr($0, RSTART + 1, RLENGTH - 2) " ", " " here " ")) print $1; next }
        { for (i = 1; i <= NF; i++) print $i }' | sort -u
}

# Those that are not installed.
missing_packages() {
    local wanted installed
    wanted=$(wanted_packages "$@")
    installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' | sort -u)
    comm -23 <(echo "$wanted") <(echo "$installed")
}

# ensure_packages LIST…: installs what is missing; without the rights to, prints the exact line and stops with 3.
ensure_packages() {
    command -v dpkg-query >/dev/null || stop 3 "this set-up knows Debian's packages only" \
        "install what $* name with your own package manager, then: cmake --preset release && cmake --build --preset release"
    local missing line
    missing=$(missing_packages "$@" | tr '\n' ' ')
    missing=${missing% }
    [ -z "$missing" ] && return 0
    line="apt-get install -y --no-install-recommends $missing"
    if [ "$(id -u)" != 0 ]; then
        stop 3 "packages are missing, and only root may install them: $missing" "sudo $line"
    fi
    say "installing $missing"
    local log
    log=$(mktemp)
    if ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive $line -q; } >"$log" 2>&1; then
        tail -n 5 "$log" >&2
        stop 3 "apt-get could not install the packages (its whole output: $log)" "check the package archive, then: $line"
    fi
    rm -f "$log"
}

# build PRESET TARGET…: configures when needed and builds. One at a time per build folder.
build() {
    local preset=$1 folder=$root/build/$1
    shift
    mkdir -p "$folder"
    exec 9>"$folder/.lock"
    if ! flock -n 9; then
        say "waiting for another build in build/$preset"
        flock 9
    fi
    local log=$folder/build.log
    # A target may be unknown because what it needs (Catch2, say) was installed after the last configuration.
    if [ ! -f "$folder/build.ninja" ] || ! ninja -C "$folder" -t query "$@" >/dev/null 2>&1; then
        say "configuring build/$preset"
        (cd "$root" && cmake --preset "$preset") >"$log" 2>&1 || { tail -n 20 "$log" >&2; build_failed "$log"; }
    fi
    # A dry run would not show what is left to build: ninja knows only after it has looked for new source files.
    if ! NINJA_STATUS='[%f/%t] ' ninja -C "$folder" "$@" 2>&1 9>&- | tee "$log" | report_build "$preset"; then
        grep -E 'error|FAILED' "$log" | head -n 20 >&2 || true
        build_failed "$log"
    fi
    flock -u 9
    exec 9>&-
}

# report_build PRESET: reads ninja's output; says that it builds with the first step, and counts them on a terminal.
report_build() {
    local line steps=0
    while read -r line; do
        [[ $line =~ ^\[[0-9]+/[0-9]+\]\  && $line != *"Re-checking globbed directories"* ]] || continue
        [ "$steps" != 0 ] || say "building build/$1 (a first build takes some minutes)"
        steps=$((steps + 1))
        [ ! -t 2 ] || printf '\r%s' "${line%% *}" >&2
    done
    if [ -t 2 ] && [ "$steps" != 0 ]; then printf '\r\033[K' >&2; fi
}

build_failed() { stop 3 "the build failed" "its whole output is in $1"; }
