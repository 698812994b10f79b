import { useEffect, useState } from "react";
import { ask, type AuthError } from "../auth";
import { useTexts } from "../language";
import { Link, Screen } from "../router";
import { sentence } from "./SignIn";

/** What the server keeps for its staff, and what others see in its place. */
export function Staff() {
  const texts = useTexts();
  const [count, setCount] = useState<number | null>(null);
  const [error, setError] = useState<AuthError | null>(null);
  useEffect(() => {
    ask<{ sessions: number }>("/api/staff").then(({ sessions }) => setCount(sessions), setError);
  }, []);

  const { staff, links } = texts;
  const isForbidden = error?.status === 403;
  return (
    <Screen key={String(isForbidden)} title={isForbidden ? staff.forbiddenTitle : staff.title}>
      {error && (
        <p role="alert" className="notice bad" data-code={error.code}>
          {isForbidden ? staff.forbidden : sentence(error, texts)}
        </p>
      )}
      {count !== null && (
        <p>
          {staff.sessions(count)} · <a href="/admin/jwt_signin/session/">{links.admin}</a>
        </p>
      )}
      <p>
        <Link href="/">{staff.back}</Link>
      </p>
    </Screen>
  );
}
