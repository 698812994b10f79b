import { useEffect, useRef, useState } from "react";
import { ask, auth, noted, renewed, signOut, transport, travelBy } from "../auth";
import { useCountdown } from "../countdown";
import { demo } from "../demo";
import { Exposed, found } from "../Exposed";
import { useTexts } from "../language";
import { Screen } from "../router";
import { useStore } from "../store";
import { send } from "../traffic";
import type { Texts } from "../texts/en";

export function Theft() {
  const { theft } = useTexts();
  return (
    <Screen title={theft.title}>{transport === "cookie" ? <NothingToSteal /> : <Robbery />}</Screen>
  );
}

function NothingToSteal() {
  const { theft } = useTexts();
  async function expose() {
    await signOut();
    travelBy("body");
  }
  return (
    <section className="card">
      <h2>{theft.cookieTitle}</h2>
      <p>{theft.cookieText}</p>
      <Exposed />
      <button type="button" className="primary" onClick={expose}>
        {theft.cookieAction}
      </button>
    </section>
  );
}

type Name = keyof Texts["theft"]["steps"];
type Step = { [N in Name]: { who: "you" | "thief" | "server"; name: N; detail: number | string } }[Name];

function Robbery() {
  const { theft } = useTexts();
  const { reuse_grace: grace } = useStore(demo);
  const [steps, setSteps] = useState<Step[]>([]);
  const [until, setUntil] = useState(0);
  const left = useCountdown(until);
  const life = useRef<AbortController>(null);
  useEffect(() => () => life.current?.abort(), []);

  const tell = (who: Step["who"], name: Name, detail: number | string = "") =>
    setSteps((told) => [...told, { who, name, detail } as Step]);

  /** Waits until the server would count a second use of a token as theft. */
  async function outlastGrace(who: "you" | "thief", name: "waits" | "bides") {
    const end = renewed.get().at + grace * 1000 + 200;
    if (end < Date.now()) return;
    tell(who, name, grace);
    setUntil(end);
    await new Promise((done) => setTimeout(done, end - Date.now()));
  }

  async function rob() {
    const { signal } = (life.current = new AbortController());
    const { sid } = claims(await auth.getAccess());
    const held = () => found().find((token) => claims(token).sid === sid) ?? "";
    const stolen = held();
    tell("thief", "stolen", claims(stolen).gen);

    await outlastGrace("you", "waits");
    if (signal.aborted) return;
    await auth.getAccess({ force: true });
    tell("you", "renewed", claims(held()).gen);

    await outlastGrace("thief", "bides");
    if (signal.aborted) return;
    tell("thief", "replayed", claims(stolen).gen);
    const reason = await replay(stolen);
    if (reason) tell("server", "refused", reason);
    else tell("server", "survived");
  }

  const isOver = steps.at(-1)?.who === "server";
  return (
    <section className="card">
      <p>{theft.intro}</p>
      <Exposed />
      <div className="buttons">
        <button
          type="button"
          className="primary"
          disabled={steps.length > 0}
          onClick={() => rob().catch(() => setSteps([]))}
        >
          {theft.start}
        </button>
      </div>
      <ol className="steps" aria-live="polite">
        {steps.map((step, index) => (
          <li key={index} className={step.who} data-step={step.name}>
            <strong>{theft[step.who]}</strong> {told(step, theft.steps)}
          </li>
        ))}
      </ol>
      {left > 0 && (
        <p className="clock" role="timer">
          {theft.waiting(left)}
        </p>
      )}
      {isOver && (
        <>
          <p>{theft.after}</p>
          <button type="button" className="primary" onClick={() => ask("/api/auth/me/").catch(noted)}>
            {theft.again}
          </button>
        </>
      )}
    </section>
  );
}

function told({ name, detail }: Step, texts: Texts["theft"]["steps"]) {
  const text: string | ((detail: never) => string) = texts[name];
  return typeof text === "string" ? text : text(detail as never);
}

/** Sends a refresh token as whoever holds it may; returns why it was refused. */
async function replay(refresh: string): Promise<string | null> {
  const response = await send("/api/auth/refresh/", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ refresh }),
  });
  const { reason, code } = await response.json();
  return response.ok ? null : (reason ?? code);
}

/** What a token says, which anybody can read: its session, and its place in the chain of that. */
function claims(token: string): { sid: string; gen: number } {
  const [, body = ""] = token.split(".");
  return JSON.parse(atob(body.replaceAll("-", "+").replaceAll("_", "/")));
}
