-- Releases: for a version's tag, archives for four targets with checksums, and the signed provenance of them all.
local languages = require("lib.scaffold.languages")
local run_of = require("lib.scaffold.ci").run_of
local template = require("lib.scaffold.template")

local M = {}

local workflow = [==[
# For every tag of a version: archives for four targets, their checksums and provenance, and a release with them.
#
#     gh attestation verify <<name>>-VERSION-TARGET.tar.gz --repo <<github>>
#
# says of an archive that it was built here. Nothing comes from a cache, which other workflows could have written.
name: Release

on:
  push:
    tags: ["v[0-9]+.[0-9]+.[0-9]+*"]

permissions: {}

# A release is finished before the same tag is released again.
concurrency:
  group: release-${{ github.ref }}
  cancel-in-progress: false

defaults:
  run:
    shell: bash

jobs:
  build:
    name: Build (${{ matrix.target }})
    runs-on: ${{ matrix.os }}
    timeout-minutes: 60
    permissions:
      contents: read
    strategy:
      matrix:
        include:
          - target: x86_64-unknown-linux-gnu
            os: <<runner:linux>>
          - target: aarch64-unknown-linux-gnu
            os: <<runner:linux_arm>>
          - target: aarch64-apple-darwin
            os: <<runner:macos>>
          - target: x86_64-pc-windows-msvc
            os: <<runner:windows>>
    env:
      TARGET: ${{ matrix.target }}
      NAME: <<name>>-${{ github.ref_name }}-${{ matrix.target }}
    steps:
      - name: Check out
        uses: <<uses:actions/checkout>>
        with:
          persist-credentials: false
      <<setup>>
      - name: Build
        <<build>>
      - name: Archive
        run: |
          if [ "$RUNNER_OS" = Windows ]; then 7z a "$NAME.zip" "$NAME"; else tar -czf "$NAME.tar.gz" "$NAME"; fi
      - name: Keep the archive
        uses: <<uses:actions/upload-artifact>>
        with:
          name: ${{ env.NAME }}
          path: |
            ${{ env.NAME }}.tar.gz
            ${{ env.NAME }}.zip
          if-no-files-found: error
          retention-days: 7

  publish:
    name: Publish
    needs: [build]
    runs-on: <<runner:linux>>
    timeout-minutes: 15
    permissions:
      contents: write # the release
      id-token: write # who signs the provenance
      attestations: write # the provenance
    steps:
      - name: Fetch the archives
        uses: <<uses:actions/download-artifact>>
        with:
          path: archives
          merge-multiple: true
      - name: Sum up
        working-directory: archives
        run: sha256sum -- * > SHA256SUMS
      - name: Attest the provenance
        uses: <<uses:actions/attest-build-provenance>>
        with:
          subject-path: archives/*
      - name: Release
        env:
          GH_TOKEN: ${{ github.token }}
          GH_REPO: ${{ github.repository }}
          TAG: ${{ github.ref_name }}
        run: |
          # A version with a hyphen is a prerelease. As a draft until all files are there.
          kind=(--latest)
          if [[ "$TAG" == *-* ]]; then kind=(--prerelease); fi
          if ! gh release view "$TAG" > /dev/null 2>&1; then
            gh release create "$TAG" --verify-tag --generate-notes --draft
          fi
          gh release upload "$TAG" archives/* --clobber
          gh release edit "$TAG" --draft=false "${kind[@]}"
]==]

---@param project scaffold.Project
---@return table<string, string>
function M.release(project)
    local language = languages[project.language]
    local build = 'stage=$PWD/$NAME\nmkdir "$stage"\n' .. language.release(project)
        .. '\nif [ -z "$(ls -A "$stage")" ]; then echo "nothing was built" && exit 1; fi'
    return { [".github/workflows/release.yml"] = template.fill(workflow, {
        name = project.name, github = project.github, build = run_of(build),
        setup = project.language == "cpp" and "" or language.setup(project, language.toolchain):gsub("\n$", ""),
    }) }
end

return M
