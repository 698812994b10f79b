// See auth-client.d.ts
const ignore = () => {};
const sleep = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
const clocks = () => [Date.now() / 1000, performance.now() / 1000];

export class AuthError extends Error {
	constructor(status, data) {
		const { code = status ? null : "network_error", reason = null } = data ?? {};
		const { detail = code, retry_after: retryAfter = 0 } = data ?? {};
		super(detail);
		Object.assign(this, { name: "AuthError", status, code, detail, reason, retryAfter, data });
	}
}

async function read(response) {
	const { ok, status } = response;
	const data = await response.json().catch(ignore);
	if (ok && (data || status === 204)) return data;
	throw new AuthError(ok ? 0 : status, data);
}

export function createAuthClient({
	baseUrl,
	transport = "cookie",
	storage,
	leeway = 20,
	timeout = 10000,
	origins = [],
	map = (answer) => answer,
	fetch: http = globalThis.fetch,
	locks = globalThis.navigator?.locks,
	Channel = globalThis.BroadcastChannel,
	shareAccess = true,
}) {
	const inCookie = transport === "cookie";
	const base = new Request(baseUrl.replace(/\/?$/, "/")).url;
	const urls = [base, globalThis.location?.href ?? base, ...origins];
	const trusted = new Set(urls.map((url) => new URL(url).origin));
	trusted.delete("null"); // opaque
	const listeners = new Set();
	const life = new AbortController();

	let state, held, busy, channel;
	let record = "";
	let era = new AbortController(); // from sign-in to sign-out

	try {
		if (inCookie) storage ??= globalThis.localStorage;
	} catch {}

	function kept() {
		try {
			record = storage.getItem(base) ?? "";
		} catch {}
		return record.split(" ");
	}

	function keep(...tokens) {
		record = tokens.join(" ");
		try {
			storage.setItem(base, record);
		} catch {
			storage = null;
		}
	}

	function become(status, reason = null, user = null, expiresAt = null) {
		state = Object.freeze({ status, reason, user, expiresAt });
		for (const listener of listeners) queueMicrotask(() => listener(state));
	}

	function adopt({ access, expires_in = Infinity, user = state.user }, at = clocks()) {
		held = { access, expires_in, user, at };
		become("signed-in", null, user, (at[0] + expires_in) * 1000);
	}

	// One clock can be set, the other stops in sleep.
	const left = () => held.expires_in - Math.max(...clocks().map((now, i) => now - held.at[i]));

	function supersede() {
		era.abort();
		era = new AbortController();
		busy = held = undefined;
	}

	function end(reason) {
		supersede();
		become("signed-out", reason);
	}

	function leave(reason) {
		if (state.status === "signed-in") channel?.postMessage({ out: reason });
		keep();
		end(reason);
	}

	function operate(task) {
		const { signal } = era;
		let started;
		const run = () => (started ??= task(signal));
		const done = locks
			? Promise.race([locks.request(base, run).catch(run), sleep(5).then(run)])
			: run();
		return done.finally(() => {
			if (!signal.aborted) busy = null;
		});
	}

	async function retried(task, attempt = 1) {
		try {
			return await task();
		} catch (error) {
			const wait = Math.max(error.retryAfter, 0.3 * 2 ** attempt * Math.random());
			if (attempt > 2 || wait > 10 || !/^(0|429|5..)$/.test(error.status)) throw error;
			await sleep(wait);
			return retried(task, attempt + 1);
		}
	}

	function call(path, body, headers, ...signals) {
		const sent = http(base + path, {
			method: "POST",
			credentials: inCookie ? "include" : "same-origin",
			redirect: "error", // would take the password along
			headers: { "Content-Type": "application/json", ...headers },
			body: JSON.stringify(body),
			signal: AbortSignal.any?.([...signals, AbortSignal.timeout(timeout)]) ?? signals[0],
		});
		return sent.then(read, (error) => {
			throw error.name === "AbortError" ? error : new AuthError(0, { detail: error.message });
		});
	}

	async function exchange(path, signal, body, headers) {
		const at = clocks();
		const answer = map(await call(path, body, headers, signal));
		signal.throwIfAborted();
		if (!answer.access) throw new AuthError(0);
		keep(inCookie ? "" : answer.refresh ?? body.refresh);
		adopt(answer, at);
		if (shareAccess) channel?.postMessage({ ...held, expires_in: left(), isNew: !headers });
		return state;
	}

	function refresh() {
		const before = held;
		return (busy ??= operate(async (signal) => {
			await sleep(0.01); // for the last holder's message
			try {
				await retried(async () => {
					signal.throwIfAborted();
					if (held !== before) return;
					const [refresh, key = crypto.getRandomValues(new Uint32Array(4)).join("-")] = kept();
					if (!inCookie && !refresh) throw new AuthError(401, { code: "refresh_missing" });
					keep(refresh, key);
					await exchange("refresh/", signal, { refresh }, { "Idempotency-Key": key });
				});
			} catch (error) {
				const { status, code, reason, data } = error;
				if (status === 401 && data && !signal.aborted) {
					leave(reason ?? (code === "refresh_missing" ? null : code));
				}
				throw error;
			}
		}));
	}

	async function getAccess({ force } = {}) {
		if (state.status === "signed-out" && !force) {
			throw new AuthError(401, { code: "not_authenticated" });
		}
		if (force || !held || left() <= 0) await refresh();
		else if (left() < Math.min(leeway, held.expires_in / 4)) refresh().catch(ignore);
		return held.access;
	}

	async function authFetch(input, init) {
		const request = new Request(input, init);
		const { status } = state;
		const { signal } = era;
		if (!trusted.has(new URL(request.url).origin) || status === "signed-out") return http(request);
		for (let first, force; ; ) {
			let token;
			try {
				token = await getAccess({ force });
			} catch (error) {
				if (state.status !== "signed-out" || !error.data) throw error;
				if (status === "unknown") return http(request);
				return first ?? Response.json(error.data, { status: 401 });
			}
			const copy = request.clone();
			copy.headers.set("Authorization", `Bearer ${token}`);
			const response = await http(copy);
			if (first || response.status !== 401 || signal.aborted) return response;
			first = response;
			force = token === held.access;
		}
	}

	const ask = async (path, method) => read(await authFetch(base + path, { method }));

	function wake({ type, persisted }) {
		if (type === "pagehide") {
			channel = channel?.close();
			return;
		}
		// comes after pagehide
		if (type !== "visibilitychange" && Channel && (inCookie || storage)) {
			channel ??= new Channel(base);
			channel.onmessage = ({ data }) => {
				if (data.isNew) supersede();
				else if (state.status === "signed-out") return;
				if (typeof data.access === "string") adopt(data);
				if ("out" in data) end(data.out);
			};
		}
		if (state.status === "signed-in" && (persisted || !globalThis.document?.hidden)) {
			getAccess({ force: persisted }).catch(ignore);
		}
	}

	become("unknown");
	wake({});
	for (const type of ["pageshow", "pagehide", "visibilitychange", "online"]) {
		globalThis.addEventListener?.(type, wake, { signal: life.signal });
	}

	return {
		get state() {
			return state;
		},
		fetch: authFetch,
		getAccess,
		sessions: () => ask("sessions/"),
		revoke: (id) => ask(`sessions/${encodeURIComponent(id)}/`, "DELETE"),
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		signIn(credentials) {
			supersede();
			const body = { ...credentials, transport };
			return (busy = operate((signal) => exchange("signin/", signal, body)));
		},
		async signOut({ everywhere } = {}) {
			if (everywhere) await ask("logout/all/", "POST");
			const [refresh] = kept();
			leave("logged_out");
			await operate(() => retried(() => call("logout/", { refresh })));
		},
		async restore() {
			try {
				await getAccess();
			} catch (error) {
				if (state.status === "unknown") throw error;
			}
			return state;
		},
		dispose() {
			life.abort();
			wake({ type: "pagehide" });
			supersede();
			listeners.clear();
		},
	};
}
