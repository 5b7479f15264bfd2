-- Digests, against those of the RFCs and of the programs that everybody has.
local algorithms = { "sha256", "sha1", "sha512", "md5" }

local function error_of(...)
    local ok, failure = pcall(...)
    assert.is_false(ok)
    return failure
end

describe("hash", function()
    it("gives the digests of RFC 1321 and FIPS 180-4", function()
        assert.equal("d41d8cd98f00b204e9800998ecf8427e", hash.text("", "md5"))
        assert.equal("f96b697d7cb7938d525a2f31aaf161d0", hash.text("message digest", "md5"))
        assert.equal("a9993e364706816aba3e25717850c26c9cd0d89d", hash.text("abc", "sha1"))
        assert.equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", hash.text("abc"))
    end)

    it("gives what sha256sum and its like give, of texts and of files of any length", function()
        local folder = fs.temp_dir()
        task.finally(function()
            local path = fs.join(folder:path(), "content")
            for _, length in ipairs({ 0, 1, 55, 64, 1000, 2 ^ 20 - 1, 2 ^ 20, 2 ^ 20 + 1 }) do
                local content = ("\0a\255\n"):rep(length / 4 + 1):sub(1, length)
                fs.write(path, content)
                for _, algorithm in ipairs(algorithms) do
                    local expected = process.run{ algorithm .. "sum", path, check = true }.stdout:match("^%x+")
                    assert.equal(expected, hash.text(content, algorithm))
                    assert.equal(expected, hash.file(path, algorithm))
                end
            end
        end, function() folder:close() end)
    end)

    it("says what it cannot hash", function()
        assert.equal("hash.file", error_of(hash.file, "/nowhere").kind)
        assert.equal("/dev/null", error_of(hash.file, "/dev/null").details.path)
        assert.matches('"sha256", "sha1"', error_of(hash.text, "", "sha3").message)
    end)

    it("reads no file that the script may not read", function()
        local denied = process.run{ os.getenv("UHOST"), "--safe", "-e", 'hash.file("/etc/hostname")' }
        assert.matches("%-%-allow%-read", denied.stderr)
    end)
end)
