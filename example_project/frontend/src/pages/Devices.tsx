import { useEffect, useRef, useState } from "react";
import type { AuthSession } from "jwt_signin/auth-client.js";
import { ask, auth, noted, signOut } from "../auth";
import { useTexts, useTimes } from "../language";
import { Screen } from "../router";
import type { Transport } from "../auth";

/** What waits for a yes: one session, all the others, or all. */
type Asked = AuthSession | "others" | "all";

export function Devices() {
  const { devices } = useTexts();
  const [sessions, setSessions] = useState<AuthSession[] | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [said, setSaid] = useState("");
  const outcome = useRef<HTMLParagraphElement>(null);

  const load = () => auth.sessions().then(setSessions, noted);
  useEffect(() => {
    load();
    addEventListener("focus", load);
    return () => removeEventListener("focus", load);
  }, []);

  // The button that had the focus is gone.
  useEffect(() => {
    if (said) outcome.current?.focus();
  }, [said]);

  /** Shows what will be at once, and what was if it comes to nothing. */
  async function end(which: Asked) {
    setAsked(null);
    setSaid("");
    if (which === "all") return signOut({ everywhere: true });
    const before = sessions ?? [];
    const remaining = which === "others" ? before.filter(({ current }) => current) : before.filter((each) => each !== which);
    setSessions(remaining);
    try {
      if (which === "others") await endOthers();
      else await auth.revoke(which.id);
      setSaid(devices.ended(before.length - remaining.length));
    } catch {
      setSessions(before);
      setSaid(devices.failed);
    }
  }

  return (
    <Screen title={devices.title}>
      <p>{devices.intro}</p>
      <p ref={outcome} role="status" className="outcome" tabIndex={-1}>
        {said}
      </p>
      {sessions && (
        <>
          <List sessions={sessions} onEnd={setAsked} />
          {sessions.length === 1 && <p className="hint">{devices.only}</p>}
          <div className="buttons">
            {sessions.length > 1 && (
              <button type="button" onClick={() => setAsked("others")}>
                {devices.endOthers}
              </button>
            )}
            <button type="button" onClick={() => setAsked("all")}>
              {devices.endAll}
            </button>
          </div>
        </>
      )}
      {asked && <Confirm asked={asked} onYes={() => end(asked)} onNo={() => setAsked(null)} />}
    </Screen>
  );
}

const endOthers = () =>
  ask("/api/auth/logout/all/", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ keep_current: true }),
  });

function List({ sessions, onEnd }: { sessions: AuthSession[]; onEnd: (session: AuthSession) => void }) {
  const { devices } = useTexts();
  const { date } = useTimes();
  return (
    <ul className="devices">
      {sessions.map((session) => (
        <li key={session.id} className="card">
          <h2>
            {session.label || devices.unknown} {session.current && <span className="badge">{devices.current}</span>}
          </h2>
          <dl>
            <Fact name={devices.address} value={session.ip ?? ""} />
            <Fact name={devices.transport} value={devices.transports[session.transport as Transport]} />
            <Fact name={devices.createdAt} value={date(session.created_at)} />
            <Fact name={devices.lastUsedAt} value={date(session.last_used_at)} />
            <Fact name={devices.expiresAt} value={date(session.expires_at)} />
          </dl>
          {!session.current && (
            <button type="button" aria-label={devices.endLabel(session.label)} onClick={() => onEnd(session)}>
              {devices.end}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Confirm({ asked, onYes, onNo }: { asked: Asked; onYes: () => void; onNo: () => void }) {
  const texts = useTexts();
  const { confirm, end } = texts.devices;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const question = typeof asked === "string" ? confirm[asked] : confirm.one(asked.label);
  return (
    <dialog ref={dialog} onClose={onNo} aria-labelledby="question">
      <p id="question">{question}</p>
      <div className="buttons">
        <button type="button" className="primary" onClick={onYes}>
          {end}
        </button>
        <button type="button" onClick={() => dialog.current?.close()}>
          {texts.cancel}
        </button>
      </div>
    </dialog>
  );
}
