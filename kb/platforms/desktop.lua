-- Desktop applications: AppImage, electron-builder.

return {
    about = "desktop applications: AppImage, electron-builder",
    entries = {
        {
            id = "appimage.no_fuse", title = "AppImages need FUSE, which this machine lacks",
            match = [[AppImages require FUSE to run|error loading libfuse\.so\.2]]
                .. [[|Cannot mount AppImage, please check your FUSE setup]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "An AppImage (also appimagetool and linuxdeploy are some) mounts itself with FUSE 2; "
                .. "newer distributions and containers have no `libfuse.so.2` or no `/dev/fuse`.",
            fix = "Set `APPIMAGE_EXTRACT_AND_RUN=1`, which needs no FUSE, or install `libfuse2` "
                .. "(`libfuse2t64` on Ubuntu 24.04 and Debian 13). electron-builder makes AppImages "
                .. "without this need with `toolsets.appimage`.",
            commands = { "export APPIMAGE_EXTRACT_AND_RUN=1" },
            docs = { "https://docs.appimage.org/user-guide/troubleshooting/fuse.html" },
            examples = {
                matches = {
                    "dlopen(): error loading libfuse.so.2",
                    "AppImages require FUSE to run. ",
                    "Cannot mount AppImage, please check your FUSE setup.",
                },
                rejects = {
                    "fuse: mounted",
                },
            },
        },
        {
            id = "electron.publish_token", title = "electron-builder wants to publish and has no token",
            match = [[GitHub Personal Access Token is not set, neither programmatically, nor using env]]
                .. [[ "GH_TOKEN"]],
            class = "missing setup", severity = "error", priority = 94,
            cause = "electron-builder publishes on its own when CI builds a tag or a release exists, and "
                .. "`GH_TOKEN` is not set.",
            fix = "Give the step `GH_TOKEN: ${{ secrets.GITHUB_TOKEN }}` with `contents: write`, or "
                .. "build with `--publish never`.",
            commands = { "electron-builder --publish never" },
            docs = { "https://www.electron.build/publish" },
            examples = {
                matches = {
                    "⨯ GitHub Personal Access Token is not set, neither programmatically, nor using env "
                        .. "\"GH_TOKEN\"",
                },
                rejects = {
                    "publishing skipped: no token",
                },
            },
        },
        {
            id = "electron.package_metadata", title = "electron-builder lacks a field of package.json",
            match = [[Please specify (?<what>project homepage|author '(?:name|email)')]]
                .. [[(?: in the application package\.json)?]]
                .. [[(?:, see |$|\.)|It is required to set Linux \.deb package maintainer]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "Packages for Linux name a maintainer and a homepage, which come from package.json.",
            fix = "Add `homepage` and `author` (with name and email) to the application's package.json, or set "
                .. "`linux.maintainer` in the configuration.",
            docs = { "https://www.electron.build/linux" },
            examples = {
                matches = {
                    "  ⨯ Please specify project homepage, see https://electron.build/configuration#metadata",
                    "  ⨯ Please specify author 'email' in the application package.json",
                },
                rejects = { "Please specify the project" },
            },
        },
        {
            id = "electron.version_unknown", title = "electron-builder cannot find out the version of Electron",
            match = [[Cannot compute electron version from installed node modules]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "Electron is not in `node_modules` (not installed here, or hoisted elsewhere in a "
                .. "workspace), and its version in package.json is a range.",
            fix = "Install dependencies before building, pin `electron` to an exact version, or set "
                .. "`electronVersion` in the configuration.",
            docs = { "https://www.electron.build/configuration" },
            examples = {
                matches = {
                    "⨯ Cannot compute electron version from installed node modules - none of the "
                        .. "possible electron modules are installed and version (\"^28.0.0\") is not fixed in "
                        .. "project.",
                },
                rejects = {
                    "electron version 28.0.0",
                },
            },
        },
    },
}
