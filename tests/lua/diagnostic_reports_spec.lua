-- Reports in JSON and XML, each cut down to one finding of the shape that its tool writes.
local diagnostics = require("lib.log_readers.diagnostics")

local base = kb.load({ strict = true })

local function read(text)
    local log = log_text.open({ text = text .. "\n", name = "report" })
    local found = diagnostics.read(base:scan(log), log)
    log:close()
    local list = {}
    for i, issue in ipairs(found) do
        list[i] = ("%s:%s: %s: %s [%s]"):format(issue.file or "-", issue.line or "-", issue.severity, issue.message,
            issue.code or "-")
    end
    return list
end

-- The tool, what it writes, and what that is read as.
local reports = {
    { "SonarQube", [[{"issues":[{"key":"AX","rule":"kotlin:S1","severity":"MAJOR","component":"org.x:app:src/a.kt",
"line":3,"textRange":{"startLine":3,"endLine":3},"status":"OPEN","message":"Unused","type":"CODE_SMELL"}]}]],
        "src/a.kt:3: warning: Unused [kotlin:S1]" },
    { "bandit", [[{"errors":[],"metrics":{"_totals":{"SEVERITY.HIGH":0}},"results":[{"code":"assert x",
"filename":"./a.py","issue_confidence":"HIGH","issue_severity":"LOW","issue_text":"Use of assert","line_number":12,
"line_range":[12],"more_info":"https://x.example","test_id":"B101","test_name":"assert_used"}]}]],
        "./a.py:12: note: Use of assert [B101]" },
    { "semgrep", [[{"errors":[],"paths":{"scanned":["s.py"]},"results":[{"check_id":"r.x","path":"s.py",
"start":{"line":12,"col":1},"end":{"line":12,"col":9},"extra":{"message":"Injection","severity":"ERROR"}}]}]],
        "s.py:12: error: Injection [r.x]" },
    { "tfsec", [[{"results":[{"rule_id":"AVD-1","rule_description":"About buckets","description":"Bucket is open",
"severity":"HIGH","resource":"aws_s3.x","location":{"filename":"main.tf","start_line":12,"end_line":15}}]}]],
        "main.tf:12: error: Bucket is open [AVD-1]" },
    { "trivy", [[{"SchemaVersion":2,"ArtifactName":".","Results":[{"Target":"main.tf","Class":"config",
"Misconfigurations":[{"ID":"AVD-1","Title":"Encryption","Message":"Bucket is not encrypted","Severity":"HIGH",
"Status":"FAIL","CauseMetadata":{"StartLine":12,"EndLine":14,"Code":{"Lines":[{"Number":12,"Content":"x"}]}}}]}]}]],
        "main.tf:12: error: Bucket is not encrypted [AVD-1]" },
    { "checkov", [[{"results":{"passed_checks":[{"check_id":"CKV_1","check_name":"fine","file_path":"/main.tf",
"file_line_range":[1,2]}],"failed_checks":[{"check_id":"CKV_2","check_name":"Ensure it is private",
"check_result":{"result":"FAILED"},"file_path":"/main.tf","file_line_range":[12,20],"resource":"aws_s3.x"}]}}]],
        "/main.tf:12: warning: Ensure it is private [CKV_2]" },
    { "PHP_CodeSniffer", [[{"totals":{"errors":1},"files":{"\/w\/b.php":{"errors":1,"messages":[{
"message":"Expected a space","source":"PSR2","severity":5,"fixable":true,"type":"ERROR","line":3,"column":4}]}}}]],
        "/w/b.php:3: warning: Expected a space [PSR2]" },
    { "stylelint", [=[[{"source":"/w/a.css","deprecations":[],"parseErrors":[],"errored":true,"warnings":[
{"line":12,"column":3,"rule":"no-x","severity":"error","text":"Unexpected x"}]}]]=],
        "/w/a.css:12: error: Unexpected x [no-x]" },
    { "tslint", [=[[{"endPosition":{"character":9,"line":11},"failure":"Missing semicolon","name":"t.ts",
"ruleName":"semicolon","ruleSeverity":"ERROR","startPosition":{"character":8,"line":11}}]]=],
        "t.ts:12: warning: Missing semicolon [semicolon]" },
    { "SwiftLint", [=[[{"character":3,"file":"S.swift","line":12,"reason":"Line is too long",
"rule_id":"line_length","severity":"Warning","type":"Line Length"}]]=],
        "S.swift:12: warning: Line is too long [line_length]" },
    { "Vale", [[{"v.md":[{"Action":{"Name":"","Params":null},"Span":[3,9],"Check":"Vale.Spelling","Link":"",
"Message":"Did you mean it?","Severity":"error","Match":"x","Line":12}]}]],
        "v.md:12: error: Did you mean it? [Vale.Spelling]" },
    { "gosec", [[{"Issues":[{"severity":"MEDIUM","confidence":"HIGH","cwe":{"id":"22"},"rule_id":"G304",
"details":"Potential file inclusion","file":"g.go","code":"12: x","line":"12","column":"3"}],"Stats":{"files":1}}]],
        "g.go:12: warning: Potential file inclusion [G304]" },
    { "npm audit", [[{"auditReportVersion":2,"vulnerabilities":{"lodash":{"name":"lodash","severity":"high",
"via":[{"source":1,"name":"lodash","dependency":"lodash","title":"Prototype Pollution","severity":"high"}],
"effects":[],"range":"<4.17"}},"metadata":{"vulnerabilities":{"high":1}}}]],
        "lodash:-: error: Prototype Pollution [1]" },
    { "cargo audit", [[{"database":{"advisory-count":1},"vulnerabilities":{"found":true,"count":1,"list":[
{"advisory":{"id":"RUSTSEC-2020-1","title":"Potential segfault"},"package":{"name":"time","version":"0.1"}}]}}]],
        "time:-: warning: Potential segfault [RUSTSEC-2020-1]" },
    { "SpotBugs", [[<BugCollection version="4.0"><Project projectName="x"><SrcDir>/w/src</SrcDir></Project>
<BugInstance type="DLS_DEAD" priority="2" category="STYLE"><ShortMessage>Dead store</ShortMessage>
<SourceLine classname="o.Main" start="12" end="12" sourcefile="Main.java" sourcepath="o/Main.java"/></BugInstance>
<BugCategory category="STYLE"><Description>Dodgy code</Description></BugCategory></BugCollection>]],
        "o/Main.java:12: error: Dead store [DLS_DEAD]" },
    { "Android lint", [[<?xml version="1.0" encoding="UTF-8"?>
<issues format="5"><issue id="ContentDescription" severity="Warning" message="Missing attribute" priority="3">
<location file="/w/res/a.xml" line="12" column="5"/></issue></issues>]],
        "/w/res/a.xml:12: warning: Missing attribute [ContentDescription]" },
    { "FxCop", [[<FxCopReport Version="10.0"><Targets><Target Name="a.dll"><Messages>
<Message TypeName="DisposeObjects" CheckId="CA2000" Status="Active">
<Issue Name="1" Certainty="95" Level="Warning" Path="C:\w" File="a.cs" Line="12">Dispose it</Issue></Message>
</Messages></Target></Targets></FxCopReport>]],
        "C:/w/a.cs:12: warning: Dispose it [CA2000]" },
    { "PVS-Studio", [[<NewDataSet><PVS-Studio_Analysis_Log><Level>1</Level><ErrorCode>V501</ErrorCode>
<Message>Identical parts</Message><Line>12</Line><File>c:\w\a.cpp</File></PVS-Studio_Analysis_Log></NewDataSet>]],
        "C:/w/a.cpp:12: warning: Identical parts [V501]" },
    { "IntelliJ", [[<problems><problem><file>file://src/A.java</file><line>12</line><module>m</module>
<problem_class severity="WARNING">Unused</problem_class><description>Never used</description></problem></problems>]],
        "src/A.java:12: warning: Never used [-]" },
    { "Valgrind", [[<valgrindoutput><error><unique>0x1</unique><kind>InvalidRead</kind><what>Invalid read</what>
<stack><frame><fn>first</fn><file>list.c</file><line>12</line></frame>
<frame><fn>main</fn><file>main.c</file><line>5</line></frame></stack></error></valgrindoutput>]],
        "list.c:12: warning: Invalid read [-]" },
}

describe("documents", function()
    it("that hold the stack of an exception are no reports", function()
        assert.same({}, read('{"@type":"java.io.IOException","message":"closed","stackTrace":[{"className":"o.Main",'
            .. '"fileName":"Main.java","lineNumber":12,"methodName":"main"}]}'))
    end)

    it("that never end are not each read to the end of the log", function()
        local reader
        for _, each in ipairs(base.diagnostic_readers) do reader = each.document == "json" and each or reader end
        local count, hits, batches = 20000, {}, 0
        for i = 1, 200 do hits[i] = { entry = reader, line_number = i * 100, captures = {} } end
        local log = { lines = function(_, first, last)
            local list = {}
            for number = first, math.min(last, count) do
                list[#list + 1] = number % 100 == 0 and "{" or "text"
            end
            batches = batches + 1
            return list
        end }
        assert.same({}, diagnostics.read({ diagnostics = hits }, log))
        assert.is_true(batches < 2000, batches)
    end)
end)

describe("reports of", function()
    for _, report in ipairs(reports) do
        local tool, text, expected = unpack(report)
        it(tool .. " are read by what their fields are called", function()
            assert.same({ expected }, read(text))
        end)
    end
end)
