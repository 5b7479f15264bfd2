-- Signed commits and tags, made and checked by git with gpg, gpgsm or ssh-keygen as its configuration says.
local program = require("uhost.git.internal.program")

local M = {}

local signature = uhost.record("git.Signature", { "state", "signer", "key", "fingerprint", "kind" })

-- git's letters (%G?).
local states = {
    G = "good", U = "untrusted", B = "bad", X = "expired", Y = "expired_key", R = "revoked_key", E = "unchecked",
    N = "none",
}

local function kind_in(header)
    if header:find("BEGIN SSH SIGNATURE", 1, true) then return "ssh" end
    if header:find("BEGIN PGP SIGNATURE", 1, true) then return "openpgp" end
    if header:find("BEGIN SIGNED MESSAGE", 1, true) then return "x509" end
end

local function text(value) if value ~= "" then return value end end

function M.verify(repository, revision)
    local id = program.commit_id(repository, revision or "HEAD", "Repository:verify")
    local output = program.read(repository,
        { "log", "-1", "--no-show-signature", "--format=%G?%x00%GS%x00%GK%x00%GF%x00", id, "--" },
        "cannot check the signature")
    local fields = program.fields(output)
    local object = program.read(repository, { "cat-file", "commit", id }, "cannot read the commit")
    return signature({
        state = states[fields[1]] or "unchecked", signer = text(fields[2]), key = text(fields[3]),
        fingerprint = text(fields[4]), kind = kind_in(object:match("^(.-)\n\n") or ""),
    })
end

function M.verify_tag(repository, name)
    uhost.check_argument(name, "name", "Repository:verify_tag", "string")
    local id = repository:resolve("refs/tags/" .. name)
    if not id then return nil end
    local object = program.read(repository, { "cat-file", "-p", id }, "cannot read the tag")
    local kind = kind_in(object)
    if not kind then return signature({ state = "none" }) end
    local _, code = program.read(repository, { "verify-tag", "refs/tags/" .. name }, "cannot check the signature",
        { accept = { [1] = true } })
    return signature({ state = code == 0 and "good" or "bad", kind = kind })
end

function M.sign_tag(repository, name, revision, options)
    local owner = "Repository:sign_tag"
    uhost.check_argument(name, "name", owner, "string")
    options = uhost.check_options(options, owner, { "message", "key", "force" })
    uhost.check_argument(options.message, "message", owner, "string")
    local id = program.commit_id(repository, revision or "HEAD", owner)
    local arguments = { "tag", "--cleanup=verbatim", "--file=-" }
    arguments[#arguments + 1] = options.key and "--local-user=" .. options.key or "--sign"
    if options.force then arguments[#arguments + 1] = "--force" end
    for _, argument in ipairs{ "--", name, id } do arguments[#arguments + 1] = argument end
    return program.change(repository, "git.sign_tag", "sign the tag " .. name, function()
        program.run(repository, arguments, "cannot sign the tag " .. name, { stdin = program.message(options.message),
            hint = "check gpg.format and user.signingKey of git's configuration" })
        return repository:resolve("refs/tags/" .. name)
    end)
end

return M
