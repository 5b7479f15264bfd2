-- The same work unattended on a machine of one's own: units for systemd, lines for cron.
local template = require("lib.scaffold.template")

local M = {}

-- What both ways run.
local fetch = 'git -C repository fetch --quiet --prune origin "+refs/heads/*:refs/heads/*"'
local audit = 'uhost --quiet monthly_audit --repo repository --since "1 year" --tracking-issue'
local track = "uhost --quiet ci_failures track --execute --github <<github>> --output ci_failures.md"

-- Jobs ----------------------------------------------------------------------------------------------------------------

local jobs = {
    {
        unit = "uhost-monthly-audit", description = "Audit of crash tests whose issues are still open",
        timer = "Monthly audit of crash tests",
        commands = ("ExecStartPre=/usr/bin/%s\nExecStart=/usr/local/bin/%s --output audit.html"):format(fetch, audit),
        when = [==[
OnCalendar=*-*-01 05:17:00
# Spread over an hour, so that not all machines ask in the same minute; Persistent runs it late if this one was off.
RandomizedDelaySec=1h]==],
        cron = [==[
# The monthly audit for cron: goes to /etc/cron.d/uhost-monthly-audit (see README.md beside this file).
<<settings>>
# cron mails the report; the tracking issue is kept up to date. flock: one audit at a time.
17 5 1 * * uhost cd /var/lib/uhost && ]==] .. fetch .. " && flock --nonblock lock " .. audit .. "\n",
    },
    {
        unit = "uhost-ci-failures", description = "Issues of CI failures", timer = "Issues of CI failures",
        commands = "ExecStart=/usr/local/bin/" .. track .. [==[

# Whoever is to hear of it: policies/notifications.lua in /var/lib/uhost; addresses of webhooks as credentials of yours.
ExecStartPost=/usr/local/bin/uhost --quiet notify flush]==],
        when = "OnCalendar=*:0/20\nRandomizedDelaySec=2min",
        cron = [==[
# Issues of CI failures for cron: goes to /etc/cron.d/uhost-ci-failures (see README.md beside this file).
<<settings>>
# flock: one at a time.
*/20 * * * * uhost cd /var/lib/uhost && flock --nonblock ci-failures.lock ]==] .. track
            .. " && uhost --quiet notify flush >/dev/null\n",
    },
}

local service = [==[
[Unit]
Description=<<description>>
Documentation=man:systemd.exec(5)
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User=uhost
WorkingDirectory=/var/lib/uhost
# Only root can read the token; systemd passes it to this service.
LoadCredential=github-token:/etc/uhost/token
Environment=UHOST_STATE=/var/lib/uhost/state UHOST_GITHUB_TOKEN_FILE=%d/github-token
<<commands>>
TimeoutStartSec=2h

# It talks to GitHub and reads and writes below /var/lib/uhost; nothing else. MemoryDenyWriteExecute is missing
# because LuaJIT compiles.
ReadWritePaths=/var/lib/uhost
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateUsers=yes
PrivateMounts=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProcSubset=pid
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
LockPersonality=yes
RemoveIPC=yes
DevicePolicy=closed
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
# What the sandbox of policies is made with.
SystemCallFilter=seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self setrlimit prlimit64
SystemCallErrorNumber=EPERM
UMask=0077
]==]

local timer = [==[
[Unit]
Description=<<timer>>

[Timer]
<<when>>
Persistent=true

[Install]
WantedBy=timers.target
]==]

local cron_settings = [==[
SHELL=/bin/sh
PATH=/usr/local/bin:/usr/bin:/bin
MAILTO=root
UHOST_STATE=/var/lib/uhost/state
UHOST_GITHUB_TOKEN_FILE=/etc/uhost/token]==]

-- How to install them -------------------------------------------------------------------------------------------------

local readme = [==[
# Unattended on a machine of our own

`uhost scaffold systemd` or `uhost scaffold cron` wrote these files, in place of workflows of GitHub Actions.

| file                   | goes to                                                                      |
| ---------------------- | ---------------------------------------------------------------------------- |
| `uhost.sysusers.conf`  | `/etc/sysusers.d/uhost.conf`: the user `uhost`                               |
| `uhost.tmpfiles.conf`  | `/etc/tmpfiles.d/uhost.conf`: its folders, `/var/lib/uhost` and `/etc/uhost` |
| `*.service`, `*.timer` | `/etc/systemd/system/`                                                       |
| `NAME.cron`            | `/etc/cron.d/NAME`, in place of the two above                                |

As root, from this folder, with `uhost` installed below `/usr/local` (in a checkout of uhost: `cmake --install
build/release --prefix /usr/local`):

```sh
install -D -m 644 uhost.sysusers.conf /etc/sysusers.d/uhost.conf
install -D -m 644 uhost.tmpfiles.conf /etc/tmpfiles.d/uhost.conf
systemd-sysusers /etc/sysusers.d/uhost.conf
systemd-tmpfiles --create /etc/tmpfiles.d/uhost.conf
install -m 640 -o root -g uhost token /etc/uhost/token
runuser -u uhost -- git clone --bare https://github.com/<<github>> /var/lib/uhost/repository
```

`token` is a file with a fine-grained token of that repository that may read its contents, pull requests and actions,
and read and write its issues. Then, for systemd:

```sh
install -m 644 uhost-monthly-audit.service uhost-monthly-audit.timer /etc/systemd/system/
systemctl daemon-reload
systemctl enable --now uhost-monthly-audit.timer
systemctl start uhost-monthly-audit.service      # now, to see that it works
```

or for cron:

```sh
install -m 644 uhost-monthly-audit.cron /etc/cron.d/uhost-monthly-audit
```

The service leaves its report in `/var/lib/uhost/audit.html` and its messages in the journal; cron mails both to root.
Neither closes issues: for that, add `--close` to the command, after `uhost --dry-run monthly_audit --close …` has shown
what it would do. `uhost-ci-failures` is installed in the same way.
]==]

local function shared(project)
    return {
        ["deploy/README.md"] = template.fill(readme, { github = project.github }),
        ["deploy/uhost.sysusers.conf"] = 'u uhost - "uhost, which looks after repositories" /var/lib/uhost\n',
        ["deploy/uhost.tmpfiles.conf"] = "d /etc/uhost 0750 root uhost -\nd /var/lib/uhost 0750 uhost uhost -\n",
    }
end

---@param project scaffold.Project
---@return table<string, string>
function M.systemd(project)
    local files = shared(project)
    for _, job in ipairs(jobs) do
        local commands = template.fill(job.commands .. "\n", { github = project.github }):gsub("\n$", "")
        files[("deploy/%s.service"):format(job.unit)] = template.fill(service,
            { description = job.description, commands = commands })
        files[("deploy/%s.timer"):format(job.unit)] = template.fill(timer, { timer = job.timer, when = job.when })
    end
    return files
end

---@param project scaffold.Project
---@return table<string, string>
function M.cron(project)
    local files = shared(project)
    for _, job in ipairs(jobs) do
        files[("deploy/%s.cron"):format(job.unit)] = template.fill(job.cron,
            { settings = cron_settings, github = project.github })
    end
    return files
end

return M
