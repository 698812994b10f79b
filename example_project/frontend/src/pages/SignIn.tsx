import { useEffect, useId, useRef, useState, type FormEvent, type ReactNode } from "react";
import { auth, AuthError, transport, travelBy, useAuth, vanished, type Transport } from "../auth";
import { useCountdown } from "../countdown";
import { demo } from "../demo";
import { useTexts } from "../language";
import { Screen } from "../router";
import { useStore } from "../store";
import type { Texts } from "../texts/en";

export function SignIn() {
  const texts = useTexts();
  return (
    <Screen title={texts.signIn.title}>
      <div className="card narrow">
        <Reason />
        <Form />
        <Travel />
      </div>
    </Screen>
  );
}

/** Why whoever was signed in is not any more. */
function Reason() {
  const texts = useTexts();
  const { reason } = useAuth();
  const reasons: Record<string, string> = texts.reasons;
  if (useStore(vanished)) {
    return (
      <div className="notice bad" role="alert">
        <p>
          <strong>{texts.vanished.title}</strong>
        </p>
        <p>{texts.vanished.text}</p>
      </div>
    );
  }
  if (reason === null) return null;
  const isPlain = reason === "logged_out";
  return (
    <p className={`notice ${isPlain ? "" : "bad"}`} role={isPlain ? "status" : "alert"} data-reason={reason}>
      {reasons[reason] ?? texts.reasons.other}
    </p>
  );
}

/** What to say of a refusal: the page's own sentence, else the server's. */
export function sentence(error: AuthError, texts: Texts) {
  const own: Record<string, string> = texts.errors;
  if (error.status >= 500) return texts.errors.unavailable;
  return own[error.code ?? ""] ?? error.detail ?? texts.errors.network_error;
}

function Form() {
  const texts = useTexts();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const summary = useRef<HTMLParagraphElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<AuthError | null>(null);
  const [until, setUntil] = useState(0);
  const left = useCountdown(until);
  const { user } = useStore(demo);
  const fields = fieldErrors(error, texts);

  useEffect(() => {
    if (!error) return;
    const { identifier, password } = form.current!.elements as unknown as Inputs;
    if (error.code === "invalid_credentials") password.value = "";
    if (fields.password) password.focus();
    if (fields.identifier) identifier.focus();
    else if (!fields.password) summary.current?.focus();
  }, [error]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isBusy || left > 0) return;
    const data = new FormData(event.currentTarget);
    const [identifier, password] = [String(data.get("identifier")), String(data.get("password"))];
    if (!identifier.trim() || !password) {
      setError(missing({ identifier: identifier.trim(), password }));
      return;
    }
    setBusy(true);
    try {
      await auth.signIn({ identifier, password, remember: data.has("remember") });
    } catch (failure) {
      // What another tab has overtaken needs no word.
      if (failure instanceof AuthError) {
        setError(failure);
        if (failure.code === "throttled") setUntil(Date.now() + failure.retryAfter * 1000);
      }
      setBusy(false);
    }
  }

  function fill() {
    const { identifier, password } = form.current!.elements as unknown as Inputs;
    identifier.value = user!.username;
    password.value = user!.password;
    password.focus();
  }

  return (
    <form ref={form} onSubmit={submit} noValidate aria-busy={isBusy}>
      {user && (
        <p className="notice">
          {texts.signIn.demo} <code>{user.username}</code>, {texts.signIn.demoWith}{" "}
          <code>{user.password}</code>{" "}
          <button type="button" className="link" onClick={fill}>
            {texts.signIn.fill}
          </button>
        </p>
      )}
      {error && error.code !== "throttled" && (
        <p ref={summary} id={`${id}-error`} className="notice bad" role="alert" tabIndex={-1} data-code={error.code}>
          {sentence(error, texts)}
        </p>
      )}
      <Field label={texts.signIn.identifier} errors={fields.identifier} summary={`${id}-error`}>
        {(attributes) => (
          <input {...attributes} name="identifier" autoComplete="username" autoCapitalize="none" spellCheck={false} />
        )}
      </Field>
      <Field label={texts.signIn.password} errors={fields.password} summary={`${id}-error`}>
        {(attributes) => (
          <Password {...attributes} />
        )}
      </Field>
      <label className="check">
        <input type="checkbox" name="remember" defaultChecked />
        {texts.signIn.remember}
      </label>
      <button className="primary" disabled={left > 0} aria-busy={isBusy}>
        {left > 0 ? texts.signIn.wait(left) : isBusy ? texts.busy : texts.signIn.submit}
      </button>
      <Countdown until={until} left={left} />
    </form>
  );
}

