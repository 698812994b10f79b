import axios from "axios";
import { auth } from "../auth";
const api = axios.create({ adapter: "fetch", env: { fetch: auth.fetch } });

export async function handleLogin(username: string, password: string) {
  await auth.signIn({ username, password });
}

export async function load() {
  const response = await api.get("/api/protected-endpoint");
  return response.data;
}
