import axios from "axios";
import { useEffect, useState, type FormEvent } from "react";
import { demo } from "../demo";
import { Exposed } from "../Exposed";
import { language, useTexts } from "../language";
import { Screen } from "../router";
import { linesApart, seeds } from "../seeds";
import { local } from "../storage";
import { useStore } from "../store";

type Name = keyof typeof seeds;
const NAMES = Object.keys(seeds) as Name[];

export function Seeds() {
  const texts = useTexts();
  return (
    <Screen title={texts.seeds.title}>
      <p>{texts.seeds.intro}</p>
      {NAMES.map((name) => (
        <Seed key={name} name={name} />
      ))}
    </Screen>
  );
}

function Seed({ name }: { name: Name }) {
  const { seeds: texts } = useTexts();
  const [version, setVersion] = useState<"before" | "after">("before");
  function choose(chosen: "before" | "after") {
    forget();
    setVersion(chosen);
  }
  useEffect(() => forget, []);
  return (
    <section className="card" aria-labelledby={name}>
      <div className="heading">
        <h2 id={name}>{texts.names[name]}</h2>
        <div className="switch" role="group" aria-label={texts.version}>
          {(["before", "after"] as const).map((each) => (
            <button key={each} type="button" aria-pressed={each === version} onClick={() => choose(each)}>
              {texts[each]}
            </button>
          ))}
        </div>
      </div>
      <div className="columns uneven">
        <Trial key={version} name={name} version={version} />
        <Code name={name} version={version} />
      </div>
    </section>
  );
}

interface Props {
  name: Name;
  version: "before" | "after";
}

function Trial({ name, version }: Props) {
  const { seeds: texts, signIn } = useTexts();
  const { user } = useStore(demo);
  const [result, setResult] = useState("");
  const { account, [version]: seed } = seeds[name];

  axios.defaults.headers.common["Accept-Language"] = useStore(language);

  async function run(task: () => Promise<unknown>) {
    setResult(await task().then((answer) => JSON.stringify(answer ?? "OK", null, 2), explain));
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    run(() => seed.handleLogin(String(data.get("account")), String(data.get("password"))));
  }

  return (
    <form onSubmit={submit}>
      <label className="field">
        <span>{account}</span>
        <input name="account" autoComplete="username" defaultValue={user?.[account]} />
      </label>
      <label className="field">
        <span>{signIn.password}</span>
        <input name="password" type="password" autoComplete="current-password" defaultValue={user?.password} />
      </label>
      <div className="buttons">
        <button className="primary">{texts.signIn}</button>
        <button type="button" onClick={() => run(seed.load)}>
          {texts.load}
        </button>
      </div>
      <h3>{texts.result}</h3>
      <pre role="status">{result || texts.nothing}</pre>
      <Exposed />
    </form>
  );
}

/** What was kept by the one version is not for the other, nor for any other screen. */
function forget() {
  local.removeItem("access_token");
  local.removeItem("refresh_token");
}

const explain = (error: unknown) =>
  axios.isAxiosError(error) && error.response
    ? `${error.response.status} ${JSON.stringify(error.response.data)}`
    : String(error);

function Code({ name, version }: Props) {
  const { seeds: texts } = useTexts();
  const { before, after } = seeds[name];
  const gone = linesApart(before.text, after.text);
  const come = linesApart(after.text, before.text);
  const [marked, mark] = version === "before" ? [gone, "gone" as const] : [come, "come" as const];
  const lines = seeds[name][version].text.trimEnd().split("\n");
  return (
    <div>
      <h3>{texts.code}</h3>
      <pre className="code" tabIndex={0} aria-label={texts.code}>
        {lines.map((line, index) => (
          <span key={index} className={marked.has(line) ? mark : undefined}>
            {marked.has(line) && <span className="visually-hidden">{texts[mark]}: </span>}
            {`${line}\n`}
          </span>
        ))}
      </pre>
      <p>{texts.changed(gone.size, come.size)}</p>
    </div>
  );
}
