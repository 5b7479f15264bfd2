package.path = uhost.share .. "/scripts/?.lua;" .. package.path
local changelog = require("lib.upstream.changelog")
local expect = require("support.expect")
local feeds = require("lib.upstream.feeds")

describe("a feed of releases", function()
    it("is RSS with dates of RFC 822, CDATA and entities", function()
        local entries = feeds.read([==[<?xml version="1.0"?><rss version="2.0"><channel><title>Blog</title>
            <item><title>Announcing Rust 1.84.0 &amp; more</title><link>https://blog.example/1.84.0</link>
            <pubDate>Thu, 09 Jan 2025 13:00:00 +0100</pubDate>
            <description><![CDATA[<p>It is <b>here</b>.</p>]]></description></item>
            <item><title>Undated</title><pubDate>yesterday</pubDate><link>javascript:alert(1)</link></item>
            </channel></rss>]==])
        assert.same({ title = "Announcing Rust 1.84.0 & more", link = "https://blog.example/1.84.0",
            published = "2025-01-09T12:00:00Z", text = "<p>It is <b>here</b>.</p>" }, entries[1])
        assert.same({ title = "Undated", text = "" }, entries[2])
    end)

    it("is Atom with several links, and RSS 1.0 with prefixes", function()
        local entries = feeds.read([[<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>v2</title>
            <link rel="self" href="https://x.example/self"/><link rel="alternate" href="https://x.example/v2"/>
            <updated>2026-02-01T00:00:00+02:00</updated></entry></feed>]])
        assert.same({ "https://x.example/v2", "2026-01-31T22:00:00Z" }, { entries[1].link, entries[1].published })
        entries = feeds.read([[<rdf:RDF xmlns:rdf="r"><channel/><item><title>v3</title><dc:date xmlns:dc="d">2026-03-01
            </dc:date></item></rdf:RDF>]])
        assert.same({ "v3", "2026-03-01T00:00:00Z" }, { entries[1].title, entries[1].published })
    end)

    it("knows the zones and years of old feeds", function()
        local function published(date)
            local feed = "<rss><channel><item><pubDate>%s</pubDate></item></channel></rss>"
            return feeds.read(feed:format(date))[1].published
        end
        assert.equal("1999-12-31T23:59:00Z", published("31 Dec 99 23:59 GMT"))
        assert.equal("2025-01-09T17:00:05Z", published("Thu, 9 Jan 2025 12:00:05 EST"))
        assert.is_nil(published("Thu, 32 Jan 2025 12:00:05 GMT"))
    end)

    it("is not the page of a login, and not anything else", function()
        local failure = expect.error_of(feeds.read, "<!DOCTYPE html><html><body>Log in</body></html>")
        assert.equal("upstream.feed", failure.kind)
        assert.matches("web page", failure.message)
        for _, text in ipairs({ "", "{}", "<other/>", "<rss" }) do
            assert.equal("upstream.feed", expect.error_of(feeds.read, text).kind)
        end
        assert.same({}, feeds.read("<rss><channel/></rss>"))
    end)

    it("may have ten thousand entries, and no more are read", function()
        local items = ("<item><title>v1</title></item>"):rep(12000)
        assert.equal(10000, #feeds.read("<rss><channel>" .. items .. "</channel></rss>"))
    end)
end)

describe("a changelog", function()
    it("is Rust's, with underlined headings and items over several lines", function()
        local notes, dates = changelog.read([[
Version 1.84.0 (2025-01-09)
==========================

<a id="1.84.0-Language"></a>

Language
--------
- [Allow `#[deny]` inside `#[forbid]`](https://github.com/rust-lang/rust/pull/121560/)

Compiler
--------
- [Add Tier 3 targets
  for `wasm32v1`](https://github.com/rust-lang/rust/pull/131487/)

Stabilized APIs
---------------
- [`Ipv6Addr::is_unique_local`](https://doc.rust-lang.org/x)
- `core::ptr::dangling`

Compatibility Notes
-------------------
* The minimum is now LLVM 18.

Version 1.83.0 (2024-11-28)
==========================

Compiler
--------
- Another
]])
        assert.same({
            stabilized_features = { "`Ipv6Addr::is_unique_local`", "`core::ptr::dangling`" },
            compiler_changes = { "Add Tier 3 targets for `wasm32v1`" },
            breaking_changes = { "The minimum is now LLVM 18." }, deprecations = {},
            other = { "Allow `#[deny]` inside `#[forbid]`" },
        }, notes["1.84.0"])
        assert.same({ "Another" }, notes["1.83.0"].compiler_changes)
        assert.same({ ["1.84.0"] = "2025-01-09", ["1.83.0"] = "2024-11-28" }, dates)
    end)

    it("is one that is kept by the book", function()
        local notes, dates = changelog.read([[
# Changelog

## [Unreleased]
### Added
- Not yet

## [1.2.0] - 2024-05-01
### Added
- A thing
### Deprecated
- An old thing
### Removed
- A very old thing

## [1.1.0](https://example.com/compare) - 2024-01-01
- Only this
]])
        assert.same({ "A thing" }, notes["1.2.0"].stabilized_features)
        assert.same({ "An old thing" }, notes["1.2.0"].deprecations)
        assert.same({ "A very old thing" }, notes["1.2.0"].breaking_changes)
        assert.same({ "Only this" }, notes["1.1.0"].other)
        assert.equal("2024-05-01", dates["1.2.0"])
        assert.is_nil(notes["Unreleased"])
    end)

    it("is what GitHub generates for one release", function()
        local notes = changelog.read_notes("## What's Changed\r\n### Breaking Changes\r\n* Drop X by @ada in "
            .. "https://github.com/o/n/pull/7\r\n### Other Changes\r\n* Fix Y by @bob\r\n\r\n**Full Changelog**: z\r\n")
        assert.same({ "Drop X by @ada in https://github.com/o/n/pull/7" }, notes.breaking_changes)
        assert.same({ "Fix Y by @bob" }, notes.other)
    end)

    it("has sections that a policy names", function()
        local notes = changelog.read_notes("### Ops\n- One\n", { { "^ops", "compiler_changes" } })
        assert.same({ "One" }, notes.compiler_changes)
    end)

    it("takes no code for a list or a heading", function()
        local notes = changelog.read_notes("## Added\n- See\n```\n# not a heading\n- not an item\n```\n- More\n")
        assert.equal(2, #notes.stabilized_features)
    end)
end)
