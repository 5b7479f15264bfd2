-- Signing and notarisation on macOS: codesign, security, notarytool, stapler, provisioning profiles.
return {
    about = "Signing and notarisation on macOS",
    entries = {
        {
            id = "apple.err_sec_internal_component", title = "codesign may not use the private key",
            match = [[(?:^|: )errSecInternalComponent\b]],
            class = "permission", severity = "error", priority = 92,
            cause = "codesign found the certificate, but macOS did not let it use the private key: the keychain is "
                .. "locked, or the key's access list asks for a click that nobody can give in CI.",
            fix = "In the step that imports the certificate: unlock the keychain, keep it unlocked "
                .. "(`set-keychain-settings`), put it on the search list, and allow codesign the key with "
                .. "`set-key-partition-list`. If that is done, the intermediate certificate (Apple WWDR, Developer "
                .. "ID G2) is missing from the keychain.",
            commands = {
                "security unlock-keychain -p \"$KEYCHAIN_PASSWORD\" build.keychain",
                "security set-keychain-settings -lut 21600 build.keychain",
                "security set-key-partition-list -S apple-tool:,apple:,codesign: -s -k \"$KEYCHAIN_PASSWORD\" "
                    .. "build.keychain",
                "security list-keychains -d user -s build.keychain login.keychain",
            },
            docs = { "https://developer.apple.com/forums/thread/712005" },
            tags = { "macos", "codesign", "keychain" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "A keychain that codesign may use without asking",
                yaml = "- name: Import the certificate\n"
                    .. "  env:\n"
                    .. "    CERTIFICATE: ${{ secrets.CERTIFICATE_P12_BASE64 }}\n"
                    .. "    CERTIFICATE_PASSWORD: ${{ secrets.CERTIFICATE_PASSWORD }}\n"
                    .. "    KEYCHAIN_PASSWORD: ${{ secrets.KEYCHAIN_PASSWORD }}\n"
                    .. "  run: |\n"
                    .. "    keychain=\"$RUNNER_TEMP/build.keychain-db\"\n"
                    .. "    echo \"$CERTIFICATE\" | base64 --decode > \"$RUNNER_TEMP/certificate.p12\"\n"
                    .. "    security create-keychain -p \"$KEYCHAIN_PASSWORD\" \"$keychain\"\n"
                    .. "    security set-keychain-settings -lut 21600 \"$keychain\"\n"
                    .. "    security unlock-keychain -p \"$KEYCHAIN_PASSWORD\" \"$keychain\"\n"
                    .. "    security import \"$RUNNER_TEMP/certificate.p12\" -P \"$CERTIFICATE_PASSWORD\" -T "
                    .. "/usr/bin/codesign -k \"$keychain\"\n"
                    .. "    security set-key-partition-list -S apple-tool:,apple:,codesign: -s -k "
                    .. "\"$KEYCHAIN_PASSWORD\" \"$keychain\"\n"
                    .. "    security list-keychains -d user -s \"$keychain\" login.keychain-db\n",
            },
            examples = {
                matches = {
                    "build/App.app: errSecInternalComponent", "errSecInternalComponent",
                    "/Users/runner/work/app/app/App.app/Contents/Frameworks/A.framework: errSecInternalComponent",
                },
                rejects = { "build/App.app: replacing existing signature" },
            },
        },
        {
            id = "apple.user_interaction", title = "The keychain wants to ask the user",
            match = [[(?:User interaction is not allowed\.|errSecInteractionNotAllowed|SecKeychainUnlock ]]
                .. [[.{0,80}: (?<what>.{3,100}))]],
            class = "permission", severity = "error", priority = 90,
            cause = "The keychain is locked, and nobody is there to type its password.",
            fix = "Make a keychain of the job's own, unlock it and set it as default before signing; `security "
                .. "unlock-keychain` must come in the same session. Over SSH the login keychain is always locked.",
            commands = {
                "security create-keychain -p \"$KEYCHAIN_PASSWORD\" build.keychain",
                "security default-keychain -s build.keychain",
                "security unlock-keychain -p \"$KEYCHAIN_PASSWORD\" build.keychain",
            },
            docs = {
                "https://docs.github.com/actions/use-cases-and-examples/deploying/"
                    .. "installing-an-apple-certificate-on-macos-runners-for-xcode-development",
            },
            tags = { "macos", "keychain" },
            examples = {
                matches = {
                    "build/App.app: User interaction is not allowed.",
                    "security: SecKeychainItemExport: User interaction is not allowed.",
                },
                rejects = { "user interaction tests passed" },
            },
        },
        {
            id = "apple.no_identity", title = "codesign finds no such identity",
            match = [[(?:(?<identity>[^:\n]{3,200}): no identity found|error: (?:The specified item could ]]
                .. [[not be found in the keychain|No signing certificate "(?<certificate>[^"]+)" found)]]
                .. [[|No signing certificate "(?<certificate2>[^"]+)" found|No certificate for team ]]
                .. [['(?<team>[^']+)' matching '(?<match>[^']+)' found)]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "The certificate that is asked for, with its private key, is not in any keychain of the search "
                .. "list.",
            fix = "Import the `.p12` (the `.cer` alone has no key) and put its keychain on the list. `security "
                .. "find-identity -v -p codesigning` shows what is there: none valid means that it is expired, "
                .. "revoked, or its intermediate is missing. In a pull request of a fork, secrets are empty: skip "
                .. "signing there.",
            commands = { "security find-identity -v -p codesigning", "security list-keychains -d user" },
            tags = { "macos", "codesign", "certificate" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Sign only where the secrets are",
                yaml = "- name: Sign\n"
                    .. "  if: github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name "
                    .. "== github.repository\n"
                    .. "  run: ./scripts/sign.sh\n",
            },
            examples = {
                matches = {
                    "Developer ID Application: Example Ltd (AB12CD34EF): no identity found",
                    "error: No signing certificate \"Mac Development\" found: No \"Mac Development\" signing "
                        .. "certificate matching team ID \"AB12CD34EF\" with a private key was found.",
                    "error: The specified item could not be found in the keychain.",
                },
                rejects = { "1 valid identities found" },
            },
        },
        {
            id = "apple.ambiguous_identity", title = "Several identities fit the name",
            match = [[(?<identity>[^:\n]{1,100}: [^:\n]{1,100}|[^:\n]{3,100}): ambiguous \(matches ]]
                .. [["[^"]+" and "[^"]+"]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "Two certificates of that name are in the keychains, often an expired one and its successor.",
            fix = "Give the certificate's SHA-1 in place of the name, or delete the old one from the keychain.",
            commands = { "security find-identity -v -p codesigning" },
            tags = { "macos", "codesign" },
            examples = {
                matches = {
                    "Developer ID Application: Example Ltd (AB12CD34EF): ambiguous (matches \"Developer ID "
                        .. "Application: Example Ltd (AB12CD34EF)\" and \"Developer ID Application: Example Ltd "
                        .. "(AB12CD34EF)\" in /Users/runner/Library/Keychains/build.keychain-db)",
                },
                rejects = { "warning: ambiguous expansion of macro" },
            },
        },
        {
            id = "apple.p12_import", title = "A certificate file cannot be imported",
            match = [[security: SecKeychainItemImport: (?<reason>(?!The specified item already exists)[^\n]{5,150})]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "`security import` refused the `.p12`: {reason}",
            fix = "`MAC verification failed`: the password is wrong or empty, or OpenSSL 3 made the file: export "
                .. "it with `openssl pkcs12 -legacy`. `Unknown format` or `Unable to decode`: the secret is empty, "
                .. "not base64, or has line breaks lost (`base64 --decode`). In pull requests of forks secrets are "
                .. "empty.",
            commands = {
                "openssl pkcs12 -export -legacy -in cert.pem -inkey key.pem -out cert.p12", "test -s certificate.p12",
            },
            tags = { "macos", "certificate", "keychain" },
            examples = {
                matches = {
                    "security: SecKeychainItemImport: MAC verification failed during PKCS12 import (wrong password?)",
                    "security: SecKeychainItemImport: Unknown format in import.",
                    "security: SecKeychainItemImport: One or more parameters passed to a function were not valid.",
                },
                rejects = { "security: SecKeychainItemImport: The specified item already exists in the keychain." },
            },
        },
        {
            id = "apple.keychain_exists", title = "A keychain of that name exists, or does not",
            match = [[security: SecKeychain(?:Create|Delete|Open|SetDefault|CopySettings)\S*(?: \S+)?: ]]
                .. [[(?<reason>A keychain with the same name already exists\.|The specified keychain ]]
                .. [[could not be found\.|The specified keychain is not a valid keychain file\.)]],
            class = "missing setup", severity = "error", priority = 78,
            cause = "A command for a keychain failed: {reason}",
            fix = "On machines that are kept between jobs, delete the keychain at the end (`if: always()`) and "
                .. "give it a name of the run's own.",
            commands = { "security delete-keychain build.keychain" },
            tags = { "macos", "keychain" },
            examples = {
                matches = {
                    "security: SecKeychainCreate build.keychain: A keychain with the same name already exists.",
                    "security: SecKeychainDelete: The specified keychain could not be found.",
                },
                rejects = { "security: SecKeychainItemImport: Unknown format in import." },
            },
        },
        {
            id = "apple.detritus", title = "Extended attributes are in the way of signing",
            match = [[resource fork, Finder information, or similar detritus not allowed]],
            class = "code bug", severity = "error", priority = 92,
            cause = "Files of the bundle carry extended attributes, which codesign refuses.",
            fix = "Remove them before signing: `xattr -cr App.app`. Folders that iCloud or Dropbox syncs get them "
                .. "again: build elsewhere.",
            commands = { "xattr -cr App.app" },
            docs = { "https://developer.apple.com/library/archive/qa/qa1940/_index.html" },
            tags = { "macos", "codesign" },
            examples = {
                matches = { "build/App.app: resource fork, Finder information, or similar detritus not allowed" },
                rejects = { "xattr: App.app" },
            },
        },
        {
            id = "apple.nested_code_unsigned", title = "Code inside the bundle is not signed",
            match = [[(?:code object is not signed at all|bundle format unrecognized, invalid, or ]]
                .. [[unsuitable|unsealed contents present in the (?:root directory of an embedded ]]
                .. [[framework|bundle root)|code has no resources but signature indicates they must be ]]
                .. [[present|nested code is modified or invalid)]],
            class = "code bug", severity = "error", priority = 86,
            cause = "A part of the bundle is not signed, changed after signing, or is in a place where it cannot be.",
            fix = "Sign from the inside out: frameworks, helpers and plug-ins first, the app last, and change "
                .. "nothing afterwards. `In subcomponent:` names the part. Frameworks need their `Versions` links: "
                .. "copy with `ditto` or `cp -R`, and zip with links.",
            commands = { "codesign --verify --deep --strict --verbose=4 App.app" },
            docs = { "https://developer.apple.com/documentation/xcode/creating-distribution-signed-code-for-the-mac" },
            tags = { "macos", "codesign" },
            examples = {
                matches = {
                    "build/App.app: code object is not signed at all",
                    "App.app: bundle format unrecognized, invalid, or unsuitable",
                    "App.app: unsealed contents present in the bundle root",
                },
                rejects = { "App.app: valid on disk" },
            },
        },
        {
            id = "apple.timestamp", title = "Apple's timestamp service did not answer",
            match = [[(?:The timestamp service is not available\.|A timestamp was expected but was not found\.)]],
            class = "flaky", severity = "error", priority = 90,
            cause = "codesign asks a server of Apple for the time of the signature, and that did not answer.",
            fix = "Run it again, with a few tries in the script. Behind a proxy, `timestamp.apple.com` must be "
                .. "reachable.",
            tags = { "macos", "codesign", "network" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "A few tries",
                yaml = "- name: Sign\n"
                    .. "  run: |\n"
                    .. "    for try in 1 2 3; do\n"
                    .. "      codesign --force --timestamp --options runtime --sign \"$IDENTITY\" App.app && exit 0\n"
                    .. "      sleep 30\n"
                    .. "    done\n"
                    .. "    exit 1\n",
            },
            examples = {
                matches = {
                    "build/App.app: The timestamp service is not available.",
                    "App.app: A timestamp was expected but was not found.",
                },
                rejects = { "Timestamp=1 Jun 2026" },
            },
        },
        {
            id = "apple.provisioning_profile", title = "A provisioning profile is missing or does not fit",
            match = [[(?:error: )?(?:No profiles? for '(?<bundle>[^']+)' (?:were|was) found]]
                .. [[|(?:"|(?<![\w. -]))(?<target>[\w. -]+)"? requires a provisioning profile|Provisioning profile ]]
                .. [["(?<profile>[^"]+)" (?:doesn't|does not|has|is|expired).{3,200}|No provisioning ]]
                .. [[profiles? found|requires a provisioning profile with the .{3,80} feature|Automatic ]]
                .. [[signing is disabled and unable to generate a profile)]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "Xcode has no provisioning profile that goes with the bundle identifier, the team, the "
                .. "certificate and the entitlements.",
            fix = "Download it in the job (`xcodebuild -allowProvisioningUpdates` with an App Store Connect key, "
                .. "or fastlane match), or install it from a secret to `~/Library/MobileDevice/Provisioning "
                .. "Profiles`. A new certificate, device or entitlement needs a new profile. For tests in the "
                .. "simulator switch signing off: `CODE_SIGNING_ALLOWED=NO`.",
            commands = { "xcodebuild … CODE_SIGNING_ALLOWED=NO" },
            docs = {
                "https://developer.apple.com/documentation/technotes/tn3125-inside-code-signing-provisioning-profiles",
            },
            tags = { "ios", "xcode", "signing" },
            examples = {
                matches = {
                    "error: No profiles for 'com.example.app' were found: Xcode couldn't find any iOS App "
                        .. "Development provisioning profiles matching 'com.example.app'.",
                    "error: Provisioning profile \"App Store\" doesn't include signing certificate \"Apple "
                        .. "Distribution: Example Ltd (AB12CD34EF)\".",
                    "error: \"App\" requires a provisioning profile. Select a provisioning profile in the Signing "
                        .. "& Capabilities editor. (in target 'App' from project 'App')",
                },
                rejects = { "note: Using provisioning profile \"App Store\"" },
            },
        },
        {
            id = "apple.development_team", title = "Signing needs a development team",
            match = [[error: Signing for "(?<target>[^"]+)" requires a development team]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "The target `{target}` has no team, so Xcode cannot sign it.",
            fix = "Pass `DEVELOPMENT_TEAM=…`, or switch signing off for builds that need none: "
                .. "`CODE_SIGNING_ALLOWED=NO`. Pods and package bundles since Xcode 14: set it in the Podfile's "
                .. "`post_install`.",
            commands = { "xcodebuild … DEVELOPMENT_TEAM=AB12CD34EF" },
            tags = { "ios", "xcode", "signing" },
            examples = {
                matches = {
                    "error: Signing for \"App\" requires a development team. Select a development team in the "
                        .. "Signing & Capabilities editor. (in target 'App' from project 'App')",
                },
                rejects = { "Signing Identity: \"Sign to Run Locally\"" },
            },
        },
        {
            id = "apple.notary_credentials", title = "The notary service refuses the credentials",
            match = [[(?:Error: HTTP status code: 401\.(?<detail>.{0,200})|Error: No Keychain password ]]
                .. [[item found for profile: (?<profile>\S+)|Error: (?:Invalid|Unable to find) ]]
                .. [[(?:private key|credentials).{0,120}|status code: 0\. Network)]],
            class = "permission", severity = "error", priority = 91,
            cause = "notarytool cannot log in: the Apple ID's app-specific password, the team or the key of App "
                .. "Store Connect is wrong or gone.",
            fix = "Take an API key of App Store Connect (`--key`, `--key-id`, `--issuer`). With an Apple ID it "
                .. "must be an app-specific password (all are revoked when the main password changes) and the "
                .. "team's identifier. A profile of `store-credentials` is in a keychain: it must be unlocked and "
                .. "on the search list.",
            commands = { "xcrun notarytool history --key key.p8 --key-id ID --issuer ISSUER" },
            docs = {
                "https://developer.apple.com/documentation/technotes/tn3147-migrating-to-the-latest-notarization-tool",
            },
            tags = { "macos", "notarization" },
            examples = {
                matches = {
                    "Error: HTTP status code: 401. Invalid credentials. Username or password is incorrect. Use the "
                        .. "app-specific password generated at appleid.apple.com. Ensure that all authentication "
                        .. "arguments are correct.",
                    "Error: No Keychain password item found for profile: notary",
                },
                rejects = { "HTTP status code: 200" },
            },
        },
        {
            id = "apple.agreement", title = "Apple wants a new agreement accepted",
            match = [[A required agreement is missing or has expired|Your team's .{0,40}agreement|PLA ]]
                .. [[Update available|program license agreement updates? (?:is|are) available]],
            flags = "i", class = "permission", severity = "error", priority = 95,
            cause = "Apple changed an agreement, and the account's holder has not accepted it. Until then signing "
                .. "and notarisation are refused.",
            fix = "The Account Holder logs in at developer.apple.com/account (and App Store Connect, under "
                .. "Business) and accepts. Then run the job again, a quarter of an hour later.",
            docs = { "https://developer.apple.com/account" },
            tags = { "macos", "notarization", "agreement" },
            examples = {
                matches = {
                    "Error: HTTP status code: 403. A required agreement is missing or has expired. This request "
                        .. "requires an in-effect agreement that has not been signed or has expired.",
                    "error: PLA Update available: You currently don't have access to this membership resource.",
                },
                rejects = { "The agreement was accepted" },
            },
        },
        {
            id = "apple.notary_invalid", title = "The notary service rejected the software",
            match = [[(?:^\s*(?:[Cc]urrent )?status: (?<status>Invalid|Rejected)\b|"status": ]]
                .. [["(?<status2>Invalid|Rejected)"|Package Invalid|Archive contains critical validation ]]
                .. [[errors)]],
            class = "code bug", severity = "error", priority = 86,
            cause = "Apple looked at what was uploaded and found something wrong. The reasons are in its log.",
            fix = "Fetch that log: `xcrun notarytool log ID`. Mostly a binary inside is not signed with Developer "
                .. "ID, lacks the hardened runtime (`--options runtime`) or the timestamp, or has `get-task-allow`.",
            commands = { "xcrun notarytool log SUBMISSION_ID --keychain-profile PROFILE" },
            docs = { "https://developer.apple.com/documentation/security/resolving-common-notarization-issues" },
            tags = { "macos", "notarization" },
            examples = {
                matches = { "  status: Invalid", "  \"status\": \"Invalid\",", "Current status: Invalid" },
                rejects = { "  status: Accepted" },
            },
        },
        {
            id = "apple.notary_issue", title = "The notary service names what is wrong",
            match = [[The (?<what>signature (?:of the binary is invalid|does not include a secure ]]
                .. [[timestamp)|binary is not signed(?: with a valid Developer ID certificate)?]]
                .. [[|executable (?:does not have the hardened runtime enabled|requests the ]]
                .. [[com\.apple\.security\.get-task-allow entitlement)|binary uses an SDK older than)]],
            class = "code bug", severity = "error", priority = 91,
            cause = "The notary service found: the {what}.",
            fix = "Sign each binary inside (also in zips, jars and `Resources`) with `codesign --force --options "
                .. "runtime --timestamp --sign \"Developer ID Application: …\"`, from the inside out. "
                .. "`get-task-allow` comes from debug builds: build Release, or "
                .. "`CODE_SIGN_INJECT_BASE_ENTITLEMENTS=NO`.",
            commands = {
                "codesign --force --options runtime --timestamp --sign \"Developer ID Application: …\" FILE",
            },
            docs = { "https://developer.apple.com/documentation/security/resolving-common-notarization-issues" },
            tags = { "macos", "notarization" },
            examples = {
                matches = {
                    "      \"message\": \"The signature does not include a secure timestamp.\",",
                    "      \"message\": \"The executable does not have the hardened runtime enabled.\",",
                    "      \"message\": \"The binary is not signed with a valid Developer ID certificate.\",",
                },
                rejects = { "The signature is valid" },
            },
        },
        {
            id = "apple.staple", title = "The ticket cannot be stapled",
            match = [[The (?:staple and validate|validate) action failed! Error (?<code>\d+)]],
            class = "flaky", severity = "error", priority = 86,
            cause = "stapler found no ticket for exactly this file (error 65), or may not write to it (73).",
            fix = "Staple what was notarised, not a rebuilt or re-signed copy; a zip cannot be stapled: staple the "
                .. "app and zip it again. Right after acceptance the ticket may take a minute: try again.",
            commands = { "xcrun stapler staple -v App.app" },
            docs = { "https://developer.apple.com/forums/thread/742798" },
            tags = { "macos", "notarization" },
            examples = {
                matches = {
                    "The staple and validate action failed! Error 65.", "The validate action failed! Error 73.",
                },
                rejects = { "The staple and validate action worked!" },
            },
        },
    },
}
