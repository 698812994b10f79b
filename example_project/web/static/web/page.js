// The smallest page that uses every endpoint of the flow; both tokens stay in memory.

const texts = {
  en: {
    hint: "Sign in as demo or demo@example.com with demo-password.",
    identifier: "Username or e-mail",
    password: "Password",
    signIn: "Sign in",
    call: "Call the protected endpoint",
    refresh: "Refresh",
    sessions: "My sessions",
    signOut: "Sign out",
    answer: "Last answer",
    unreachable: "The server cannot be reached.",
  },
  ko: {
    hint: "demo 또는 demo@example.com 과 demo-password 로 로그인하십시오.",
    identifier: "사용자 이름 또는 이메일",
    password: "비밀번호",
    signIn: "로그인",
    call: "보호된 엔드포인트 호출",
    refresh: "토큰 갱신",
    sessions: "내 세션",
    signOut: "로그아웃",
    answer: "마지막 응답",
    unreachable: "서버에 연결할 수 없습니다.",
  },
};

const $ = (id) => document.getElementById(id);
let language = navigator.language.startsWith("ko") ? "ko" : "en";
let tokens = null;

function show() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = texts[language][element.dataset.text];
  }
  $("sign-in").hidden = tokens !== null;
  $("signed-in").hidden = tokens === null;
  $("user").textContent = tokens === null ? "" : tokens.user.username;
}

async function send(method, path, { body, withAccess } = {}) {
  const headers = { "Accept-Language": language };
  if (body) headers["Content-Type"] = "application/json";
  if (withAccess) headers.Authorization = `Bearer ${tokens.access}`;
  $("error").textContent = "";
  let response;
  try {
    response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  } catch {
    $("error").textContent = texts[language].unreachable;
    return null;
  }
  const answer = response.status === 204 ? null : await response.json();
  $("answer").textContent = `${response.status}\n${JSON.stringify(answer, null, 2)}`;
  if (response.ok) return { answer };
  $("error").textContent = answer.detail;
  if (answer.code === "session_revoked" || answer.code === "refresh_expired") tokens = null;
  return null;
}

const actions = {
  async signIn(form) {
    const body = Object.fromEntries(new FormData(form));
    const done = await send("POST", "/api/auth/signin/", { body });
    if (done) tokens = done.answer;
    form.elements.password.value = "";
  },
  async refresh() {
    const body = { refresh: tokens.refresh };
    const done = await send("POST", "/api/auth/refresh/", { body });
    if (done) tokens = { ...tokens, ...done.answer };
  },
  async signOut() {
    const done = await send("POST", "/api/auth/logout/", { body: { refresh: tokens.refresh } });
    if (done) tokens = null;
  },
  call: () => send("GET", "/api/protected-endpoint", { withAccess: true }),
  sessions: () => send("GET", "/api/auth/sessions/", { withAccess: true }),
};

$("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  await actions.signIn(event.target);
  show();
});

document.addEventListener("click", async ({ target }) => {
  if (target.dataset.lang) language = target.dataset.lang;
  else if (target.dataset.action) await actions[target.dataset.action]();
  else return;
  show();
});

show();
