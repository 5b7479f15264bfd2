---@meta uhost.time
--- Points in time, durations and calendar arithmetic; always UTC, never the machine's zone.
---
--- An instant is a number: Unix seconds, with a fraction (microseconds are kept until 2255), without leap seconds. The
--- calendar is the Gregorian one and runs from the year 1 to 9999; what leads outside raises `time.range`.
---
--- A duration is "6 months", "2 weeks", "90 days", "1h 30m", "1 year, 2 months and 3 days", "-2 days" or ISO 8601's
--- "P6M" and "PT1H30M"; the table that `time.duration` gives; or a number of seconds. Units may be shortened: y, mo, w,
--- d, h, m or min (minutes), s, ms; `quarter` is three months.
---@class uhost.time
time = {}

---@class time.Duration
---@field months integer
---@field days integer
---@field seconds number

---@class time.Parts
---@field year integer  1 to 9999
---@field month integer
---@field day integer
---@field hour integer
---@field minute integer
---@field second number  with its fraction
---@field weekday integer  1, Monday, to 7, Sunday
---@field year_day integer  1 to 366
---@field week integer  of ISO 8601
---@field week_year integer  the year that `week` belongs to

--- The clock's time, in Unix seconds.
---@return number instant
function time.now() end

--- Seconds since some moment; never jumps. For measuring how long something takes.
---@return number seconds
function time.monotonic() end

--- An instant as "2026-01-31T12:00:00Z": the fraction is dropped, or rounded to `decimals` digits (0 to 6).
---@param instant? number  default: now
---@param options? { decimals?: integer }
---@return string
function time.iso(instant, options) end

--- The day of an instant, as "2026-01-31".
---@param instant? number  default: now
---@return string
function time.date(instant) end

--- Reads a point in time. Accepted are ISO 8601 and RFC 3339 ("2026-01-31", "2026-01", "2026-01-31T12:00Z",
--- "2026-01-31 12:00:00.25 +01:00", "20260131T120000Z"), the dates of mail and HTTP ("Sat, 31 Jan 2026 12:00:00 GMT"),
--- git's and ctime's ("Sat Jan 31 12:00:00 2026 +0100"), and Unix seconds ("@1769860800", git's "1769860800 +0100").
--- Without an offset it is UTC, without a time of day midnight. Weekdays are not checked.
---
--- Raises `time.syntax` for anything else, `time.range` for a date that does not exist.
--- ```lua
--- print(time.iso(time.parse("2026-01-31 12:00 +01:00")))  --> 2026-01-31T11:00:00Z
--- ```
---@param text string
---@return number instant
function time.parse(text) end

--- Reads what people write in an option such as `--since`: whatever `time.parse` reads, a duration, which means that
--- long ago ("6 months", "6 months ago"), or "now", "today", "yesterday". Raises `time.syntax`.
---@param text string
---@param from? number  what "ago" counts from; default: now
---@return number instant
function time.resolve(text, from) end

--- Reads a duration. Raises `time.syntax`; a fraction of a month is refused, and so is "6M", which may mean either.
---@param text string
---@return time.Duration
function time.duration(text) end

--- An instant moved by a duration: by its months first, then its days, then its seconds. A day that the month does not
--- have becomes its last: January 31 and one month is February 28, or 29 in a leap year.
--- ```lua
--- print(time.date(time.add(time.parse("2026-01-31"), "1 month")))  --> 2026-02-28
--- ```
---@param instant number
---@param duration string|time.Duration|number
---@return number instant
function time.add(instant, duration) end

--- An instant moved back by a duration; see `time.add`.
---@param instant number
---@param duration string|time.Duration|number
---@return number instant
function time.subtract(instant, duration) end

--- When a duration ago was.
---@param duration string|time.Duration|number
---@param from? number  default: now
---@return number instant
function time.ago(duration, from) end

--- How far apart two instants are: as many whole months as fit, then days, then seconds, so that adding it to `from`
--- gives `to`. All are negative, or 0, when `to` is earlier. For plain seconds, subtract the numbers.
---@param from number
---@param to number
---@return time.Duration
function time.difference(from, to) end

--- A length of time for people. Of seconds the two largest units, rounded: "420 ms", "2 min 3 s", "5 days 2 h"; of a
--- duration all that is in it: "1 year 2 months 3 days".
---@param seconds number|string|time.Duration
---@return string
function time.human(seconds) end

--- An instant taken apart.
---@param instant? number  default: now
---@return time.Parts
function time.parts(instant) end

--- The instant of a date and a time of day. Only the year is needed; month and day are 1 and the time is midnight by
--- default. `weekday`, `year_day`, `week` and `week_year` are ignored. Raises `time.range` for what does not exist.
---@param parts { year: integer, month?: integer, day?: integer, hour?: integer, minute?: integer, second?: number }
---@return number instant
function time.from_parts(parts) end

--- When the unit that holds an instant began. Weeks begin on Monday.
---@param unit "year"|"quarter"|"month"|"week"|"day"|"hour"|"minute"
---@param instant? number  default: now
---@return number instant
function time.start_of(unit, instant) end
