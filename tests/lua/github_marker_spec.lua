-- The hidden comments by which posted text is found again.

-- The issue that GitHub would give with this body.
local function issue_with(body)
    return http.intercept(function()
        return { body = json.encode({ number = 1, id = 1, title = "T", state = "open", body = body }) }
    end, function() return github.repository("o/n"):issue(1) end)
end

-- The body that is posted for an issue with this text and marker.
local function posted(text, name)
    local body
    http.intercept(function(request)
        body = json.decode(request.body).body
        return { status = 201, body = json.encode({ number = 1, id = 1, title = "T", state = "open", body = body }) }
    end, function() github.repository("o/n"):create_issue({ title = "T", body = text, marker = name }) end)
    return body
end

describe("a marker", function()
    it("is hidden at the end of a body, beside one of the call's own, and taken out of records", function()
        local body = posted("Some text", "audit/2026-11")
        assert.matches("^Some text\n\n<!%-%- uhost:audit/2026%-11 %-%->\n\n<!%-%- uhost:call%-%x+ %-%->$", body)
        local issue = issue_with(body)
        assert.equal("Some text", issue.body)
        assert.equal("audit/2026-11", issue.markers[1])
        assert.matches("^call%-%x+$", issue.markers[2])
        assert.matches("^<!%-%- uhost:x %-%->\n\n", posted(nil, "x"))
    end)

    it("is not in what GitHub gives for an empty body", function()
        assert.same({}, issue_with(json.null).markers)
        assert.equal("", issue_with(json.null).body)
    end)

    it("cannot end the comment that hides it", function()
        assert.equal("<!-- uhost:a/b.c:#1@2-_ -->", github.marker("a/b.c:#1@2-_"))
        for _, name in ipairs({ "", "a b", "a-->b", "a--b", "a-", ("x"):rep(101), "a\nb", 5 }) do
            local ok, err = pcall(github.marker, name)
            assert.is_false(ok)
            assert.equal("argument", err.kind)
        end
    end)
end)
