import { useEffect, useState } from "react";
import { ask, auth, expire, noted, renewed, transport, useAuth } from "../auth";
import { useCountdown } from "../countdown";
import { Exposed } from "../Exposed";
import { useTexts, useTimes } from "../language";
import { Link, Screen } from "../router";
import { useStore } from "../store";
import { log, type Entry } from "../traffic";

const API = "/api/protected-endpoint";
const AT_ONCE = 10;

export function Profile() {
  const texts = useTexts();
  return (
    <Screen title={texts.profile.title}>
      <div className="columns">
        <Person />
        <TokenPanel />
      </div>
      <Log />
    </Screen>
  );
}

function Person() {
  const { profile } = useTexts();
  const { user } = useAuth();
  const [me, setMe] = useState<unknown>();
  useEffect(() => {
    ask("/api/auth/me/").then(setMe, noted);
  }, []);
  return (
    <section className="card">
      <p className="person">
        <span className="avatar" aria-hidden="true">
          {user?.username[0]}
        </span>
        <span>
          {profile.hello} <strong>{user?.username}</strong>
        </span>
      </p>
      <h2>{profile.answer}</h2>
      <pre tabIndex={0} aria-label={profile.answer}>
        {JSON.stringify(me, null, 2)}
      </pre>
      <Exposed />
      <p>
        <Link href="/staff">{profile.staff}</Link>
      </p>
    </section>
  );
}

function TokenPanel() {
  const { profile } = useTexts();
  const [said, setSaid] = useState("");
  const [caused, setCaused] = useState<Entry[]>([]);

  /** Does something, and shows which requests came of it. */
  const act = (task: () => Promise<string>) => async () => {
    setSaid("");
    setCaused([]);
    const last = log.get()[0]?.id ?? 0;
    const since = () =>
      log.get().filter(({ id, path }) => id > last && (path === API || isRefresh(path)));
    // A server that does not answer has its banner.
    setSaid(await task().catch(() => ""));
    setCaused(since().reverse());
  };

  async function call() {
    const { status } = await auth.fetch(API);
    return profile.called(status);
  }

  async function fire() {
    await expire();
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => auth.fetch(API)));
    return profile.fired(answers.filter(({ ok }) => ok).length);
  }

  async function spoil() {
    await expire();
    return profile.expiredNow;
  }

  async function renew() {
    await auth.getAccess({ force: true });
    return "";
  }

  return (
    <section className="card">
      <h2>{profile.token}</h2>
      <Expiry />
      <dl>
        <Renewed />
        <div>
          <dt>{profile.transport}</dt>
          <dd>{profile.transports[transport]}</dd>
        </div>
      </dl>
      <div className="buttons">
        <button type="button" className="primary" onClick={act(fire)}>
          {profile.fire}
        </button>
        <button type="button" onClick={act(call)}>
          {profile.call}
        </button>
        <button type="button" onClick={act(spoil)}>
          {profile.expire}
        </button>
        <button type="button" onClick={act(renew)}>
          {profile.renew}
        </button>
      </div>
      <div role="status">
        <Caused entries={caused} />
        <p className="outcome">{said}</p>
      </div>
      <p className="hint">{profile.expireNote}</p>
    </section>
  );
}

/** How many requests there were of a kind, in the order of the first answer to each kind. */
function Caused({ entries }: { entries: Entry[] }) {
  const runs: { name: string; status: number; count: number }[] = [];
  for (const { path, status } of entries) {
    const name = isRefresh(path) ? "refresh" : "API";
    const same = runs.find((run) => run.name === name && run.status === status);
    if (same) same.count += 1;
    else runs.push({ name, status, count: 1 });
  }
  return (
    <ol className="caused">
      {runs.map(({ name, status, count }, index) => (
        <li key={index} className={name} data-run={`${count} ${name} ${status}`}>
          <strong>{count} ×</strong> {name} <Status status={status} />
        </li>
      ))}
    </ol>
  );
}

/** How long the access token still lives: a bar, and the same in figures. */
function Expiry() {
  const { profile } = useTexts();
  const { expiresAt } = useAuth();
  const { at } = useStore(renewed);
  const end = expiresAt ?? 0;
  const left = useCountdown(end);
  const share = Math.min(1, (left * 1000) / Math.max(1, end - at));
  return (
    <div className="expiry">
      <p>
        {left > 0 ? (
          <>
            {profile.expiresIn}{" "}
            <span className="clock" role="timer">
              {Math.floor(left / 60)}:{String(left % 60).padStart(2, "0")}
            </span>
          </>
        ) : (
          profile.expired
        )}
      </p>
      <div className="bar" aria-hidden="true">
        <div style={{ transform: `scaleX(${share})` }} />
      </div>
    </div>
  );
}

function Renewed() {
  const { profile } = useTexts();
  const { at, byThisTab } = useStore(renewed);
  const { clock } = useTimes();
  return (
    <div>
      <dt>{profile.renewed}</dt>
      <dd>
        {clock(at)} {byThisTab ? profile.byThisTab : profile.byAnotherTab}
      </dd>
    </div>
  );
}

function Log() {
  const texts = useTexts();
  const { clock } = useTimes();
  const entries = useStore(log);
  return (
    <section className="card">
      <h2 id="log">{texts.log.title}</h2>
      {entries.length === 0 && <p>{texts.log.empty}</p>}
      <div className="scroll" tabIndex={0} role="region" aria-labelledby="log">
        <table className="log">
          <thead>
            <tr>
              <th scope="col">{texts.log.time}</th>
              <th scope="col">{texts.log.request}</th>
              <th scope="col">{texts.log.answer}</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <tr key={entry.id} className={isRefresh(entry.path) ? "refresh" : undefined}>
                <td>{clock(entry.at)}</td>
                <td>
                  {entry.method} <code>{entry.path}</code>
                </td>
                <td>
                  <Status status={entry.status} />{" "}
                  {entry.why && <code>{entry.why}</code>} {entry.milliseconds} ms
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const isRefresh = (path: string) => path.endsWith("/refresh/");

function Status({ status }: { status: number }) {
  const { log } = useTexts();
  const kind = status >= 200 && status < 400 ? "good" : "bad";
  return <span className={`status ${kind}`}>{status || log.none}</span>;
}
