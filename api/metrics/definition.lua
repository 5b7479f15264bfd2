---@meta uhost.metrics
--- Statistics of measurements that spread, are late now and then, and shift: durations of builds, sizes, rates. All of
--- them are robust: a few values that are far from the others change nothing. Values are finite numbers; the same
--- values and options give the same answer on every machine.
---@class uhost.metrics
metrics = {}

--- Quantiles of values in any order, with straight lines between neighbours: definition 7 of Hyndman and Fan, "Sample
--- quantiles in statistical packages" (The American Statistician 50, 1996), which R and NumPy take by default.
--- ```lua
--- local p50, p95 = unpack(metrics.quantiles({ 3, 1, 2, 10 }, { 0.5, 0.95 }))
--- print(p50, p95)  --> 2.5	8.95
--- ```
---@param values number[]  at least one
---@param probabilities number[]  0 to 1
---@return number[]
function metrics.quantiles(values, probabilities) end

---@class metrics.Comparison
---@field before number  the median of the first sample
---@field after number  the median of the second
---@field shift number  by how much values of the second are greater
---@field p number  how often chance alone makes them differ so much; never 0

--- Compares two samples by a permutation test of the sum of ranks (Wilcoxon, "Individual comparisons by ranking
--- methods", Biometrics Bulletin 1, 1945). All permutations are looked at where there are few, otherwise random ones of
--- which the samples as they are count as one (Phipson and Smyth, "Permutation p-values should never be zero",
--- Statistical Applications in Genetics and Molecular Biology 9, 2010). `shift` is the median of all differences
--- (Hodges and Lehmann, "Estimates of location based on rank tests", Annals of Mathematical Statistics 34, 1963).
--- ```lua
--- local found = metrics.compare({ 60, 61, 59, 60, 62 }, { 70, 69, 71, 70, 72 })
--- print(found.shift, found.p < 0.01)  --> 10	true
--- ```
---@param before number[]  at least one
---@param after number[]  at least one
---@param options? { alternative?: "different"|"greater"|"less", permutations?: integer, seed?: integer }
---  alternative: what the second sample may be, default "different"; permutations: default 9,999
---@return metrics.Comparison
function metrics.compare(before, after, options) end

---@class metrics.ChangePoint
---@field index integer  of the first value that is different
---@field before number  the median from the change before it on
---@field after number  the median to the next change
---@field p number  how often chance alone gives a change as strong

---@class metrics.ChangePointOptions
---@field relative? boolean  default true: changes are ratios where all values are above 0
---@field min_segment? integer  so many values there are on either side, default 4
---@field max_p? number  default 0.002
---@field min_change? number  between both medians, in the values' unit
---@field min_ratio? number  the same as a part of the smaller one: 0.02 for 2 %
---@field permutations? integer  for each test at most, default 999
---@field seed? integer

--- Finds where the level of a series changes, for good or for a time, in O(n log n).
---
--- Each value becomes a score: its distance from the median in units of the noise, 3 at most. The noise is that of
--- differences between neighbours, which a change of the level hardly touches; where neighbours resemble each other,
--- this is allowed for. The CUSUM of the scores in seeded intervals (Kovács, Bühlmann, Li and Munk, "Seeded binary
--- segmentation", Biometrika 110, 2023) proposes places. Each is then held against random permutations of the values
--- between its neighbours, as E-divisive does (Matteson and James, "A nonparametric approach for multiple change point
--- analysis of multivariate data", Journal of the American Statistical Association 109, 2014), in blocks where
--- neighbours resemble each other (Carlstein, "The use of subseries values for estimating the variance of a general
--- statistic from a stationary sequence", Annals of Statistics 14, 1986); permuting ends early where the answer is
--- clear (Besag and Clifford, "Sequential Monte Carlo p-values", Biometrika 78, 1991). The least certain place is
--- dropped, and its neighbours are tested again, until all hold.
--- ```lua
--- local times = { 60, 61, 60, 62, 59, 61, 60, 60, 71, 72, 70, 71, 73, 70, 72, 71 }
--- for _, change in ipairs(metrics.change_points(times)) do print(change.index, change.before, change.after) end
--- --> 9	60	71
--- ```
---@param values number[]  in the order of time
---@param options? metrics.ChangePointOptions
---@return metrics.ChangePoint[]  in the order of time
function metrics.change_points(values, options) end

--- What requests to the origin of an address are allowed with: the secret METRICS_TOKEN of the environment, as a bearer
--- token, or as the password of a user. nil when it is not set. For the option `credential` of `http.request`; scripts
--- never see the secret itself.
--- ```lua
--- http.put("https://pushgateway.example.org/metrics/job/uhost", { body = text, mutates = true,
---     credential = metrics.credential("https://pushgateway.example.org") })
--- ```
---@param url string
---@param user? string
---@return userdata?
function metrics.credential(url, user) end
