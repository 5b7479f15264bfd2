-- Windows: shells, paths, locked files and libraries.

return {
    about = "Windows: shells, paths, locked files and libraries",
    entries = {
        {
            id = "windows.command_not_recognized", title = "{command} is not a command here",
            match = [[(?:The term '|^'|[:>] ')(?<command>[^']+)' is not recognized as (?:(?:the|]] ..
                [[a) name of a cmdlet|an internal or external command)]],
            class = "missing setup", severity = "error", priority = 86,
            cause = "PowerShell or cmd found no such program: not installed, not on PATH in this step, or a Unix " ..
                "command in a Windows shell.",
            fix = "Install it or add its folder to `$env:GITHUB_PATH` in an earlier step; for scripts in Unix " ..
                "manner set `shell: bash`.",
            commands = { "Get-Command NAME -ErrorAction SilentlyContinue" },
            docs = {
                "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstep" ..
                    "sshell",
            },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Git Bash on Windows too",
                yaml = "defaults:\n" ..
                    "  run:\n" ..
                    "    shell: bash\n",
            },
            examples = {
                matches = {
                    "'make' is not recognized as an internal or external command,",
                    "The term 'cmake2' is not recognized as the name of a cmdlet, function, script file, or " ..
                        "operable program.",
                },
                rejects = { "recognized as an operable program" },
            },
        },
        {
            id = "windows.file_in_use", title = "A file is in use by another process",
            match = [[(?:The process cannot access the file(?: '(?<file>[^']+)')? because it is being used by ]] ..
                [[another process|\[WinError 32\]|EBUSY: resource busy or locked)]],
            class = "flaky", severity = "error", priority = 82,
            cause = "Windows does not let a file be deleted or moved while somebody has it open: a process of an " ..
                "earlier step, the virus scanner, or the test itself.",
            fix = "Close files before removing them (in tests: `with`), stop servers at the end, and try removals " ..
                "again after a moment.",
            commands = { "handle.exe FILE" },
            docs = { "https://learn.microsoft.com/en-us/windows/win32/debug/system-error-codes--0-499-" },
            examples = {
                matches = {
                    "The process cannot access the file 'C:\\a\\b.dll' because it is being used by another process.",
                    "PermissionError: [WinError 32] The process cannot access the file because it is being used " ..
                        "by another process: 'C:\\\\Users\\\\RUNNER~1\\\\AppData\\\\Local\\\\Temp\\\\x'",
                    "Error: EBUSY: resource busy or locked, unlink 'D:\\a\\demo\\demo\\x.node'",
                },
                rejects = { "The process has exited." },
            },
        },
        {
            id = "windows.operation_not_permitted", title = "{operation} was not permitted",
            match = [[EPERM: operation not permitted, (?<operation>\w+)|\[WinError 5\] Access is denied]],
            class = "permission", severity = "error", priority = 70,
            cause = "The file is in use or read-only (Windows), or making symbolic links needs a right that the " ..
                "user lacks.",
            fix = "Close what uses it. For links turn on developer mode, or use junctions.",
            docs = { "https://learn.microsoft.com/en-us/windows/win32/debug/system-error-codes--0-499-" },
            examples = {
                matches = { "npm error Error: EPERM: operation not permitted, rename 'D:\\a\\x' -> 'D:\\a\\y'" },
                rejects = { "operation permitted" },
            },
        },
        {
            id = "windows.symlink_privilege", title = "Symbolic links may not be made",
            match = [[(?:A required privilege is not held by the client|\[WinError 1314\]|]] ..
                [[You do not have sufficient privilege to perform this operation)]],
            class = "permission", severity = "error", priority = 90,
            cause = "On Windows only administrators, or everyone in developer mode, may make symbolic links.",
            fix = "Turn on developer mode, run as administrator, or copy. For git: `core.symlinks=true` before " ..
                "the checkout.",
            docs = {
                "https://learn.microsoft.com/en-us/windows/apps/get-started/enable-your-device-for-development",
            },
            examples = {
                matches = { "OSError: [WinError 1314] A required privilege is not held by the client: 'a' -> 'b'" },
                rejects = { "privilege: none needed" },
            },
        },
        {
            id = "windows.path_too_long", title = "A path or command line is too long for Windows",
            match = [[(?:The (?:filename or extension|command line|input line|]] ..
                [[specified path, file name, or both,? (?:is|are)) ?(?:is )?too long|\[WinError 206\]|]] ..
                [[error MSB3491: .{0,200}exceeds the OS max path limit|path too long)]],
            class = "matrix gap", severity = "error", priority = 88,
            cause = "Paths end at 260 characters unless long paths are switched on, command lines at 8191 (cmd) " ..
                "or 32767.",
            fix = "Check out to a short folder, switch on long paths, and pass long argument lists in a file " ..
                "(@response).",
            commands = { "git config --system core.longpaths true" },
            docs = { "https://learn.microsoft.com/en-us/windows/win32/fileio/maximum-file-path-limitation" },
            examples = {
                matches = {
                    "The command line is too long.",
                    "FileNotFoundError: [WinError 206] The filename or extension is too long: 'D:\\\\a\\\\x'",
                },
                rejects = { "The line is long." },
            },
        },
        {
            id = "windows.scripts_disabled", title = "PowerShell may not run scripts",
            match = [[cannot be loaded because running scripts is disabled on this system|]] ..
                [[is not digitally signed\. You cannot run this script]],
            class = "permission", severity = "error", priority = 92,
            cause = "The execution policy forbids scripts.",
            fix = "Call with `-ExecutionPolicy Bypass`, or set it for the process.",
            commands = { "powershell -ExecutionPolicy Bypass -File SCRIPT.ps1" },
            docs = {
                "https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_executi" ..
                    "on_policies",
            },
            examples = {
                matches = {
                    "File C:\\npm\\prefix\\yarn.ps1 cannot be loaded because running scripts is disabled on this " ..
                        "system.",
                },
                rejects = { "scripts are enabled" },
            },
        },
        {
            id = "windows.dll_missing", title = "A DLL is missing",
            match = [[(?:DLL load failed(?: while importing (?<module>\w+))?: |(?:exit code|exited with code|]] ..
                [[exit status|code) (?:-1073741515|3221225781|0xc0000135)|]] ..
                [[The code execution cannot proceed because (?<dll>\S+) was not found|]] ..
                [[\[WinError 126\] The specified module could not be found)]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "A program or extension needs a DLL that is not on PATH here: the Visual C++ runtime, a " ..
                "library built in another folder, or one of the wrong bitness.",
            fix = "Find which one (`dumpbin /dependents`, Dependencies), put its folder on PATH or beside the " ..
                "program; Python 3.8 and later want `os.add_dll_directory`.",
            commands = { "dumpbin /dependents FILE" },
            docs = { "https://learn.microsoft.com/en-us/windows/win32/dlls/dynamic-link-library-search-order" },
            examples = {
                matches = {
                    "ImportError: DLL load failed while importing _ssl: The specified module could not be found.",
                    "##[error]Process completed with exit code -1073741515.",
                },
                rejects = { "DLL loaded" },
            },
        },
        {
            id = "windows.access_violation", title = "A program crashed (access violation or damaged memory)",
            match = [[(?:exit code|exited with code|exit status|returned|code) (?:-1073741819|3221225477|]] ..
                [[0xc0000005|-1073740791|3221226505|0xc0000409|-1073740940|0xc0000374)|]] ..
                [[Windows fatal exception: (?<why>access violation|stack overflow|code 0x[0-9a-f]+)]],
            class = "code bug", severity = "error", priority = 74,
            cause = "0xC0000005 is an access violation, 0xC0000409 a failed check or abort, 0xC0000374 a damaged " ..
                "heap: a bug in native code, or libraries built with different settings.",
            fix = "Look at which test ran last; run it under a debugger or with AddressSanitizer " ..
                "(/fsanitize=address).",
            docs = {
                "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-erref/596a1078-e883-4972-9bbc-49" ..
                    "e60bebca55",
            },
            examples = {
                matches = {
                    "##[error]Process completed with exit code -1073741819.",
                    "Windows fatal exception: access violation",
                },
                rejects = { "exit code 1" },
            },
        },
        {
            id = "windows.not_an_application", title = "Not a program for this Windows",
            match = [[(?:%1 is not a valid Win32 application|is not a valid application for this OS platform|]] ..
                [[\[WinError 193\]|The specified executable is not a valid application)]],
            class = "matrix gap", severity = "error", priority = 86,
            cause = "The file is for another system or bitness, a script without an interpreter, or a download " ..
                "that is an error page.",
            fix = "Compare architecture (x64, x86, arm64) of the program and what it loads; check the download.",
            docs = { "https://learn.microsoft.com/en-us/windows/win32/debug/system-error-codes--0-499-" },
            examples = {
                matches = { "OSError: [WinError 193] %1 is not a valid Win32 application" },
                rejects = { "valid Win32 application" },
            },
        },
        {
            id = "windows.path_not_found", title = "Windows finds no such path",
            match = [[(?:The system cannot find the (?:path|file) specified|]] ..
                [[Could not find a part of the path '(?<path>[^']+)'|]] ..
                [[Cannot find path '(?<cmdlet>[^']+)' because it does not exist|\[WinError [23]\])]],
            class = "code bug", severity = "error", priority = 62,
            cause = "A file or folder is missing, or its path was written in Unix manner or with another drive " ..
                "letter (the workspace is on D:).",
            fix = "Check that an earlier step makes it, and build paths from `$env:GITHUB_WORKSPACE`.",
            docs = { "https://docs.github.com/en/actions/reference/workflows-and-actions/variables" },
            examples = {
                matches = {
                    "The system cannot find the path specified.",
                    "Cannot find path 'D:\\a\\demo\\demo\\dist' because it does not exist.",
                },
                rejects = { "The path was found." },
            },
        },
        {
            id = "windows.crlf_script", title = "A script has Windows line ends",
            match = [[(?:\$'[^']{0,80}\\r': (?:command not found|No such file)|]] ..
                [[/usr/bin/env: (?:['‘"])?(?<interpreter>[\w-]+)\\?r['’"]?: No such file|\^M: bad interpreter|]] ..
                [[syntax error near unexpected token `\$'.{0,8}\\r'')]],
            class = "matrix gap", severity = "error", priority = 94,
            cause = "The script has CRLF at its line ends, so the shell or `env` looks for a command whose name " ..
                "ends with a carriage return. git on Windows converts on checkout.",
            fix = "Keep scripts with LF: `*.sh text eol=lf` in .gitattributes, then check out anew (`git add " ..
                "--renormalize .`).",
            commands = { "sed -i 's/\\r$//' SCRIPT" },
            docs = { "https://git-scm.com/docs/gitattributes#_eol" },
            examples = {
                matches = {
                    "./run.sh: line 2: $'\\r': command not found",
                    "/usr/bin/env: ‘bash\\r’: No such file or directory",
                    "bash: ./run.sh: /bin/bash^M: bad interpreter: No such file or directory",
                    "build.sh: line 2: cd: $'src\\r': No such file or directory",
                },
                rejects = { "warning: in the working copy of 'a', LF will be replaced by CRLF" },
            },
        },
        {
            id = "windows.msys_fork", title = "MSYS2 or Cygwin could not fork",
            match = [[(?:child_info_fork::abort|cygheap base mismatch detected|]] ..
                [[fork: retry: (?:No child processes|Resource temporarily unavailable)|dofork: child)]],
            class = "flaky", severity = "error", priority = 80,
            cause = "The Unix layer on Windows failed to copy a process: DLLs at clashing addresses, two runtimes " ..
                "on PATH, or a virus scanner.",
            fix = "Let only one of MSYS2, Cygwin and Git's tools be on PATH, update it, and run again.",
            docs = { "https://www.cygwin.com/faq.html" },
            examples = {
                matches = {
                    "0 [main] bash 1234 child_info_fork::abort: C:\\msys64\\usr\\bin\\x.dll: Loaded to different " ..
                        "address",
                },
                rejects = { "forked 3 workers" },
            },
        },
    },
}
