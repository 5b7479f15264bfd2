-- Text in another encoding than expected.

return {
    about = "Text in another encoding than expected",
    entries = {
        {
            id = "python.decode_cp1252", title = "A file was read as cp1252, the Windows code page",
            match = [[UnicodeDecodeError: '(?:charmap|cp125\d|cp\d{3}|gbk|cp932|shift_jis|]] ..
                [[mbcs)' codec can't decode bytes? (?<byte>0x[0-9a-f]{2})? ?in position (?<position>[\d-]+)]],
            class = "matrix gap", severity = "error", priority = 90,
            cause = "The file holds UTF-8 (byte {byte} at {position}), but Python opened it with the code page of " ..
                "Windows, cp1252 as a rule: `open()` without `encoding=` takes that. Linux and macOS default to " ..
                "UTF-8, so only the Windows jobs fail.",
            fix = "Write `open(path, encoding=\"utf-8\")` (also `read_text(encoding=\"utf-8\")`, " ..
                "`subprocess.run(…, encoding=\"utf-8\")`). To see which calls forget it, run with `-X " ..
                "warn_default_encoding`. For a whole job, set PYTHONUTF8=1.",
            commands = { "python -X warn_default_encoding -m pytest" },
            docs = { "https://docs.python.org/3/library/os.html#utf8-mode", "https://peps.python.org/pep-0597/" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "UTF-8 as the default encoding of Python on Windows too",
                yaml = "env:\n" ..
                    "  PYTHONUTF8: '1'\n",
            },
            examples = {
                matches = {
                    "UnicodeDecodeError: 'charmap' codec can't decode byte 0x9d in position 1043: character maps " ..
                        "to <undefined>",
                    "UnicodeDecodeError: 'gbk' codec can't decode byte 0xae in position 77: illegal multibyte " ..
                        "sequence",
                },
                rejects = {
                    "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
                    "UnicodeEncodeError: 'charmap' codec can't encode character '\\u2713' in position 0: " ..
                        "character maps to <undefined>",
                },
            },
        },
        {
            id = "python.encode_cp1252", title = "The Windows console cannot show {character}",
            match = [[UnicodeEncodeError: '(?:charmap|cp125\d|cp\d{3}|gbk|cp932|]] ..
                [[mbcs)' codec can't encode characters? (?<character>'[^']+'|in position [\d-]+)]],
            class = "matrix gap", severity = "error", priority = 90,
            cause = "The program wrote {character} to a console or file that is cp1252 on Windows, where that " ..
                "character does not exist.",
            fix = "Set PYTHONUTF8=1 (or PYTHONIOENCODING=utf-8) for the job, open files with " ..
                "`encoding=\"utf-8\"`, or print plain ASCII.",
            commands = { "python -X utf8 script.py" },
            docs = { "https://docs.python.org/3/using/windows.html#utf-8-mode" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "UTF-8 for Python's files and streams",
                yaml = "env:\n" ..
                    "  PYTHONUTF8: '1'\n",
            },
            examples = {
                matches = {
                    "UnicodeEncodeError: 'charmap' codec can't encode character '\\u2713' in position 0: " ..
                        "character maps to <undefined>",
                    "UnicodeEncodeError: 'charmap' codec can't encode characters in position 12-14: character " ..
                        "maps to <undefined>",
                },
                rejects = {
                    "UnicodeEncodeError: 'ascii' codec can't encode character '\\xe9' in position 3: ordinal not " ..
                        "in range(128)",
                },
            },
        },
        {
            id = "python.ascii_locale", title = "The locale is ASCII, the text is not",
            match = [[Unicode(?:De|En)codeError: 'ascii' codec can't (?:de|en)code (?:byte|]] ..
                [[character)s? .{1,40}ordinal not in range\(128\)]],
            class = "missing setup", severity = "error", priority = 86,
            cause = "Python took ASCII as the encoding: the locale is C or POSIX (usual in slim containers, cron " ..
                "and sudo), or the code says `encode(\"ascii\")`, or it is Python 2.",
            fix = "Set `LANG=C.UTF-8` (or PYTHONUTF8=1) for the job or in the Dockerfile, and name the encoding " ..
                "where files are opened.",
            commands = { "locale" },
            docs = { "https://docs.python.org/3/library/os.html#utf8-mode" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "A UTF-8 locale for the whole job",
                yaml = "env:\n" ..
                    "  LANG: C.UTF-8\n" ..
                    "  LC_ALL: C.UTF-8\n",
            },
            examples = {
                matches = {
                    "UnicodeEncodeError: 'ascii' codec can't encode character '\\xe9' in position 3: ordinal not " ..
                        "in range(128)",
                    "UnicodeDecodeError: 'ascii' codec can't decode byte 0xc3 in position 241: ordinal not in " ..
                        "range(128)",
                },
                rejects = {
                    "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
                },
            },
        },
        {
            id = "python.not_utf8", title = "The bytes are not UTF-8",
            match = [[UnicodeDecodeError: 'utf-?8' codec can't decode bytes? (?:(?<byte>0x[0-9a-f]{2}) )?in ]] ..
                [[position (?<position>[\d-]+): (?<why>[\w ]+)]],
            class = "code bug", severity = "error", priority = 78,
            cause = "Something that is not UTF-8 was read as text ({why} at {position}): a binary or compressed " ..
                "file, UTF-16 as PowerShell's `>` writes it (byte 0xff or 0xfe first), or Latin-1.",
            fix = "Look at the first bytes of the file in question. Open binary files in mode \"rb\"; write UTF-8 " ..
                "from PowerShell with `Out-File -Encoding utf8`; otherwise name the real encoding.",
            commands = { "file --mime FILE", "head -c 16 FILE | xxd" },
            docs = { "https://docs.python.org/3/howto/unicode.html" },
            examples = {
                matches = {
                    "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
                    "E   UnicodeDecodeError: 'utf-8' codec can't decode byte 0xe9 in position 10: invalid " ..
                        "continuation byte",
                },
                rejects = {
                    "UnicodeDecodeError: 'charmap' codec can't decode byte 0x9d in position 1043: character maps " ..
                        "to <undefined>",
                },
            },
        },
        {
            id = "python.surrogates", title = "A name with bytes that are not text",
            match = [[UnicodeEncodeError: 'utf-?8' codec can't encode characters? .{1,40}surrogates not allowed]],
            class = "code bug", severity = "error", priority = 74,
            cause = "A string with half characters was written out: file names whose bytes are not UTF-8, or JSON " ..
                "cut within an escape.",
            fix = "Write with `errors=\"surrogateescape\"` what came from file names, and use bytes paths where " ..
                "names may be anything.",
            docs = { "https://peps.python.org/pep-0383/" },
            examples = {
                matches = {
                    "UnicodeEncodeError: 'utf-8' codec can't encode character '\\udce9' in position 4: surrogates " ..
                        "not allowed",
                },
                rejects = {
                    "UnicodeEncodeError: 'ascii' codec can't encode character '\\xe9' in position 3: ordinal not " ..
                        "in range(128)",
                },
            },
        },
        {
            id = "ruby.invalid_us_ascii", title = "Ruby reads text as US-ASCII",
            match = [[invalid (?:byte sequence in (?<encoding>US-ASCII|UTF-8)|]] ..
                [[multibyte char \((?<coding>US-ASCII)\))]],
            class = "missing setup", severity = "error", priority = 86,
            cause = "Ruby takes the encoding of files from the locale, and that is C or POSIX in this job (or the " ..
                "file is not UTF-8).",
            fix = "Set `LANG=C.UTF-8`, or `RUBYOPT=-Eutf-8`, or name the encoding: `File.read(path, encoding: " ..
                "\"UTF-8\")`.",
            commands = { "ruby -e 'p Encoding.default_external'" },
            docs = { "https://docs.ruby-lang.org/en/master/encodings_rdoc.html" },
            examples = {
                matches = { "`match?': invalid byte sequence in US-ASCII (ArgumentError)" },
                rejects = { "utf-8 encoded file" },
            },
        },
    },
}
