---@meta uhost.notify
--- Tells people what happened, once, where they want to hear of it. The policy `notifications` says which events go to
--- which channels and when; an outbox in the store keeps what is to be delivered, so that a service that is down holds
--- nothing up and loses nothing.
---
--- An event is delivered at least once: a delivery that was cut off is made again with the same `Idempotency-Key`.
--- Several processes may `flush` at once; each message is sent by one of them.
---
--- Secrets come from the environment and stay in the host: `SLACK_WEBHOOK_URL` or `SLACK_BOT_TOKEN`,
--- `DISCORD_WEBHOOK_URL`, `TEAMS_WEBHOOK_URL`, `ZULIP_API_KEY`, `NOTIFY_WEBHOOK_URL` and `NOTIFY_WEBHOOK_SECRET`,
--- `SMTP_PASSWORD`. Messages go to the hosts of these services only, and to those that the setting `notify.hosts`
--- names.
---
--- Raises `notify.settings` for what is not set, and `policy.channel`, `policy.zone`, `policy.clock` for mistakes in
--- the policy.
---@class uhost.notify
notify = {}

---@class notify.Event
---@field kind string  a workflow and what happened: "upstream.release"
---@field key string  what it is about, the same each time that it is seen; it is delivered once
---@field severity "info"|"warning"|"critical"
---@field title string  one line
---@field text? string  more, as Markdown
---@field url? string
---@field data? table  its operands; `data.thread` is the same for events about one thing, which are told in one thread
---@field created_at? string  ISO 8601, UTC
---@field id? integer  given by the store of events

--- Makes the tables of the outbox in a store that is given to the functions below.
--- ```lua
--- notify.prepare(db.open())
--- ```
---@param store db.Connection
function notify.prepare(store) end

--- Puts events into the outbox, as the policy routes them. Within a transaction of `store` they are there with it, or
--- not at all; `notify.prepare` comes before the transaction. An event whose key a channel was given before is not
--- given to it again.
--- ```lua
--- notify.send({ kind = "backup.failed", key = "backup 2026-01-31", severity = "critical", title = "No backup today" })
--- print(notify.flush().sent)
--- ```
---@param events notify.Event|notify.Event[]
---@param options? { store?: db.Connection }  default: the store of the state folder
---@return integer deliveries  how many are new
function notify.send(events, options) end

--- What a channel renders: one event, or several in one message. `policies/channels/NAME.lua` gets it in `render`.
---@class notify.Message
---@field title string
---@field text string  Markdown
---@field severity "info"|"warning"|"critical"
---@field url string?
---@field fields { name: string, value: string }[]
---@field items { title: string, url: string?, severity: string }[]  where it is about several events
---@field events notify.Event[]
---@field thread string?
---@field key string  the same each time that this message is sent

---@class notify.PreviewedDelivery
---@field channel string
---@field type string
---@field to? string
---@field route string
---@field purpose "event"|"escalation"
---@field due_at string
---@field reason string  why it is not due at once
---@field payload table

---@class notify.Preview
---@field deliveries notify.PreviewedDelivery[]
---@field passed_over { route: string, why: string }[]
---@field muted? string  the mute that holds

--- Where an event would go, when, what it would look like, and why not elsewhere. Changes nothing.
--- ```lua
--- local seen = notify.preview({ kind = "backup.failed", key = "b", severity = "info", title = "No backup" })
--- print(#seen.deliveries)
--- ```
---@param event notify.Event
---@param options? { at?: string, folder?: string }  an instant to decide for, default: now; the policy's folder
---@return notify.Preview
function notify.preview(event, options) end

--- Delivers what is due. A failure of one channel holds up that channel's thread only; it is tried again later, after
--- as long as the service asks for, and given up after the policy's `max_attempts`.
--- ```lua
--- local counts = notify.flush()
--- print(counts.sent, counts.failed, counts.dead)
--- ```
---@param options? { store?: db.Connection }
---@return { sent: integer, failed: integer, dead: integer }
function notify.flush(options) end

--- Sends a message to a channel of the policy, at once, to see that it works. Raises what prevents it.
--- ```lua
--- notify.test("log")
--- ```
---@param channel string  its id
function notify.test(channel) end

---@class notify.Waiting
---@field id integer
---@field channel string
---@field route string
---@field state string
---@field reason string
---@field due_at string
---@field attempts integer
---@field event_key string
---@field kind string

--- What the outbox holds: how many by state ("pending", "sending", "sent", "dead", "suppressed", "cancelled"), and the
--- first 50 that wait or were given up.
--- ```lua
--- print(notify.status().counts.pending or 0)
--- ```
---@param options? { store?: db.Connection }
---@return { counts: table<string, integer>, waiting: notify.Waiting[], dead: notify.Waiting[] }
function notify.status(options) end

--- Says that somebody looks after a thread, or the event of a key, so that nobody else is told of it later. False when
--- nothing is known of it.
--- ```lua
--- print(notify.acknowledge("backup 2026-01-31", { who = "ada" }))
--- ```
---@param thread string
---@param options? { store?: db.Connection, who?: string }
---@return boolean
function notify.acknowledge(thread, options) end

--- Keeps something that a script will deliver by `notify.deliver`, in the outbox of a store of its own: within the same
--- transaction as what says that it is to be delivered. False when its key was kept for the channel before.
--- ```lua
--- local store = db.open(nil, { store = "reports" })
--- local item = { channel = "archive", key = "report 12", kind = "report", data = { id = 12 } }
--- print(notify.enqueue(item, { store = store }))
--- ```
---@param item { channel: string, key: string, kind: string, data?: table, thread?: string }  what has one thread is
---    delivered in order
---@param options { store: db.Connection }
---@return boolean
function notify.enqueue(item, options) end

---@class notify.Outgoing
---@field channel string
---@field key string
---@field kind string
---@field data table
---@field idempotency_key string  the same for every attempt
---@field attempts integer  with this one

--- Delivers what is due of an outbox by `send`, as `flush` does with messages: each belongs to one process for five
--- minutes, failures are tried again later, and what was cut off is made again. `send` raises what went wrong; its
--- `details.is_permanent` says that another attempt would fail as well, `details.retry_after_s` when the next may come.
--- After a failure nothing goes to that channel until then.
--- ```lua
--- local store = db.open(nil, { store = "reports" })
--- notify.deliver({ store = store, send = function(outgoing) print(outgoing.key, outgoing.data.id) end })
--- ```
---@param options { store: db.Connection, send: fun(outgoing: notify.Outgoing), what?: string, max_attempts?: integer,
---    gap_s?: fun(channel: string): number }  `what` it is called in messages; `gap_s`: seconds between two deliveries
---@return { sent: integer, failed: integer, dead: integer }
function notify.deliver(options) end
