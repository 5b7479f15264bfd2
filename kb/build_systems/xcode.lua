-- Building for Apple's systems: xcodebuild, simulators, Swift and its package manager, CocoaPods, fastlane.
return {
    about = "Xcode, Swift and CocoaPods",
    entries = {
        {
            id = "xcode.destination", title = "There is no such simulator or device",
            match = [[(?:xcodebuild: error: |\): )?Unable to find a (?:destination|device) matching the ]]
                .. [[provided destination specifier]],
            class = "version mismatch", severity = "error", priority = 92,
            cause = "The image has no simulator or device of that name and system with the Xcode that is selected.",
            fix = "The list below shows what there is. Images lose old simulators with every release: name one of "
                .. "the image's (`xcrun simctl list`), leave out `OS=`, or pin Xcode and the image (`runs-on: "
                .. "macos-15`). If the platform `is not installed`: `xcodebuild -downloadPlatform iOS`.",
            commands = { "xcrun simctl list devices available", "xcodebuild -downloadPlatform iOS" },
            docs = { "https://github.com/actions/runner-images/tree/main/images/macos" },
            tags = { "ios", "xcode", "simulator" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "A simulator that the image has",
                yaml = "- name: Test\n"
                    .. "  run: |\n"
                    .. "    xcrun simctl list devices available\n"
                    .. "    xcodebuild test -scheme App -destination 'platform=iOS Simulator,name=iPhone 16'\n",
            },
            examples = {
                matches = {
                    "xcodebuild: error: Unable to find a destination matching the provided destination specifier:",
                    "xcodebuild: error: Unable to find a device matching the provided destination specifier:",
                },
                rejects = { "Using the first of multiple matching destinations:" },
            },
        },
        {
            id = "xcode.scheme_missing", title = "There is no such scheme, project or workspace",
            match = [[xcodebuild: error: (?<what>The (?:project|workspace) (?:named )?.{1,200} does not ]]
                .. [[contain a scheme named|'(?<path>[^']+)' (?:does not exist|is not a (?:project]]
                .. [[|workspace) file)|The directory \S+ does not contain an Xcode (?:project|workspace]]
                .. [[|package)|Scheme .{1,100} is not currently configured for the)]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "xcodebuild does not find what it is to build: {what}.",
            fix = "Schemes must be shared to be in git (`xcshareddata`). A workspace of CocoaPods comes from `pod "
                .. "install`, a project of XcodeGen or Tuist from its generator: run it first. Look at the working "
                .. "directory.",
            commands = { "xcodebuild -list" },
            tags = { "ios", "xcode" },
            examples = {
                matches = {
                    "xcodebuild: error: The project named \"App\" does not contain a scheme named \"AppTests\". "
                        .. "The \"-list\" option can be used to find the names of the schemes in the project.",
                    "xcodebuild: error: 'App.xcworkspace' does not exist.",
                },
                rejects = {
                    "xcodebuild: error: Unable to find a destination matching the provided destination specifier:",
                },
            },
        },
        {
            id = "xcode.select", title = "The Xcode or tool that is asked for is not there",
            match = [[(?:xcode-select: error: (?<what>.{5,200})|xcrun: error: (?<what2>.{5,200})|SDK ]]
                .. [["(?<sdk>[^"]+)" cannot be located)]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "The developer tools that are selected do not exist or have not got this tool or SDK.",
            fix = "Choose an Xcode of the image: `sudo xcode-select -s /Applications/Xcode_16.2.app` (`ls "
                .. "/Applications`). Images drop old versions; `maxim-lobanov/setup-xcode` picks one. `simctl` and "
                .. "SDKs need the full Xcode, not only the command line tools.",
            commands = { "ls -d /Applications/Xcode*", "xcode-select -p" },
            tags = { "macos", "xcode" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "An Xcode that the image has",
                yaml = "- uses: maxim-lobanov/setup-xcode@v1\n"
                    .. "  with:\n"
                    .. "    xcode-version: latest-stable\n",
            },
            examples = {
                matches = {
                    "xcode-select: error: invalid developer directory "
                        .. "'/Applications/Xcode_12.4.app/Contents/Developer'",
                    "xcrun: error: unable to find utility \"simctl\", not a developer tool or in PATH",
                    "xcodebuild: error: SDK \"iphoneos15.0\" cannot be located.",
                },
                rejects = { "xcrun simctl boot" },
            },
        },
        {
            id = "xcode.license", title = "Xcode's licence was not accepted",
            match = [[You have not agreed to the Xcode license agreements|Agreeing to the Xcode/iOS ]]
                .. [[license requires admin]],
            class = "missing setup", severity = "error", priority = 93,
            cause = "Xcode was updated and wants its licence accepted.",
            fix = "`sudo xcodebuild -license accept` and `sudo xcodebuild -runFirstLaunch` in the machine's set-up.",
            commands = { "sudo xcodebuild -license accept" },
            tags = { "macos", "xcode" },
            examples = {
                matches = {
                    "You have not agreed to the Xcode license agreements. Please run 'sudo xcodebuild -license' "
                        .. "from within a Terminal window to review and agree to the Xcode and Apple SDKs license.",
                },
                rejects = { "license accepted" },
            },
        },
        {
            id = "xcode.simulator_boot", title = "The simulator does not start",
            match = [[(?:Unable to boot (?:the Simulator|device in current state)|Failed to (?:boot]]
                .. [[|launch|background) (?:test runner|simulator|the test runner)|The test runner ]]
                .. [[(?:hung before establishing connection|failed to initialize for UI testing|exited ]]
                .. [[with code|encountered an error \(.{3,200})|Simulator device failed to (?:launch]]
                .. [[|install|boot|terminate)|Timed out waiting for .{3,60} to (?:boot|launch)|Lost ]]
                .. [[connection to testmanagerd)]],
            class = "flaky", severity = "error", priority = 76,
            cause = "The simulator or its test runner did not come up, mostly because the machine is slow or in a "
                .. "bad state.",
            fix = "Boot it before the tests and wait (`xcrun simctl bootstatus`), erase it if it fails again, test "
                .. "with fewer parallel simulators, and let the step try twice. If it fails every time, the app "
                .. "crashes at launch: see the `.xcresult`.",
            commands = { "xcrun simctl bootstatus 'iPhone 16' -b", "xcrun simctl erase all" },
            tags = { "ios", "simulator", "flaky" },
            examples = {
                matches = {
                    "Unable to boot device in current state: Booted",
                    "Test runner: The test runner hung before establishing connection.",
                    "The test runner exited with code 65 before checking in.",
                },
                rejects = { "Simulator booted" },
            },
        },
        {
            id = "xcode.build_failed", title = "xcodebuild failed",
            match = [[^(?:\*\* (?<action>BUILD|TEST|ARCHIVE|EXPORT|TEST BUILD|CLEAN|TEST EXECUTE|ANALYZE]]
                .. [[|INSTALL) (?:FAILED|INTERRUPTED) \*\*|The following build commands failed:|Testing ]]
                .. [[failed:$)]],
            class = "code bug", severity = "error", priority = 10,
            cause = "A summary: the error stands above, and the failing commands are listed.",
            fix = "Look for the first `error:` above. xcbeautify makes the log shorter, but keep the raw one.",
            tags = { "xcode", "summary" },
            examples = {
                matches = { "** BUILD FAILED **", "** TEST FAILED **", "The following build commands failed:" },
                rejects = { "** BUILD SUCCEEDED **" },
            },
        },
        {
            id = "xcode.phase_script", title = "A build phase's script failed",
            match = [[(?:Command PhaseScriptExecution failed with a nonzero exit code|error: ]]
                .. [[.{0,300}PhaseScriptExecution)]],
            class = "missing setup", severity = "error", priority = 40,
            cause = "A \"Run Script\" phase ended with an error; its own words stand above.",
            fix = "Frequent: `swiftlint`, `node` or `carthage` is not in the `PATH` of Xcode "
                .. "(`/opt/homebrew/bin`), sandboxed scripts may not read files that are not listed as input "
                .. "(`ENABLE_USER_SCRIPT_SANDBOXING=NO`), or `pod install` did not run.",
            tags = { "xcode" },
            examples = {
                matches = { "Command PhaseScriptExecution failed with a nonzero exit code" },
                rejects = { "PhaseScriptExecution Run\\ SwiftLint /Users/runner/Library/Developer/Xcode/x.sh" },
            },
        },
        {
            id = "xcode.command_failed", title = "A command of the build failed",
            match = [[^Command (?<command>\w+) failed (?:with a nonzero exit code|due to signal (?<signal>[\w ()]+))]],
            unless = [[PhaseScriptExecution]],
            class = "code bug", severity = "error", priority = 16,
            cause = "`{command}` failed; what it said stands above.",
            fix = "Look for `error:` before this line. With a signal the compiler crashed: clean derived data, or "
                .. "try another Xcode.",
            tags = { "xcode", "summary" },
            examples = {
                matches = {
                    "Command CompileSwift failed with a nonzero exit code",
                    "Command Ld failed with a nonzero exit code",
                    "Command SwiftCompile failed due to signal 11 (Segmentation fault)",
                },
                rejects = { "CompileSwift normal arm64" },
            },
        },
        {
            id = "swift.no_module", title = "Swift does not find a module",
            match = [[error: (?:no such module '(?<module>[^']+)'|missing required modules?:? ]]
                .. [['(?<required>[^']+)'|could not build (?:Objective-C|C) module '(?<objc>[^']+)']]
                .. [[|unable to (?:resolve|find) module dependency: '(?<dependency>[^']+)')]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "A module that is imported has not been built or is not found.",
            fix = "Build the workspace and not the project (CocoaPods), resolve packages first, add the product to "
                .. "the target's dependencies. On Linux, `UIKit`, `Combine`, `os` and the like do not exist (`#if "
                .. "canImport(…)`). A scheme may lack an implicit dependency.",
            commands = { "xcodebuild -resolvePackageDependencies", "swift package resolve" },
            tags = { "swift", "module" },
            examples = {
                matches = {
                    "/Users/runner/work/app/app/App.swift:3:8: error: no such module 'Alamofire'",
                    "error: missing required module 'CSQLite'",
                    "A.swift:1:8: error: unable to resolve module dependency: 'UIKit'",
                },
                rejects = { "import Alamofire" },
            },
        },
        {
            id = "swift.newer_compiler", title = "A module was built by another Swift",
            match = [[error: (?:module compiled with Swift (?<made>\S+) cannot be imported by the Swift ]]
                .. [[(?<here>\S+) compiler|module '(?<module>[^']+)' was created (?:by a newer|for ]]
                .. [[incompatible|by a different).{3,160}|failed to build module '(?<module2>[^']+)' ]]
                .. [[(?:for importation|from its module interface).{0,200}|this SDK is not supported by ]]
                .. [[the compiler)]],
            class = "version mismatch", severity = "error", priority = 91,
            cause = "A compiled module and this compiler do not fit.",
            fix = "Rebuild the framework with this Xcode, with library evolution "
                .. "(`BUILD_LIBRARY_FOR_DISTRIBUTION=YES`), take a release of it for this Xcode, or pin Xcode. "
                .. "Clear derived data and Carthage's or Pods' caches after a change of Xcode.",
            commands = { "rm -rf ~/Library/Developer/Xcode/DerivedData" },
            tags = { "swift", "xcode", "version" },
            examples = {
                matches = {
                    "error: module compiled with Swift 5.9.2 cannot be imported by the Swift 5.10 compiler: "
                        .. "/Users/runner/A.framework/Modules/A.swiftmodule/arm64.swiftmodule",
                    "error: failed to build module 'Firebase' for importation due to the errors above; the textual "
                        .. "interface may be broken by project issues or a compiler bug",
                    "error: this SDK is not supported by the compiler (the SDK is built with 'Apple Swift version "
                        .. "5.9', while this compiler is 'Apple Swift version 5.8')",
                },
                rejects = { "error: no such module 'Firebase'" },
            },
        },
        {
            id = "swift.tools_version", title = "A package needs newer Swift tools",
            match = [[package '(?<package>[^']+)'(?: @ \S+)? is using Swift tools version (?<need>\S+) ]]
                .. [[(?:but the installed version is|which is no longer supported)(?: (?<have>\S+))?]],
            class = "version mismatch", severity = "error", priority = 93,
            cause = "The manifest of `{package}` asks for Swift tools {need}, which this toolchain is not.",
            fix = "Choose a newer Xcode or Swift image, or a release of the package that still goes with the "
                .. "installed one (`Package.resolved`).",
            commands = { "swift --version" },
            tags = { "swift", "swiftpm", "version" },
            examples = {
                matches = {
                    "error: package 'app' is using Swift tools version 6.0.0 but the installed version is 5.9.0",
                    "error: 'swift-nio': package 'swift-nio' @ 2.70.0 is using Swift tools version 5.10.0 but the "
                        .. "installed version is 5.8.1",
                },
                rejects = { "// swift-tools-version:6.0" },
            },
        },
        {
            id = "swift.package_resolution", title = "Swift packages cannot be resolved",
            match = [[(?:error: Dependencies could not be resolved because (?<why>.{5,300})|xcodebuild: ]]
                .. [[error: Could not resolve package dependencies|error: (?:Failed to clone repository]]
                .. [[|failed to (?:checkout|clone|fetch)).{3,300}|an out-of-date resolved file was ]]
                .. [[detected)]],
            class = "version mismatch", severity = "error", priority = 86,
            cause = "SwiftPM cannot give every package that is asked for: requirements contradict each other, a "
                .. "repository cannot be read, or `Package.resolved` is stale.",
            fix = "Run `swift package update` and commit `Package.resolved`. For private repositories give the job "
                .. "credentials (`-scmProvider system` makes xcodebuild use git's).",
            commands = {
                "swift package show-dependencies", "xcodebuild -resolvePackageDependencies -scmProvider system",
            },
            tags = { "swift", "swiftpm" },
            examples = {
                matches = {
                    "error: Dependencies could not be resolved because root depends on 'nio' 2.0.0..<3.0.0 and "
                        .. "'vapor' depends on 'nio' 1.0.0..<2.0.0.",
                    "xcodebuild: error: Could not resolve package dependencies:",
                },
                rejects = { "Resolved source packages:" },
            },
        },
        {
            id = "swift.compile_error", title = "The Swift compiler refuses the code",
            match = [[^(?:.{0,200}?\s)??(?<file>\S[^:\n]{0,300}\.swift):(?<line>\d+):(?<column>\d+): error: (?<what>]]
                .. [[(?!no ]]
                .. [[such module|missing required module|unable to resolve module)(?!.{1,40}(?:XCTAssert]]
                .. [[|failed[ :])).{3,400})]],
            class = "code bug", severity = "error", priority = 64,
            cause = "{file}, line {line}: {what}",
            fix = "If only one Xcode of the matrix fails, the language moved: strict concurrency (`Sendable`, "
                .. "`@MainActor`), macros, or an API with a newer `@available`.",
            tags = { "swift", "compile" },
            examples = {
                matches = {
                    "/Users/runner/work/app/app/Sources/A.swift:14:9: error: cannot find 'foo' in scope",
                    "A.swift:3:5: error: value of type 'String' has no member 'lenght'",
                },
                rejects = { "A.swift:1:8: error: no such module 'Alamofire'" },
            },
        },
        {
            id = "swift.runtime_trap", title = "A Swift program trapped",
            match = [[(?:\.swift:\d+: (?:Fatal|Precondition|Assertion) (?:error|failed): ]]
                .. [[(?<what>[^\n]{3,300})|(?:^|: )Fatal error: (?<trap>(?:Unexpectedly found nil|Index ]]
                .. [[out of range|Can't (?:form|unsafeBitCast|remove)|Not enough bits|Negative value]]
                .. [[|Division by zero|Array index|Range requires|Duplicate (?:keys|elements)|Unsafely]]
                .. [[|Double value|'try!' expression).{0,200})|Swift runtime failure: ]]
                .. [[(?<failure>.{3,100}))]],
            class = "code bug", severity = "error", priority = 82,
            cause = "The program broke off by itself, on a check of the language or its own.",
            fix = "`Unexpectedly found nil` is a `!` too many: unwrap it. `Index out of range`, `Not enough bits` "
                .. "and overflows name what was not checked. The stack has the line.",
            tags = { "swift", "crash" },
            examples = {
                matches = {
                    "App/Store.swift:12: Fatal error: Unexpectedly found nil while unwrapping an Optional value",
                    "Fatal error: Index out of range: file Swift/ContiguousArrayBuffer.swift, line 600",
                },
                rejects = {
                    "fatal error: 'stdio.h' file not found",
                    "Fatal error: Class 'Foo' not found in /app/a.php on line 3",
                },
            },
        },
        {
            id = "cocoapods.not_compatible", title = "CocoaPods finds no versions that fit",
            match = [[\[!\] CocoaPods could not find compatible versions for pod "(?<pod>[^"]+)"]],
            class = "version mismatch", severity = "error", priority = 91,
            cause = "The Podfile, `Podfile.lock` and the pods ask for versions of `{pod}` that do not go together, "
                .. "or the specs on this machine are old.",
            fix = "The lines below show who asks for what. `pod update {pod}` and commit the lock, raise `platform "
                .. ":ios` if a pod needs it, or `pod install --repo-update` if the version is new.",
            commands = { "pod install --repo-update", "pod update {pod}" },
            docs = { "https://guides.cocoapods.org/using/troubleshooting.html" },
            tags = { "ios", "cocoapods" },
            examples = {
                matches = { "[!] CocoaPods could not find compatible versions for pod \"Firebase/Core\":" },
                rejects = { "[!] Unable to find a specification for `Foo`" },
            },
        },
        {
            id = "cocoapods.sandbox", title = "The pods do not fit Podfile.lock",
            match = [[The sandbox is not in sync with the Podfile\.lock|Unable to (?:open|load contents ]]
                .. [[of file).{0,300}Pods-\S+\.xc(?:config|filelist)]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "`Pods` is not what `Podfile.lock` says: `pod install` did not run, or a cache of `Pods` is "
                .. "stale.",
            fix = "Run `pod install --deployment` before the build, and key the cache by `Podfile.lock`.",
            commands = { "pod install --deployment" },
            tags = { "ios", "cocoapods" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Pods before the build",
                yaml = "- name: Install pods\n"
                    .. "  run: pod install --deployment\n",
            },
            examples = {
                matches = {
                    "error: The sandbox is not in sync with the Podfile.lock. Run 'pod install' or update your "
                        .. "CocoaPods installation.",
                    "error: Unable to open base configuration reference file "
                        .. "'/Users/runner/work/app/app/Pods/Target Support "
                        .. "Files/Pods-App/Pods-App.release.xcconfig'.",
                },
                rejects = { "Pod installation complete!" },
            },
        },
        {
            id = "cocoapods.error", title = "CocoaPods stopped",
            match = [[^\[!\] (?<what>(?!CocoaPods could not find compatible|Smart Quotes|Automatically]]
                .. [[|Please close|The `\S+ \[\w+\]` target overrides|`<PBX)[A-Z`][^\n]{7,400})]],
            class = "missing setup", severity = "error", priority = 52,
            cause = "CocoaPods says: {what}",
            fix = "`Unable to find a specification`: `--repo-update`, or a missing private source. `Error "
                .. "installing`: the download failed; run again. `Unable to locate the executable`: install it. In "
                .. "deployment mode, commit `Podfile.lock`.",
            commands = { "pod install --verbose" },
            tags = { "ios", "cocoapods" },
            examples = {
                matches = { "[!] Unable to find a specification for `Foo (~> 2.0)`", "[!] Error installing libwebp" },
                rejects = {
                    "[!] 1569 vulnerabilities found [20430 packages audited]",
                    "[!] Smart Quotes were detected and ignored in your Podfile.",
                },
            },
        },
        {
            id = "brew.error", title = "Homebrew could not install something",
            match = [[^Error: (?:(?<formula>[\w@./+-]+): (?:no bottle available|the bottle needs|unknown ]]
                .. [[version|undefined method|SHA256 mismatch|An exception|wrong number)|No available ]]
                .. [[formula (?:with the name|or cask)|The `?brew link`? step did not complete|\S+: ]]
                .. [[Failed to download resource "(?<resource>[^"]+)"|Your Xcode .{3,80} is too outdated]]
                .. [[|SHA256 mismatch|Cannot install under Rosetta)]],
            class = "infrastructure", severity = "error", priority = 84,
            cause = "Homebrew stopped at a formula: it has no binary for this system, another file is in its "
                .. "place, or the download failed.",
            fix = "`brew link` conflicts with Python's or Node's own files on runners: `brew link --overwrite "
                .. "NAME` or `brew install NAME || true` after a look. Download failures and SHA mismatches: `brew "
                .. "update`, then again. Old macOS has no bottles any more: use a newer image.",
            commands = { "brew update", "brew link --overwrite NAME" },
            tags = { "macos", "homebrew" },
            examples = {
                matches = {
                    "Error: The `brew link` step did not complete successfully",
                    "Error: No available formula with the name \"pyton@3.9\".", "Error: qt@5: no bottle available!",
                },
                rejects = { "Error: Process completed with exit code 1." },
            },
        },
    },
}
