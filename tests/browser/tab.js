// A front end as tutorials write it: the access token in memory, one promise while it refreshes.
window.plain = (() => {
  let access = null;
  let refreshing = null;
  const post = (path, body) =>
    fetch(`/api/auth/${path}/`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
  const refresh = () =>
    (refreshing ??= post("refresh")
      .then(async (answer) => {
        if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
        access = (await answer.json()).access;
      })
      .finally(() => (refreshing = null)));
  const call = (path) => fetch(path, { headers: { Authorization: `Bearer ${access}` } });
  return {
    signIn: async (credentials) => {
      const answer = await post("signin", { ...credentials, transport: "cookie" });
      access = (await answer.json()).access;
      return answer.status;
    },
    signOut: async () => (await post("logout")).status,
    call: async (path) => {
      let answer = await call(path);
      if (answer.status === 401) {
        await refresh();
        answer = await call(path);
      }
      return answer.status;
    },
  };
})();

// The client that the package ships, under the same names.
window.shipped = (() => {
  let opened;
  const client = () =>
    (opened ??= import("/static/jwt_signin/auth-client.js").then(({ createAuthClient }) =>
      createAuthClient({ baseUrl: "/api/auth/" }),
    ));
  return {
    client,
    signIn: async (credentials) => {
      await (await client()).signIn(credentials);
      return 200;
    },
    call: async (path) => (await (await client()).fetch(path)).status,
  };
})();

// Calls the API at a moment that all tabs were told, and says how that went.
window.wake = (client, at) => {
  window.woken = new Promise((resolve) => setTimeout(resolve, at - Date.now()))
    .then(() => client("/api/protected-endpoint"))
    .catch((error) => String(error));
};
