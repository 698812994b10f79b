import { useTexts } from "./language";
import { local } from "./storage";

const JWT = /eyJ[\w-]+\.[\w-]+\.[\w-]+/g;

/** Every token that a script finds in this page's storage. */
export const found = () => Object.values(local).join(" ").match(JWT) ?? [];

/** Looks where a thief's script would look. */
export function Exposed() {
  const { exposed } = useTexts();
  const tokens = found();
  return (
    <>
      <h2>{exposed.title}</h2>
      <dl>
        <div>
          <dt>{exposed.cookie}</dt>
          <dd>{document.cookie ? <code>{document.cookie}</code> : exposed.nothing}</dd>
        </div>
        <div>
          <dt>{exposed.storage}</dt>
          <dd>{tokens.length > 0 ? exposed.tokens(tokens.length) : exposed.nothing}</dd>
        </div>
      </dl>
    </>
  );
}
