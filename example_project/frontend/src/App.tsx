import { look, signOut, untold, useAuth } from "./auth";
import { LANGUAGES, language, speak, useTexts, type Language } from "./language";
import { Devices } from "./pages/Devices";
import { Profile } from "./pages/Profile";
import { Seeds } from "./pages/Seeds";
import { SignIn } from "./pages/SignIn";
import { Staff } from "./pages/Staff";
import { Theft } from "./pages/Theft";
import { Link, Screen, usePath } from "./router";
import { useStore } from "./store";
import { reachable } from "./traffic";

export function App() {
  return (
    <>
      <Header />
      <Banner />
      <Page />
      <Footer />
    </>
  );
}

/** The screen of the address, or what stands in its way. */
function Page() {
  const { status } = useAuth();
  const path = usePath();
  if (path === "/seeds") return <Seeds />;
  if (status === "unknown") return <Unknown />;
  if (status === "signed-out") return <SignIn />;
  if (path === "/") return <Profile />;
  if (path === "/devices") return <Devices />;
  if (path === "/theft") return <Theft />;
  if (path === "/staff") return <Staff />;
  return <Lost />;
}

function Header() {
  const texts = useTexts();
  const { status } = useAuth();
  return (
    <header>
      <a className="skip" href="#root" onClick={skip}>
        {texts.skip}
      </a>
      <Link className="brand" href="/">
        <Mark />
        django-jwt-signin
      </Link>
      <nav aria-label={texts.pages}>
        {status === "signed-in" && (
          <>
            <Link href="/">{texts.profile.title}</Link>
            <Link href="/devices">{texts.devices.title}</Link>
            <Link href="/theft">{texts.theft.title}</Link>
          </>
        )}
        <Link href="/seeds">{texts.seeds.title}</Link>
      </nav>
      <div className="actions">
        <Languages />
        {status === "signed-in" && (
          <button type="button" onClick={() => signOut()}>
            {texts.signOut}
          </button>
        )}
      </div>
    </header>
  );
}

function skip(event: React.MouseEvent) {
  event.preventDefault();
  document.querySelector<HTMLElement>("h1")?.focus();
}

function Mark() {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <circle cx="8" cy="12" r="4.5" />
      <path d="M12.5 12H21m-3.5 0v4" />
    </svg>
  );
}

function Languages() {
  const texts = useTexts();
  const chosen = useStore(language);
  return (
    <div className="switch" role="group" aria-label={texts.language}>
      {(Object.keys(LANGUAGES) as Language[]).map((each) => (
        <button
          key={each}
          type="button"
          lang={each}
          aria-pressed={each === chosen}
          onClick={() => speak(each)}
        >
          {LANGUAGES[each]}
        </button>
      ))}
    </div>
  );
}

/** What concerns whoever is signed in, wherever they are. */
function Banner() {
  const texts = useTexts();
  const { status } = useAuth();
  const isReachable = useStore(reachable);
  const isUntold = useStore(untold);
  if (isUntold) {
    return <Notice text={texts.untold} act={() => signOut()} />;
  }
  if (isReachable || status !== "signed-in") return null;
  return <Notice text={texts.unreachable.banner} act={look} />;
}

function Notice({ text, act }: { text: string; act: () => void }) {
  const texts = useTexts();
  return (
    <div className="banner" role="alert">
      <p>{text}</p>
      <button type="button" onClick={act}>
        {texts.tryAgain}
      </button>
    </div>
  );
}

/** Neither the page nor the form: nobody knows yet which of them it will be. */
function Unknown() {
  const texts = useTexts();
  if (useStore(reachable)) {
    return (
      <main className="waiting" aria-busy="true">
        <h1 className="visually-hidden">django-jwt-signin</h1>
        <p role="status">{texts.busy}</p>
      </main>
    );
  }
  return (
    <Screen title={texts.unreachable.title}>
      <p role="alert">{texts.unreachable.text}</p>
      <button type="button" className="primary" onClick={look}>
        {texts.tryAgain}
      </button>
    </Screen>
  );
}

function Lost() {
  const texts = useTexts();
  return (
    <Screen title={texts.lost.title}>
      <Link href="/">{texts.lost.back}</Link>
    </Screen>
  );
}

function Footer() {
  const { footer, links } = useTexts();
  return (
    <footer>
      <p>{footer}</p>
      <a href="/api/docs/">{links.docs}</a>
      <a href="/api/schema/">{links.schema}</a>
      <a href="/admin/">{links.admin}</a>
    </footer>
  );
}
