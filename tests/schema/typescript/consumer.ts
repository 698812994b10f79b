// Uses what openapi-typescript makes of the document as a project would. Checked, and never run.

import createClient from "openapi-fetch";
import type { components, paths } from "./written.js";

const client = createClient<paths>({ baseUrl: "https://api.example" });

export async function signIn(username: string, password: string): Promise<string> {
  const { data, error } = await client.POST("/auth/signin/", {
    body: { username, password, remember: true, transport: "body" },
  });
  if (error) {
    throw new Error(told(error.code));
  }
  const pair: components["schemas"]["SignedIn"] = data;
  const lives: number = pair.expires_in;
  const refresh: string | undefined = pair.refresh;
  return `${pair.user.username} ${pair.access} ${refresh ?? "in a cookie"} ${lives}`;
}

// Every code has its branch: one more, and this does not compile.
function told(
  code:
    | "invalid_request"
    | "invalid_credentials"
    | "origin_not_allowed"
    | "request_too_large"
    | "unsupported_media_type"
    | "throttled"
    | "unavailable",
): string {
  return code;
}

export async function whyOver(refresh: string): Promise<"reuse_detected" | "other"> {
  const { error, response } = await client.POST("/auth/refresh/", {
    body: { refresh },
    params: { header: { "Idempotency-Key": "1" } },
  });
  if (response.status === 401 && error && "reason" in error) {
    return error.reason === "reuse_detected" ? error.reason : "other";
  }
  return "other";
}

export async function elsewhere(token: string): Promise<(string | null)[]> {
  const headers = { Authorization: `Bearer ${token}` };
  const { data = [] } = await client.GET("/auth/sessions/", { headers });
  const others = data.filter((session) => !session.current);
  for (const { id } of others) {
    await client.DELETE("/auth/sessions/{session_id}/", {
      headers,
      params: { path: { session_id: id } },
    });
  }
  return others.map((session) => session.ip);
}

// @ts-expect-error  there is no such transport
void client.POST("/auth/signin/", { body: { password: "x", transport: "pigeon" } });
// @ts-expect-error  there is no sign-in without a password
void client.POST("/auth/signin/", { body: { username: "ada" } });
