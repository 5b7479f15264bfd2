-- What entries about compilers suggest for the very header, library or class file that is named.
describe("suggestions of the knowledge bases", function()
    local base
    setup(function() base = kb.load() end)
    teardown(function() base:close() end)

    -- The fix of the finding with this id in a log of one line.
    local function fix_of(id, line)
        local log = log_text.open({ name = "line", text = line .. "\n" })
        local scan, fix = base:scan(log), nil
        for _, hit in ipairs(scan.entries) do
            if hit.entry.id == id then fix = base:finding(hit, {}).fix end
        end
        log:close()
        return assert(fix, id .. " does not fire")
    end

    it("name the package that has a header, a library or a shared library", function()
        assert.matches("apt%-get install %-y libssl%-dev",
            fix_of("c.missing_header", "a.c:2:10: fatal error: openssl/ssl.h: No such file or directory"))
        assert.matches("libboost%-all%-dev",
            fix_of("c.missing_header", "a.c:2:10: fatal error: boost/asio.hpp: No such file or directory"))
        assert.matches("libeigen3%-dev",
            fix_of("c.missing_standard_header", "a.cpp:1:10: fatal error: 'Eigen/Dense' file not found"))
        assert.matches("zlib1g%-dev", fix_of("ld.cannot_find_library", "/usr/bin/ld: cannot find -lz"))
        assert.matches("install %-y libgl1", fix_of("loader.missing_library",
            "./app: error while loading shared libraries: libGL.so.1: cannot open shared object file: No such file"))
    end)

    it("name no package for what nobody knows", function()
        assert.no.matches("apt%-get install",
            fix_of("c.missing_header", "a.c:2:10: fatal error: ours/parts.h: No such file or directory"))
    end)

    it("name the Java that a class file is for", function()
        assert.matches("version 65 is that of Java 21", fix_of("java.class_version",
            "> Unsupported class file major version 65"))
    end)
end)
