import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const django = process.env.DJANGO_URL ?? "http://127.0.0.1:8000";

export default defineConfig(({ command }) => ({
  // Django's static files have what is built; Vite alone has nothing beside it.
  base: command === "build" ? "/static/front/" : "/",
  plugins: [react()],
  resolve: {
    // The client as the package ships it; where that is installed, findstatic tells its place.
    alias: { "jwt_signin/auth-client.js": path("../../src/jwt_signin/static/jwt_signin/auth-client.js") },
  },
  server: {
    host: "127.0.0.1",
    fs: { allow: [path("."), path("../../src/jwt_signin/static")] },
    // One origin for page and API, as in production.
    proxy: Object.fromEntries(["/api", "/admin", "/static"].map((each) => [each, django])),
  },
  test: {
    environment: "happy-dom",
    environmentOptions: { url: "http://127.0.0.1/" },
    globals: true, // by which testing-library finds out where a test ends
    reporters: "dot",
  },
}));
