import axios from "axios";

export async function handleLogin(username: string, password: string) {
  const response = await axios.post("/api/login", { username, password });
  localStorage.setItem("access_token", response.data.access);
  localStorage.setItem("refresh_token", response.data.refresh);
}

export async function load() {
  const accessToken = localStorage.getItem("access_token");
  const headers = { Authorization: `Bearer ${accessToken}` };
  const response = await axios.get("/api/protected-endpoint", { headers });
  return response.data;
}