type Name = "identifier" | "password";
type Inputs = Record<Name, HTMLInputElement>;

/** What the server would say of blank fields, but of all of them at once. */
function missing(values: Record<Name, string>) {
  const blank = Object.entries(values).filter(([, value]) => !value);
  const fields = Object.fromEntries(blank.map(([name]) => [name, null]));
  return new AuthError(400, { code: "invalid_request", fields });
}

/** What is to be said beside each of the fields; the server may call an identifier by its kind. */
function fieldErrors(error: AuthError | null, { signIn }: Texts): Partial<Record<Name, string[]>> {
  const found: Partial<Record<Name, string[]>> = {};
  for (const [name, said] of Object.entries<string[] | null>(error?.data?.fields ?? {})) {
    found[name === "password" ? name : "identifier"] = said ?? [signIn.missing];
  }
  return error?.code === "invalid_credentials" ? { password: [] } : found;
}

interface Attributes {
  id: string;
  "aria-invalid"?: boolean;
  "aria-describedby"?: string;
}

function Field(props: {
  label: string;
  /** None where there is nothing wrong; none but the summary where that says it all. */
  errors: string[] | undefined;
  summary: string;
  children: (attributes: Attributes) => ReactNode;
}) {
  const id = useId();
  const { label, errors, summary, children } = props;
  const invalid = { "aria-invalid": true, "aria-describedby": `${id}-error ${summary}` };
  const attributes = errors ? { id, ...invalid } : { id };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(attributes)}
      {errors && errors.length > 0 && (
        <p id={`${id}-error`} className="error">
          {errors.join(" ")}
        </p>
      )}
    </div>
  );
}

function Password(attributes: Attributes) {
  const { signIn } = useTexts();
  const [isShown, setShown] = useState(false);
  return (
    <div className="password">
      <input
        {...attributes}
        name="password"
        type={isShown ? "text" : "password"}
        autoComplete="current-password"
      />
      <button type="button" aria-label={signIn.showPassword} aria-pressed={isShown} onClick={() => setShown(!isShown)}>
        {isShown ? signIn.hide : signIn.show}
      </button>
    </div>
  );
}

const SOON = 10;

/** Says how long to wait at the start, ten seconds before the end and at the end: not each second. */
function Countdown({ until, left }: { until: number; left: number }) {
  const { signIn } = useTexts();
  const [first, setFirst] = useState(0);
  useEffect(() => setFirst(Math.ceil((until - Date.now()) / 1000)), [until]);
  if (until === 0) return null;
  const said = left > SOON ? first : Math.min(first, SOON);
  return (
    <p className="notice" role="status">
      {left > 0 ? signIn.waiting(said) : signIn.ready}
    </p>
  );
}

/** For whoever tries this project: a real one decides once. */
function Travel() {
  const { signIn } = useTexts();
  return (
    <fieldset className="travel">
      <legend>{signIn.transport}</legend>
      {(["cookie", "body"] as Transport[]).map((each) => (
        <label key={each} className="check">
          <input
            type="radio"
            name="transport"
            value={each}
            checked={each === transport}
            onChange={() => travelBy(each)}
          />
          {signIn.transports[each]}
        </label>
      ))}
    </fieldset>
  );
}
