-- Configuration, infrastructure, documents and hardware: Ansible, Puppet, Terraform, Docker, Sphinx, LaTeX, VHDL
-- and Verilog.
local readers = {
    {
        id = "github.command", specificity = 70,
        match = [=[^\s*(?:##\[|::)(?<severity>error|warning|notice)\s++(?=[^:\]]*file=)(?:(?:file=(?<file>[^,:\]]+]=]
            .. [=[(?::[\\/][^,:\]]*)?)|line=(?<line>\d+)|col=(?<column>\d+)|title=]=]
            .. [=[(?<code>[^,:\]]+)|endLine=\d+|endColumn=\d+|\w+=[^,:\]]*)(?:,\s*|(?=\]|::)))+(?:\]|::)]=]
            .. [=[(?<message>\S.*)$]=],
        examples = { matches = { "::error file=src/main.js,line=12,col=5::Missing semicolon", "##[warning "
            .. "file=src/main.py,line=3]unused import" } },
        gives = { { "src/main.js:12:5: error: Missing semicolon" }, { "src/main.py:3:-: warning: unused import" } },
    },
    {
        id = "azure.issue", specificity = 70,
        match = [=[^##vso\[task\.logissue type=(?<severity>error|warning);(?:sourcepath=(?<file>[^;\]]+);?)?]=]
            .. [=[(?:linenumber=(?<line>\d+);?)?(?:columnnumber=(?<column>\d+);?)?(?:code=(?<code>[^;\]]+);?)?\]]=]
            .. [=[(?<message>\S.*)$]=],
        examples = { matches = { "##vso[task.logissue type=error;sourcepath=src/main.cs;linenumber=12;columnnumber="
            .. "5;code=100]Something is missing" } },
        gives = { { "src/main.cs:12:5: error: Something is missing [100]" } },
    },
    {
        id = "ansible.lint", tool = "ansible-lint", specificity = 60, severity = "warning",
        match = [[^(?:\[(?<code>[A-Z]?\d+|[\w-]+)\] |(?<code_2>[a-z][a-z-]+(?:\[[\w-]+\])?): )(?<message>\S.*)$]],
        below = [[^(?<file>[^\s:]+\.\w+):(?<line>\d+)(?::(?<column>\d+))?(?: (?:Task|Handler|Block|Play).*)?$]],
        below_within = 1, requires = { "file" },
        examples = { matches = {
            "[301] Commands should not change things if nothing needs doing\nroles/web/tasks/main.yml:12\n"
                .. "Task/Handler: restart",
            "name[casing]: All names should start with an uppercase letter.\nroles/web/tasks/main.yml:12 "
                .. "Task/Handler: restart",
        } },
        gives = {
            { "roles/web/tasks/main.yml:12:-: warning: Commands should not change things if nothing needs doing "
                .. "[301] (ansible-lint)" },
            { "roles/web/tasks/main.yml:12:-: warning: All names should start with an uppercase letter. "
                .. "[name[casing]] (ansible-lint)" },
        },
    },
    {
        id = "ansible.parseable", tool = "ansible-lint", specificity = 30, severity = "warning",
        match = [[^(?<file>[^\s:]+\.ya?ml):(?<line>\d+)(?::(?<column>\d+))?: (?:\[(?<code>[A-Z]{0,2}\d+)\]|]]
            .. [[(?<code_2>[a-z][a-z-]+(?:\[[\w-]+\])?):) (?<message>\S.*)$]],
        examples = { matches = { "roles/web/tasks/main.yml:12: [E301] Commands should not change things",
        "main.yml:3: fqcn[action-core]: Use FQCN for builtin module actions (command)." } },
        gives = {
            { "roles/web/tasks/main.yml:12:-: warning: Commands should not change things [E301] (ansible-lint)" },
            { "main.yml:3:-: warning: Use FQCN for builtin module actions (command). [fqcn[action-core]] "
                .. "(ansible-lint)" },
        },
    },
    {
        id = "ansible.playbook", tool = "ansible", specificity = 60, severity = "error",
        match = [[^The (?:error|offending line) appears to (?:be|have been) in '(?<file>[^']+)': line ]]
            .. [[(?<line>\d+), column (?<column>\d+), but may]],
        above = [[^(?:ERROR! |fatal: .*)?(?<message>\S.*)$]], above_within = 2,
        examples = { matches = { "ERROR! Syntax Error while loading YAML.\n\nThe error appears to be in "
            .. "'/project/site.yml': line 12, column 3, but may\nbe elsewhere" } },
        gives = { { "/project/site.yml:12:3: error: Syntax Error while loading YAML. (ansible)" } },
    },
    {
        id = "yamllint.parsable", tool = "yamllint", specificity = 50,
        match = [[^(?<file>[^\s:]+):(?<line>\d+):(?<column>\d+): \[(?<severity>error|warning)\] (?<message>\S.*?)]]
            .. [[(?: \((?<code>[\w-]+)\))?$]],
        examples = { matches = { "deploy/main.yml:12:81: [error] line too long (92 > 80 characters) (line-length)" } },
        gives = { { "deploy/main.yml:12:81: error: line too long (92 > 80 characters) [line-length] (yamllint)" } },
    },
    {
        id = "puppet_lint.message", tool = "puppet-lint", specificity = 50,
        match = [[^(?:(?<file>[^\s:]+\.pp) - )?(?<severity>ERROR|WARNING|error|warning): ]]
            .. [[(?<message>\S.*?) on line (?<line>\d+)(?: col(?:umn)? (?<column>\d+))?(?: \(check: ]]
            .. [[(?<code>\w+)\))?$]],
        examples = { matches = { "manifests/init.pp - WARNING: line has more than 80 characters on line 12",
        "WARNING: double quoted string containing no variables on line 12 col 3" } },
        gives = {
            { "manifests/init.pp:12:-: warning: line has more than 80 characters (puppet-lint)" },
            { "-:12:3: warning: double quoted string containing no variables (puppet-lint)" },
        },
    },
    {
        id = "puppet_lint.colons", tool = "puppet-lint", specificity = 50,
        match = [[^(?<file>[^\s:]+\.pp):(?<line>\d+):(?:(?<column>\d+):)?(?<code>\w+):(?<severity>error|warning):]]
            .. [[(?<message>\S.*)$]],
        examples = { matches = { "./manifests/init.pp:12:80chars_rule:warning:line has more than 80 characters" } },
        gives = {
            { "./manifests/init.pp:12:-: warning: line has more than 80 characters [80chars_rule] (puppet-lint)" },
        },
    },
    {
        id = "puppet.error", tool = "puppet", specificity = 55,
        match = [[^(?<severity>Error|Warning): (?<message>\S.*?) \(file: (?<file>[^,()]+), line: (?<line>\d+)]]
            .. [[(?:, column: (?<column>\d+))?\)(?: on node \S+)?$]],
        examples = { matches = { "Error: Could not parse for environment production: Syntax error at '}' (file: "
            .. "/project/init.pp, line: 12, column: 3)" } },
        gives = {
            { "/project/init.pp:12:3: error: Could not parse for environment production: Syntax error at '}' "
                .. "(puppet)" },
        },
    },
    {
        id = "hadolint.tty", tool = "hadolint", specificity = 55, severity = "warning",
        match = [[^(?<file>[^\s:]+):(?<line>\d+)(?::(?<column>\d+))? (?<code>(?:DL|SC)\d{4}) (?:]]
            .. [[(?<severity>error|warning|info|style): )?(?<message>\S.*)$]],
        examples = { matches = { "Dockerfile:12 DL3008 warning: Pin versions in apt get install.",
        "/project/Dockerfil"
            .. "e:3 DL3006 Always tag the version of an image explicitly" } },
        gives = {
            { "Dockerfile:12:-: warning: Pin versions in apt get install. [DL3008] (hadolint)" },
            { "/project/Dockerfile:3:-: warning: Always tag the version of an image explicitly [DL3006] (hadolint)" },
        },
    },
    {
        id = "buildkit.check", tool = "docker", specificity = 50, severity = "warning",
        match = [[^\s*(?:- )?(?<severity>WARN|WARNING): (?<code>[A-Z]\w+): (?<message>\S.*?) \(line (?<line>\d+)\)$]],
        examples = { matches = { " - WARN: FromAsCasing: 'as' and 'FROM' keywords' casing do not match (line 12)" } },
        gives = { { "-:12:-: warning: 'as' and 'FROM' keywords' casing do not match [FromAsCasing] (docker)" } },
    },
    {
        id = "buildkit.dockerfile", tool = "docker", specificity = 50, severity = "error",
        match = [[^(?:#\d+ )?(?<file>[\w./-]*(?:Dockerfile|Containerfile)[\w.-]*):(?<line>\d+)$]],
        below = [[^(?:#\d+ )?(?:ERROR: |error: )(?:failed to (?:solve|build): )?(?<message>\S.*)$]],
        below_within = 16, requires = { "message" },
        examples = { matches = { "Dockerfile:12\n--------------------\n  12 | >>> RUN make\n--------------------\n"
            .. "ERROR: failed to solve: process \"/bin/sh -c make\" did not complete successfully: exit code: 2" } },
        gives = {
            { "Dockerfile:12:-: error: process \"/bin/sh -c make\" did not complete successfully: exit code: 2 "
                .. "(docker)" },
        },
    },
    {
        id = "terraform.message", tool = "terraform", specificity = 60,
        match = [[^(?:[│╷]\s)?\s*(?<severity>Error|Warning|Notice): (?<message>\S.*?)(?: \((?<code>\w+)\))?$]],
        below = [[^(?:│\s)?\s*on (?<file>\S+) line (?<line>\d+)(?:, .*)?:$]], below_within = 8, requires = { "file" },
        below_stops = [[^(?:│\s)?(?:Error|Warning|Notice): ]],
        examples = { matches = {
            "│ Error: Reference to undeclared input variable\n│ \n│   on main.tf line 12, in resource "
                .. "\"aws_instance\" \"web\":\n│   12:   ami = var.image",
            "Warning: Missing version constraint for provider \"aws\" (terraform_required_providers)\n\n  on "
                .. "main.tf line 3:\n   3: provider \"aws\" {",
        } },
        gives = {
            { "main.tf:12:-: error: Reference to undeclared input variable (terraform)" },
            { "main.tf:3:-: warning: Missing version constraint for provider \"aws\" "
                .. "[terraform_required_providers] (terraform)" },
        },
    },
    {
        id = "checkov.text", tool = "checkov", specificity = 60, severity = "error",
        match = [[^Check: (?<code>CKV\w+): "(?<message>[^"]+)"$]],
        below = [[^\s*File: (?<file>[^:\s]+):(?<line>\d+)-\d+$]], below_stops = [[^\s*PASSED for]],
        requires = { "file" }, below_within = 4,
        examples = { matches = { "Check: CKV_AWS_20: \"S3 Bucket has an ACL defined which allows public access.\"\n"
            .. "\tFAILED for resource: aws_s3_bucket.data\n\tFile: /main.tf:12-20" } },
        gives = {
            { "/main.tf:12:-: error: S3 Bucket has an ACL defined which allows public access. [CKV_AWS_20] "
                .. "(checkov)" },
        },
    },
    {
        id = "cfn_lint.text", tool = "cfn-lint", specificity = 60,
        match = [[^(?<code>[EWI]\d{4}) (?<message>\S.*)$]],
        code_severities = { e = "error", w = "warning", i = "note" },
        below = [[^(?<file>[^\s:]+):(?<line>\d+):(?<column>\d+)$]], below_within = 1, requires = { "file" },
        examples = { matches = { "E3012 Property Resources/Web/Properties/Port should be of type Integer\n"
            .. "templates/web.yaml:12:7" } },
        gives = {
            { "templates/web.yaml:12:7: error: Property Resources/Web/Properties/Port should be of type Integer "
                .. "[E3012] (cfn-lint)" },
        },
    },
    {
        id = "helm.lint", tool = "helm", specificity = 50,
        match = [[^\[(?<severity>ERROR|WARNING|INFO)\] (?<file>templates/[\w./-]*|[\w./-]*\.(?:ya?ml|tpl)): ]]
            .. [[(?<message>\S.*?)(?: at \S+ line (?<line>\d+))?$]],
        examples = { matches = { "[ERROR] templates/deployment.yaml: unable to parse YAML: error converting YAML "
            .. "to JSON" } },
        gives = {
            { "templates/deployment.yaml:-:-: error: unable to parse YAML: error converting YAML to JSON (helm)" },
        },
    },
    {
        id = "nginx.message", tool = "nginx", specificity = 50,
        match = [[^nginx: \[(?<severity>emerg|alert|crit|error|warn|notice)\] (?<message>\S.*?) in ]]
            .. [[(?<file>[^\s:]+):(?<line>\d+)$]],
        severities = { emerg = "error" },
        examples = { matches = { "nginx: [emerg] unknown directive \"start\" in /etc/nginx/nginx.conf:12" } },
        gives = { { "/etc/nginx/nginx.conf:12:-: error: unknown directive \"start\" (nginx)" } },
    },
    {
        id = "sqlfluff.text", tool = "sqlfluff", specificity = 60, severity = "warning",
        match = [[^L:\s*(?<line>\d+) \| P:\s*(?<column>\d+) \|\s+(?<code>\w+) \| (?<message>\S.*)$]],
        above = [=[^== \[(?<file>[^\]]+)\] FAIL$]=], above_within = 2000,
        examples = { matches = { "== [queries/users.sql] FAIL\nL:  12 | P:   3 | LT02 | Expected indent of 4 "
            .. "spaces." } },
        gives = { { "queries/users.sql:12:3: warning: Expected indent of 4 spaces. [LT02] (sqlfluff)" } },
    },
    {
        id = "oracle.plsql", tool = "sqlplus", specificity = 50, severity = "error",
        match = [[^(?<line>\d+)/(?<column>\d+)\s+(?<code>(?:PLS|ORA|PL/SQL)[-\w]*): (?<message>\S.*)$]],
        above = [[^Errors for (?:PACKAGE BODY|PACKAGE|PROCEDURE|FUNCTION|TRIGGER|VIEW|TYPE BODY|TYPE) ]]
            .. [[(?<file>\S+):$]],
        examples = { matches = { "Errors for PROCEDURE START_WORK:\n\nLINE/COL ERROR\n-------- -----\n12/3     "
            .. "PLS-00201: identifier 'X' must be declared" } },
        gives = { { "START_WORK:12:3: error: identifier 'X' must be declared [PLS-00201] (sqlplus)" } },
    },
    {
        id = "sphinx.message", tool = "sphinx", specificity = 35,
        match = [[^(?<file>[^\s:][^:]*\.\w+)(?::docstring of [\w.]+)?:(?:(?<line>\d+)?:)? (?:\((?=\w+/\d\)))?]]
            .. [[(?<severity>WARNING|ERROR|SEVERE|CRITICAL|INFO)(?:/\d\))?:? (?<message>\S.*?)(?: \[]]
            .. [[(?<code>[\w.]+)\])?$]],
        examples = { matches = {
            "/project/docs/index.rst:12: WARNING: Unknown interpreted text role \"start\".",
            "/project/app/main.py:docstring of app.main.start:3: ERROR: Unexpected indentation.",
            "README.rst:12: (ERROR/3) Unknown directive type \"start\".",
        } },
        gives = {
            { "/project/docs/index.rst:12:-: warning: Unknown interpreted text role \"start\". (sphinx)" },
            { "/project/app/main.py:3:-: error: Unexpected indentation. (sphinx)" },
            { "README.rst:12:-: error: Unknown directive type \"start\". (sphinx)" },
        },
    },
    {
        id = "sphinx.links", tool = "sphinx", specificity = 60,
        match = [[^\(\s*(?<file>[\w/.-]+): (?:line\s+)?(?<line>\d+)\) (?<severity>broken|redirect|timeout)\s+]]
            .. [[(?<message>\S.*)$]],
        severities = { broken = "error", redirect = "note", timeout = "warning" },
        examples = { matches = { "(           index: line   12) broken    https://example.org/none - 404 Client "
            .. "Error: Not Found" } },
        gives = { { "index:12:-: error: https://example.org/none - 404 Client Error: Not Found (sphinx)" } },
    },
    {
        id = "latex.error", tool = "latex", specificity = 50, severity = "error",
        match = [[^! (?<message>(?!=>)\S.*?)\.?$]],
        below = [[^l\.(?<line>\d+) ]], below_within = 12, requires = { "line" },
        examples = { matches = { "! Undefined control sequence.\nl.12 \\strat\n           {x}" } },
        gives = { { "-:12:-: error: Undefined control sequence (latex)" } },
    },
    {
        id = "latex.warning", tool = "latex", specificity = 50, severity = "warning",
        match = [[^(?:LaTeX|Package \w+|Class \w+) (?:Font )?Warning: (?<message>\S.*?)(?: on input line ]]
            .. [[(?<line>\d+))?\.?$]],
        examples = { matches = { "LaTeX Warning: Reference `sec:start' on page 1 undefined on input line 12." } },
        gives = { { "-:12:-: warning: Reference `sec:start' on page 1 undefined (latex)" } },
    },
    {
        id = "vivado.message", tool = "vivado", specificity = 55,
        match = [[^(?<severity>CRITICAL WARNING|WARNING|ERROR): \[(?<code>[\w ]+ [\d-]+)\] (?<message>\S.*?)]]
            .. [[(?: \[]]
            .. [[(?<file>[^\[\]:]+(?::[\\/][^\[\]:]+)?):(?<line>\d+)\])?$]],
        examples = { matches = { "WARNING: [Synth 8-7071] port 'ready' of module 'fifo' is unconnected "
            .. "[/project/rtl/top.v:12]" } },
        gives = {
            { "/project/rtl/top.v:12:-: warning: port 'ready' of module 'fifo' is unconnected [Synth 8-7071] "
                .. "(vivado)" },
        },
    },
    {
        id = "quartus.message", tool = "quartus", specificity = 55,
        match = [[^\s*(?<severity>Critical Warning|Warning|Error|Info) \((?<code>\d+)\): (?<message>\S.*?) File: ]]
            .. [[(?<file>\S+) Line: (?<line>\d+)$]],
        examples = { matches = { "Warning (10230): Verilog HDL assignment warning at top.v(12): truncated value "
            .. "File: /project/rtl/top.v Line: 12" } },
        gives = {
            { "/project/rtl/top.v:12:-: warning: Verilog HDL assignment warning at top.v(12): truncated value "
                .. "[10230] "
                .. "(quartus)" },
        },
    },
    {
        id = "verilator.message", tool = "verilator", specificity = 60,
        match = [[^%(?<severity>Error|Warning)(?:-(?<code>\w+))?: (?<file>[^\s:]+):(?<line>\d+)(?::]]
            .. [[(?<column>\d+))?: (?<message>\S.*)$]],
        examples = { matches = { "%Warning-WIDTH: rtl/top.v:12:9: Operator ASSIGN expects 4 bits" } },
        gives = { { "rtl/top.v:12:9: warning: Operator ASSIGN expects 4 bits [WIDTH] (verilator)" } },
    },
    {
        id = "questa.inline", tool = "questa", specificity = 60,
        match = [[^(?:# )?\*\* (?<severity>Fatal|Error|Warning|Note|Failure)(?: \(\w+\))?: (?:\(]]
            .. [[(?<code>[a-z]+-\d+)\) )?(?<file>[^\s():]+(?::[\\/][^\s():]+)?)\((?<line>\d+)\)(?:\.\d+)?: (?:\(]]
            .. [[(?<code_2>[a-z]+-\d+)\) )?(?<message>\S.*)$]],
        examples = { matches = { "** Error: (vlog-13069) rtl/top.v(12): near \"end\": syntax error, unexpected "
            .. "end.", "# ** Warning: (vsim-8315) /project/top.sv(26): No condition is true in the unique case "
            .. "statement." } },
        gives = {
            { "rtl/top.v:12:-: error: near \"end\": syntax error, unexpected end. [vlog-13069] (questa)" },
            { "/project/top.sv:26:-: warning: No condition is true in the unique case statement. [vsim-8315] "
                .. "(questa)" },
        },
    },
    {
        id = "questa.nested", tool = "questa", specificity = 61,
        match = [[^(?:# )?\*\* (?<severity>Fatal|Error|Warning|Note)]]
            .. [[(?: \(\w+\))?: \*\* while parsing file included at .*$]],
        below = [[^(?:# )?\*\* at (?<file>[^\s()]+)\((?<line>\d+)\): (?:\((?<code>[a-z]+-\d+)\) )?]]
            .. [[(?<message>\S.*)$]], below_within = 8, requires = { "message" },
        examples = { matches = { "** Warning: ** while parsing file included at rtl/top.sv(12)\n** while parsing "
            .. "file included at rtl/all.sv(9)\n** at rtl/ps.v(71): (vlog-2623) Undefined variable: full." } },
        gives = { { "rtl/ps.v:71:-: warning: Undefined variable: full. [vlog-2623] (questa)" } },
    },
    {
        id = "questa.message", tool = "questa", specificity = 50,
        match = [[^(?:# )?\*\* (?<severity>Fatal|Error|Warning|Note|Failure)(?: \(\w+\))?: (?:\(]]
            .. [[(?<code>[a-z]+-\d+)\) )?(?<message>\S.*)$]],
        below = [[^(?:# )?\s+Time: .*?(?: File: (?!nofile)(?<file>\S+)(?: Line: (?<line>\d+))?)?$]],
        below_within = 3, below_stops = [[^(?:# )?\*\* ]],
        examples = { matches = { "# ** Error: Simulation ran too long.\n#    Time: 0 us  Scope: top.tb File: "
            .. "/project/tb.sv Line: 12" } },
        gives = { { "/project/tb.sv:12:-: error: Simulation ran too long. (questa)" } },
    },
    {
        id = "cadence.place", tool = "cadence", specificity = 60,
        match = [[^(?<tool>(?:nc|xm|ir|hal)\w+): \*(?<severity>[EWFN]),(?<code>\w+) \((?<file>[^,()]+),]]
            .. [[(?<line>\d+)(?:\|(?<column>\d+))?\): (?<message>\S.*)$]],
        examples = { matches = { "ncvlog: *E,NOTSTT (rtl/top.v,12|3): expecting a statement." } },
        gives = { { "rtl/top.v:12:3: error: expecting a statement. [NOTSTT] (ncvlog)" } },
    },
    {
        id = "cadence.file", tool = "cadence", specificity = 58,
        match = [=[^(?<tool>(?:nc|xm|ir|hal)\w+): \*(?<severity>[EWFN]),(?<code>\w+): (?<message>\S.*?)]=]
            .. [=[(?: \[File:(?<file>[^,\[\]]+), Line:(?<line>\d+)\])?\.?$]=],
        examples = { matches = { "ncelab: *W,CUNOTB: component instance is not fully bound (top:rtl) "
            .. "[File:top.vhd, Line:310]." } },
        gives = { { "top.vhd:310:-: warning: component instance is not fully bound (top:rtl) [CUNOTB] (ncelab)" } },
    },
    {
        id = "vcs.block", tool = "vcs", specificity = 60,
        match = [[^(?<severity>Error|Warning|Lint)-\[(?<code>[\w-]+)\] (?<message>\S.*)$]],
        below = { [[^(?:\s*"(?<file>[^"]+)", (?<line>\d+)(?::|$)|(?<file_2>\S+), (?<line_2>\d+)$)]] },
        below_within = 4,
        examples = { matches = { "Error-[SE] Syntax error\n  Following verilog source has syntax error :\n"
            .. "\"rtl/top.v\", 12: token is 'end'" } },
        gives = { { "rtl/top.v:12:-: error: Syntax error [SE] (vcs)" } },
    },
    {
        id = "xst.message", tool = "xst", specificity = 55,
        match = [[^(?<severity>ERROR|WARNING|INFO):(?<code>\w+:\d+) - "(?<file>[^"]+)" [Ll]ine (?<line>\d+)[:.] ]]
            .. [[(?<message>\S.*)$]],
        examples = { matches = { "WARNING:HDLCompiler:413 - \"rtl/top.v\" Line 12: Result of 5-bit expression is "
            .. "truncated to fit in 4-bit target." } },
        gives = {
            { "rtl/top.v:12:-: warning: Result of 5-bit expression is truncated to fit in 4-bit target. "
                .. "[HDLCompiler:413] (xst)" },
        },
    },
    {
        id = "hdl.bracketed", specificity = 55,
        match = [=[^(?:--)?(?<code>[A-Z]{2,6}-\d{2,5}): (?<severity>Error|Warning|Critical Warning|Info): ]=]
            .. [=[(?<message>\S.*?) \[(?<file>[^\]\s:]+) ?[:;, ]\s?(?:line )?(?<line>\d+)[^\]]*\]$]=],
        examples = { matches = { "--ABC-0123: Warning: port 'ready' is unconnected [rtl/top.v:12]" } },
        gives = { { "rtl/top.v:12:-: warning: port 'ready' is unconnected [ABC-0123]" } },
    },
}

for _, reader in ipairs(readers) do
    reader.keep = 2500  -- a log may have thousands of them
    -- Patterns of ASCII find the same in bytes, with much less to compile.
    if not reader.match:find("[\128-\255]") then reader.flags = "b" end
end

return {
    about = "Diagnostics of Ansible, Puppet, Terraform, Docker, YAML and SQL linters, Sphinx, LaTeX, HDL tools, CI "
        .. "annotations.",
    diagnostic_readers = readers,
}
