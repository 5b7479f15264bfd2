# Sourced by tests/run after host/setup.sh: programs of Debian packages that would start services when they are installed.

# ensure_unpacked FOLDER PROGRAM PACKAGE…: downloads the packages and unpacks them below FOLDER, where PROGRAM is neither
# there nor on the path. Without the network the tests that need them skip.
ensure_unpacked() {
    local folder=$1 program=$2
    shift 2
    command -v "$program" >/dev/null || [ -x "$folder/usr/bin/$program" ] && return 0
    say "fetching $* for tests (about 25 MB)"
    mkdir -p "$folder"
    if ! (cd "$folder" && apt-get download -q "$@" && for file in *.deb; do dpkg-deb -x "$file" . && rm "$file"; done) \
        >"$folder/log" 2>&1; then
        say "tests that need $* will skip: $(tail -n 1 "$folder/log")"
    fi
}
