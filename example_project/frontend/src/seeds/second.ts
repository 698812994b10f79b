import axios from "axios";

export async function handleLogin(email: string, password: string) {
  const response = await axios.post("/api/signin", { email, password });
  localStorage.setItem("access_token", response.data.access_token);
  localStorage.setItem("refresh_token", response.data.refresh_token);
}

export async function load() {
  const accessToken = localStorage.getItem("access_token");
  const headers = { Authorization: `Bearer ${accessToken}` };
  const response = await axios.get("/api/protected-endpoint", { headers });
  return response.data;
}
